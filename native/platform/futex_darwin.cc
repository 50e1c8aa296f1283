#if defined(__APPLE__)

#include <dlfcn.h>

#include <cerrno>
#include <cstddef>

#include "platform/futex.h"

// What os_sync_… calls itself. Of macOS 11 and later, in no header, and what its C++ library waits with.
extern "C" int __ulock_wait2(std::uint32_t operation, void* address, std::uint64_t value, std::uint64_t timeout_nanos,
                             std::uint64_t value2);
extern "C" int __ulock_wake(std::uint32_t operation, void* address, std::uint64_t value);

namespace allcores::platform {
namespace {

constexpr std::uint32_t kCompareAndWaitShared = 3;
constexpr std::uint32_t kAll = 0x100;

constexpr std::size_t kWordBytes = sizeof(std::uint32_t);
constexpr std::uint32_t kShared = 1;
constexpr std::uint32_t kAbsoluteTimeClock = 32;  // the only one: timeouts are counted on it

template <typename Function>
Function* Find(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

// <os/os_sync_wait_on_address.h>, of macOS 14.4 and later. Null before.
struct SyncCalls {
  int (*wait)(void*, std::uint64_t, std::size_t, std::uint32_t);
  int (*wait_with_timeout)(void*, std::uint64_t, std::size_t, std::uint32_t, std::uint32_t, std::uint64_t);
  int (*wake_any)(void*, std::size_t, std::uint32_t);
  int (*wake_all)(void*, std::size_t, std::uint32_t);

  [[nodiscard]] bool AreThere() const { return wait && wait_with_timeout && wake_any && wake_all; }
};

// As the addon is loaded, not at the first call: that may come in a process that was forked, where nothing may lock.
const SyncCalls kCalls = {
    .wait = Find<int(void*, std::uint64_t, std::size_t, std::uint32_t)>("os_sync_wait_on_address"),
    .wait_with_timeout = Find<int(void*, std::uint64_t, std::size_t, std::uint32_t, std::uint32_t, std::uint64_t)>(
        "os_sync_wait_on_address_with_timeout"),
    .wake_any = Find<int(void*, std::size_t, std::uint32_t)>("os_sync_wake_by_address_any"),
    .wake_all = Find<int(void*, std::size_t, std::uint32_t)>("os_sync_wake_by_address_all"),
};

// `nanos` 0: for ever.
int Sleep(void* word, std::uint32_t expected, std::uint64_t nanos) {
  if (!kCalls.AreThere()) return __ulock_wait2(kCompareAndWaitShared, word, expected, nanos, 0);
  if (nanos == 0) return kCalls.wait(word, expected, kWordBytes, kShared);
  return kCalls.wait_with_timeout(word, expected, kWordBytes, kShared, kAbsoluteTimeClock, nanos);
}

}  // namespace

WaitResult DarwinFutex::Wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline) {
  // The system does not tell this from being woken. Acquire: whoever changed it wrote what the waiter reads next.
  if (word.load(std::memory_order_acquire) != expected) return WaitResult::kValueChanged;
  std::int64_t nanos = 0;
  if (!deadline.IsNever()) {
    nanos = deadline.nanos() - MonotonicNanos();
    if (nanos <= 0) return WaitResult::kTimedOut;
  }
  const int result = Sleep(&word, expected, static_cast<std::uint64_t>(nanos));
  return result < 0 && errno == ETIMEDOUT ? WaitResult::kTimedOut : WaitResult::kWoken;
}

void DarwinFutex::WakeOne(std::atomic<std::uint32_t>& word) {
  if (kCalls.AreThere()) {
    kCalls.wake_any(&word, kWordBytes, kShared);
  } else {
    __ulock_wake(kCompareAndWaitShared, &word, 0);
  }
}

void DarwinFutex::WakeAll(std::atomic<std::uint32_t>& word) {
  if (kCalls.AreThere()) {
    kCalls.wake_all(&word, kWordBytes, kShared);
  } else {
    __ulock_wake(kCompareAndWaitShared | kAll, &word, 0);
  }
}

}  // namespace allcores::platform

#endif
