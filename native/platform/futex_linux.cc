#if defined(__linux__)

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>

#include "platform/futex.h"

namespace allcores::platform {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

// No FUTEX_PRIVATE_FLAG: the word may be shared with another process through a mapping.
std::int64_t Call(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value, const timespec* timeout) {
  return syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), operation, value, timeout, nullptr,
                 FUTEX_BITSET_MATCH_ANY);
}

}  // namespace

WaitResult LinuxFutex::Wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline) {
  timespec at{};
  at.tv_sec = static_cast<time_t>(deadline.nanos() / kNanosPerSecond);
  at.tv_nsec = static_cast<decltype(at.tv_nsec)>(deadline.nanos() % kNanosPerSecond);
  // FUTEX_WAIT_BITSET takes an absolute time, so a wait that is interrupted and entered again does not grow.
  if (Call(word, FUTEX_WAIT_BITSET, expected, deadline.IsNever() ? nullptr : &at) == 0) return WaitResult::kWoken;
  switch (errno) {
    case EAGAIN:
      return WaitResult::kValueChanged;
    case ETIMEDOUT:
      return WaitResult::kTimedOut;
    default:
      return WaitResult::kWoken;  // EINTR: a signal handler ran; the caller looks again.
  }
}

void LinuxFutex::WakeOne(std::atomic<std::uint32_t>& word) { Call(word, FUTEX_WAKE, 1, nullptr); }

void LinuxFutex::WakeAll(std::atomic<std::uint32_t>& word) { Call(word, FUTEX_WAKE, INT_MAX, nullptr); }

}  // namespace allcores::platform

#endif
