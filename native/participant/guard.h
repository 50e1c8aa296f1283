#pragma once

#include <atomic>
#include <cstdint>

#include "base/deadline.h"
#include "base/schedule_point.h"
#include "participant/participant_table.h"
#include "platform/cpu.h"
#include "platform/futex.h"

namespace allcores::participant {

// Protects a few dozen instructions on shared memory, and survives the death of whoever is inside. One word; all-zero
// is free. For the core's own short sections only: no callback, no wait and no call of JavaScript inside.
//
// Scheme: a futex mutex (Drepper's states) whose word is the owner, so that somebody who waits can ask whether the
// owner still lives and take over. Who takes over is told so and repairs what the guard protects. Everything under a
// guard is therefore written such that one store commits a change and the rest can be computed anew.
template <typename Futex>
class BasicGuard {
 public:
  static constexpr std::uint32_t kContended = 0x80000000;  // somebody sleeps here

  enum class Entry : std::uint8_t {
    kClean,
    kInherited,  // its owner died inside: repair first
  };

  explicit BasicGuard(std::atomic<std::uint32_t>& word) : word_(word) {}

  [[nodiscard]] Entry Lock(const ParticipantTable& table, ParticipantId me) {
    std::uint32_t seen = 0;
    // Acquire: what the last owner wrote is visible.
    if (word_.compare_exchange_strong(seen, me, std::memory_order_acquire)) return Entry::kClean;
    return LockSlowly(table, me);
  }

  void Unlock() {
    ALLCORES_SCHEDULE_POINT();
    // Release: publishes what was done inside.
    if ((word_.exchange(0, std::memory_order_release) & kContended) != 0) Futex::WakeOne(word_);
  }

  [[nodiscard]] bool IsFree() const { return word_.load(std::memory_order_relaxed) == 0; }

 private:
  static constexpr int kSpins = 400;
  static constexpr std::int64_t kSlice = 2'000'000;  // ns: how often a sleeper asks whether the owner lives

  Entry LockSlowly(const ParticipantTable& table, ParticipantId me) {
    for (int spins = 0; spins < kSpins; ++spins) {
      std::uint32_t seen = 0;
      if (word_.load(std::memory_order_relaxed) == 0 &&
          word_.compare_exchange_weak(seen, me, std::memory_order_acquire)) {
        return Entry::kClean;
      }
      platform::Pause();
    }
    for (;;) {
      // From here on whoever gets it keeps the mark: others may sleep as well, and at worst one wake-up is in vain.
      const std::uint32_t seen = word_.load(std::memory_order_relaxed);
      if (seen == 0) {
        std::uint32_t free = 0;
        if (word_.compare_exchange_weak(free, me | kContended, std::memory_order_acquire)) return Entry::kClean;
        continue;
      }
      std::uint32_t marked = seen;
      if ((seen & kContended) == 0) {
        if (!word_.compare_exchange_weak(marked, seen | kContended, std::memory_order_relaxed)) continue;
      }
      ALLCORES_SCHEDULE_POINT();
      const auto result = Futex::Wait(word_, seen | kContended, Deadline::After(kSlice));
      if (result != platform::WaitResult::kTimedOut || table.IsAlive(seen & kIdMask)) continue;
      std::uint32_t dead = seen | kContended;
      // Acquire: the dead one's stores. Its Leave, or the end of its process, came after them.
      if (word_.compare_exchange_strong(dead, me | kContended, std::memory_order_acquire)) return Entry::kInherited;
    }
  }

  std::atomic<std::uint32_t>& word_;
};

using Guard = BasicGuard<platform::Futex>;

}  // namespace allcores::participant
