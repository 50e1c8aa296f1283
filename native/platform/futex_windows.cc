#if defined(_WIN32)

#include <windows.h>

#include <algorithm>

#include "platform/futex.h"

namespace allcores::platform {

WaitResult WindowsFutex::Wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline) {
  // The system does not tell this from being woken. Acquire: whoever changed it wrote what the waiter reads next.
  if (word.load(std::memory_order_acquire) != expected) return WaitResult::kValueChanged;
  DWORD millis = INFINITE;
  if (!deadline.IsNever()) {
    const std::int64_t nanos = deadline.nanos() - MonotonicNanos();
    if (nanos <= 0) return WaitResult::kTimedOut;
    // Rounded up, so that it is not woken before its time; one that is too long for the system's count waits again.
    constexpr std::int64_t kNanosPerMilli = 1'000'000;
    millis = static_cast<DWORD>(std::min<std::int64_t>((nanos - 1) / kNanosPerMilli + 1, INFINITE - 1));
  }
  if (WaitOnAddress(&word, &expected, sizeof expected, millis) != 0) return WaitResult::kWoken;
  return GetLastError() == ERROR_TIMEOUT && deadline.Expired() ? WaitResult::kTimedOut : WaitResult::kWoken;
}

void WindowsFutex::WakeOne(std::atomic<std::uint32_t>& word) { WakeByAddressSingle(&word); }

void WindowsFutex::WakeAll(std::atomic<std::uint32_t>& word) { WakeByAddressAll(&word); }

}  // namespace allcores::platform

#endif
