#if !defined(__linux__)

#include <algorithm>
#include <functional>
#include <thread>

#include "platform/cpu.h"

namespace allcores::platform {

std::uint32_t CpuCount() { return std::max(1U, std::thread::hardware_concurrency()); }

std::uint64_t CurrentThreadId() { return std::hash<std::thread::id>{}(std::this_thread::get_id()); }

void Yield() { std::this_thread::yield(); }

bool BindCurrentThread(std::uint32_t /*cpu*/) { return false; }

}  // namespace allcores::platform

#endif
