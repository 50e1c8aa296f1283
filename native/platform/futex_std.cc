#include <algorithm>
#include <chrono>
#include <thread>

#include "platform/futex.h"

namespace allcores::platform {

WaitResult StdFutex::Wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline) {
  // Acquire in every exit: whoever changed the word wrote what the waiter reads next.
  if (word.load(std::memory_order_acquire) != expected) return WaitResult::kValueChanged;
  if (deadline.IsNever()) {
    word.wait(expected, std::memory_order_acquire);
    return WaitResult::kWoken;
  }
  constexpr auto kLongestNap = std::chrono::microseconds(1000);
  auto nap = std::chrono::microseconds(20);
  while (!deadline.Expired()) {
    std::this_thread::sleep_for(nap);
    if (word.load(std::memory_order_acquire) != expected) return WaitResult::kWoken;
    nap = std::min(nap * 2, kLongestNap);
  }
  return WaitResult::kTimedOut;
}

void StdFutex::WakeOne(std::atomic<std::uint32_t>& word) { word.notify_one(); }

void StdFutex::WakeAll(std::atomic<std::uint32_t>& word) { word.notify_all(); }

}  // namespace allcores::platform
