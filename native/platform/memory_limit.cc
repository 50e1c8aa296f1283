#include "platform/memory_limit.h"

#include <algorithm>
#include <cstdio>

#if defined(_WIN32)
#include <windows.h>
#else
#include <unistd.h>
#endif

namespace allcores::platform {
namespace {

std::uint64_t MachineMemory() {
#if defined(_WIN32)
  MEMORYSTATUSEX status{};
  status.dwLength = sizeof status;
  return GlobalMemoryStatusEx(&status) ? status.ullTotalPhys : 0;
#else
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page) : 0;
#endif
}

#if defined(__linux__)
// The number in a cgroup's file, or 0: no such file, or no limit.
std::uint64_t ReadLimit(const char* path) {
  std::FILE* const file = std::fopen(path, "re");
  if (file == nullptr) return 0;
  unsigned long long bytes = 0;
  const bool read = std::fscanf(file, "%llu", &bytes) == 1;
  std::fclose(file);
  return read ? bytes : 0;
}
#endif

}  // namespace

std::uint64_t MemoryLimit() {
  std::uint64_t limit = std::max<std::uint64_t>(1, MachineMemory());
#if defined(__linux__)
  for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    const std::uint64_t bytes = ReadLimit(path);
    if (bytes != 0) limit = std::min(limit, bytes);
  }
#endif
  return limit;
}

}  // namespace allcores::platform
