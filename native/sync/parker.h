#pragma once

#include <atomic>
#include <cstdint>

#include "base/deadline.h"
#include "base/schedule_point.h"
#include "platform/futex.h"

namespace allcores::sync {

// Where one participant sleeps and is woken by name. One word of shared memory; all-zero is awake.
//
// The sleeper announces itself, looks once more for what it waits for, and then either retracts or sleeps. A waker that
// finds the announcement moves it to kNotified, so exactly one of "retracted", "timed out" and "woken by a waker"
// happens, and the waker knows whether it was the one. A participant may also sleep in its event loop, where a futex
// cannot reach it; the waker is told so and pokes the loop.
template <typename Futex>
class BasicParker {
 public:
  enum State : std::uint32_t { kAwake = 0, kParked = 1, kParkedInLoop = 2, kNotified = 3 };
  enum class Notified : std::uint8_t { kNobody, kThread, kLoop };

  explicit BasicParker(std::atomic<std::uint32_t>& word) : word_(word) {}

  // Sleeper. From here on a waker may notify. Sequentially consistent: the sleeper next looks for work, and whoever
  // publishes work next looks here; in the single total order one of the two comes second and sees the other.
  void Announce(State how) { word_.store(how, std::memory_order_seq_cst); }

  // Sleeper, instead of sleeping or after it. True: nobody notified in between. Either way it is awake afterwards.
  bool Retract() {
    std::uint32_t seen = word_.load(std::memory_order_relaxed);
    ALLCORES_SCHEDULE_POINT();
    // Acquire when notified: what the waker published before it notified is visible to us.
    const bool quiet = (seen == kParked || seen == kParkedInLoop) &&
                       word_.compare_exchange_strong(seen, kAwake, std::memory_order_acquire);
    if (!quiet) word_.exchange(kAwake, std::memory_order_acquire);
    return quiet;
  }

  // Sleeper, after Announce(kParked). Sleeps until notified or the deadline; spurious ends are allowed. Then Retract.
  void Sleep(Deadline deadline) { Futex::Wait(word_, kParked, deadline); }

  // Waker. Release: publishes what it did before to the sleeper.
  Notified Notify() {
    std::uint32_t seen = word_.load(std::memory_order_seq_cst);
    while (seen == kParked || seen == kParkedInLoop) {
      ALLCORES_SCHEDULE_POINT();
      if (word_.compare_exchange_weak(seen, kNotified, std::memory_order_acq_rel, std::memory_order_acquire)) {
        if (seen == kParkedInLoop) return Notified::kLoop;
        ALLCORES_SCHEDULE_POINT();
        Futex::WakeOne(word_);
        return Notified::kThread;
      }
    }
    return Notified::kNobody;
  }

 private:
  std::atomic<std::uint32_t>& word_;
};

using Parker = BasicParker<platform::Futex>;

}  // namespace allcores::sync
