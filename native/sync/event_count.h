#pragma once

#include <atomic>
#include <cstdint>

#include "base/deadline.h"
#include "base/schedule_point.h"
#include "platform/futex.h"

namespace allcores::sync {

// Makes any lock-free condition waitable. One word of shared memory; all-zero is "nobody waits".
//
// Scheme: Vyukov's event count, reduced to one word: bit 0 says that somebody waits, the rest counts notifications.
//   waiter:   key = PrepareWait(); if (condition) CancelWait(); else Wait(key, deadline); look again
//   notifier: make the condition true (sequentially consistent); NotifyAll()
// A notifier that finds nobody waiting pays one load. Several may wait; all are woken. For one known sleeper that must
// be told apart from others use a Parker.
template <typename Futex>
class BasicEventCount {
 public:
  static constexpr std::uint32_t kWaiting = 1;  // bit 0
  static constexpr std::uint32_t kEpoch = 2;    // one notification

  explicit BasicEventCount(std::atomic<std::uint32_t>& word) : word_(word) {}

  // Sequentially consistent: the waiter next looks at the condition, the notifier changes the condition and next looks
  // here. Weaker, and both could miss the other.
  std::uint32_t PrepareWait() { return word_.fetch_or(kWaiting, std::memory_order_seq_cst) | kWaiting; }

  // Instead of Wait. Leaves the bit to the next notifier, since others may rely on it: at worst one needless wake-up.
  void CancelWait() {}
  // The same where there is only ever one waiter: nobody notifies in vain.
  void AbandonWait() { word_.fetch_and(~kWaiting, std::memory_order_relaxed); }

  // False when the deadline passed first. The key keeps a notification between PrepareWait and here from being lost.
  bool Wait(std::uint32_t key, Deadline deadline) {
    // Acquire: what the notifier published is visible afterwards.
    while (word_.load(std::memory_order_acquire) == key) {
      ALLCORES_SCHEDULE_POINT();
      if (Futex::Wait(word_, key, deadline) == platform::WaitResult::kTimedOut) {
        return word_.load(std::memory_order_acquire) != key;
      }
    }
    return true;
  }

  // True when somebody was waiting.
  bool NotifyAll() {
    if (!Notify()) return false;
    WakeAll();
    return true;
  }

  // The notification alone, for those who may sleep elsewhere than on the futex: True when somebody was waiting, whom
  // the caller then wakes, be it by WakeAll. Who has not gone to sleep yet sees the word changed.
  bool Notify() {
    std::uint32_t seen = word_.load(std::memory_order_seq_cst);
    while ((seen & kWaiting) != 0) {
      ALLCORES_SCHEDULE_POINT();
      if (word_.compare_exchange_weak(seen, (seen & ~kWaiting) + kEpoch, std::memory_order_acq_rel,
                                      std::memory_order_acquire)) {
        ALLCORES_SCHEDULE_POINT();
        return true;
      }
    }
    return false;
  }
  void WakeAll() { Futex::WakeAll(word_); }

 private:
  std::atomic<std::uint32_t>& word_;
};

using EventCount = BasicEventCount<platform::Futex>;

}  // namespace allcores::sync
