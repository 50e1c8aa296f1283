#if defined(_WIN32)

#include <windows.h>
#undef Yield

#include <algorithm>
#include <bit>

#include "platform/cpu.h"

namespace allcores::platform {

std::uint32_t CpuCount() {
  // A mask speaks of one group of at most 64 processors, and of none where the process runs on several.
  DWORD_PTR own = 0;
  DWORD_PTR all = 0;
  const bool one_group = GetActiveProcessorGroupCount() == 1;
  if (one_group && GetProcessAffinityMask(GetCurrentProcess(), &own, &all) != 0 && own != 0) {
    return static_cast<std::uint32_t>(std::popcount(own));
  }
  return std::max<std::uint32_t>(1, GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
}

std::uint64_t CurrentThreadId() { return GetCurrentThreadId(); }

void Yield() { SwitchToThread(); }

bool BindCurrentThread(std::uint32_t cpu) {
  constexpr std::uint32_t kBits = sizeof(DWORD_PTR) * 8;
  return cpu < kBits && SetThreadAffinityMask(GetCurrentThread(), DWORD_PTR{1} << cpu) != 0;
}

}  // namespace allcores::platform

#endif
