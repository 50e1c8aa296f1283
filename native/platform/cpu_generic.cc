#if !defined(__linux__) && !defined(_WIN32)

#if defined(__APPLE__)
#include <pthread.h>
#endif

#include <algorithm>
#include <functional>
#include <thread>

#include "platform/cpu.h"

namespace allcores::platform {

std::uint32_t CpuCount() { return std::max(1U, std::thread::hardware_concurrency()); }

std::uint64_t CurrentThreadId() {
#if defined(__APPLE__)
  std::uint64_t id = 0;
  pthread_threadid_np(nullptr, &id);
  return id;
#else
  return std::hash<std::thread::id>{}(std::this_thread::get_id());
#endif
}

void Yield() { std::this_thread::yield(); }

bool BindCurrentThread(std::uint32_t /*cpu*/) { return false; }

}  // namespace allcores::platform

#endif
