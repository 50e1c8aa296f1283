#if defined(__linux__)

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "platform/cpu.h"

namespace allcores::platform {
namespace {

std::uint32_t AffinityCount() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<std::uint32_t>(CPU_COUNT(&set));
  // More processors than a cpu_set_t holds: the count that is online is the best that is left.
  return static_cast<std::uint32_t>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
}

// The first line of a cgroup's file; empty when there is none. Not by a stream: that would bring the library's locales
// along, a fifth of the whole addon.
std::string ReadLine(const char* path) {
  char line[128] = "";
  if (std::FILE* const file = std::fopen(path, "re"); file != nullptr) {
    if (std::fgets(line, sizeof line, file) == nullptr) line[0] = '\0';
    std::fclose(file);
  }
  return line;
}

// Quota in whole processors, rounded up, or 0 without one. cgroup v2 first, then v1.
std::uint32_t CgroupQuota() {
  double quota = 0;
  double period = 0;
  if (const std::string v2 = ReadLine("/sys/fs/cgroup/cpu.max"); !v2.empty()) {
    if (std::sscanf(v2.c_str(), "%lf %lf", &quota, &period) != 2) return 0;  // "max 100000": none
  } else {
    quota = std::strtod(ReadLine("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").c_str(), nullptr);  // -1: none
    period = std::strtod(ReadLine("/sys/fs/cgroup/cpu/cpu.cfs_period_us").c_str(), nullptr);
  }
  return quota > 0 && period > 0 ? static_cast<std::uint32_t>(std::ceil(quota / period)) : 0;
}

}  // namespace

std::uint32_t CpuCount() {
  const std::uint32_t affinity = std::max(1U, AffinityCount());
  const std::uint32_t quota = CgroupQuota();
  return quota == 0 ? affinity : std::min(affinity, quota);
}

std::uint64_t CurrentThreadId() { return static_cast<std::uint64_t>(syscall(SYS_gettid)); }

void Yield() { sched_yield(); }

bool BindCurrentThread(std::uint32_t cpu) {
  if (cpu >= CPU_SETSIZE) return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

}  // namespace allcores::platform

#endif
