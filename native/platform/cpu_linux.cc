#if defined(__linux__)

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
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

// Quota in whole processors, rounded up, or 0 without one. cgroup v2 first, then v1.
std::uint32_t CgroupQuota() {
  std::string quota;
  double period = 0;
  if (std::ifstream v2("/sys/fs/cgroup/cpu.max"); v2 >> quota >> period) {
    return quota == "max" || period <= 0 ? 0 : static_cast<std::uint32_t>(std::ceil(std::stod(quota) / period));
  }
  double quota_v1 = 0;
  std::ifstream quota_file("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  std::ifstream period_file("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  if (quota_file >> quota_v1 && period_file >> period && quota_v1 > 0 && period > 0) {
    return static_cast<std::uint32_t>(std::ceil(quota_v1 / period));
  }
  return 0;
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
