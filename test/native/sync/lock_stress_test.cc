#include <gtest/gtest.h>

#include "support/crew.h"
#include "support/random_delay.h"
#include "sync/sync_rig.h"

namespace allcores::sync {
namespace {

using testing::Crew;
using testing::RandomDelay;
using testing::SyncRig;
using testing::Waiter;

// What the lock protects: unprotected additions are lost, and ThreadSanitizer sees them.
struct Protected {
  std::uint64_t sum = 0;
  std::uint64_t inside = 0;
};

// As JavaScript does it, without the guard.
bool TakeFast(LockObject& lock, ParticipantId me) {
  std::uint32_t seen = 0;
  return lock.word.compare_exchange_strong(seen, me);
}
bool ReleaseFast(LockObject& lock, ParticipantId me) {
  std::uint32_t seen = me;
  return lock.word.compare_exchange_strong(seen, 0);
}

// Threads and event loops, fast and slow ways, timeouts: one inside at a time, and nobody is forgotten.
TEST(LockStress, HasOneHolderAndLosesNoWakeUp) {
  constexpr std::uint32_t kRounds = 3000;
  SyncRig rig;
  const ParticipantId maker = rig.Join();
  const std::uint64_t blocks = rig.Blocks();
  const Offset offset = rig.MakeLock(maker);
  LockObject& lock = *rig.program.At<LockObject>(offset);
  Protected guarded;
  std::atomic<std::uint64_t> entered{0};
  std::atomic<std::uint32_t> overlaps{0};
  std::atomic<std::uint32_t> lost{0};
  Crew crew;
  for (std::uint32_t thread = 0; thread < 4; ++thread) {
    crew.Add([&, thread] {
      Waiter waiter(rig, thread % 2 == 1);
      RandomDelay delay(thread);
      for (std::uint32_t round = 0; round < kRounds && lost.load() == 0; ++round) {
        const bool hasty = delay.OneIn(4);
        if (!delay.OneIn(2) || !TakeFast(lock, waiter.id)) {
          const Outcome outcome =
              waiter.Wait(offset, hasty ? Deadline::After(delay.Below(50'000)) : testing::HangDeadline());
          if (outcome == Outcome::kTimedOut && hasty) continue;
          if (outcome != Outcome::kDone) {
            lost.fetch_add(1);
            return;
          }
        }
        if (++guarded.inside != 1) overlaps.fetch_add(1);
        ++guarded.sum;
        if (delay.OneIn(16)) delay();
        --guarded.inside;
        entered.fetch_add(1);
        if (!delay.OneIn(2) || !ReleaseFast(lock, waiter.id)) {
          if (rig.Release(offset, waiter.id) != Outcome::kDone) lost.fetch_add(1);
        }
      }
    });
  }
  crew.Join();
  EXPECT_EQ(lost, 0U);
  EXPECT_EQ(overlaps, 0U);
  EXPECT_EQ(guarded.sum, entered.load());
  EXPECT_TRUE(lock.waiters.IsEmpty());
  rig.program.Release(offset, maker);
  EXPECT_EQ(rig.Blocks(), blocks);
}

TEST(LockStress, AnRLockHasOneOwner) {
  constexpr std::uint32_t kRounds = 2000;
  SyncRig rig;
  const ParticipantId maker = rig.Join();
  const Offset offset = rig.MakeLock(maker, object::ObjectKind::kRLock);
  Protected guarded;
  std::atomic<std::uint32_t> failures{0};
  Crew crew;
  for (std::uint32_t thread = 0; thread < 3; ++thread) {
    crew.Add([&, thread] {
      Waiter waiter(rig, thread == 0);
      RandomDelay delay(thread);
      for (std::uint32_t round = 0; round < kRounds && failures.load() == 0; ++round) {
        const std::uint32_t depth = 1 + delay.Below(3);
        for (std::uint32_t i = 0; i < depth; ++i) {
          if (waiter.Wait(offset) != Outcome::kDone) failures.fetch_add(1);
        }
        ++guarded.sum;
        std::uint32_t held = 1;
        const bool entirely = delay.OneIn(2);
        for (std::uint32_t i = 0; i < (entirely ? 1 : depth); ++i) {
          if (ReleaseLock(rig.program, offset, waiter.id, entirely, &held) != Outcome::kDone) failures.fetch_add(1);
        }
        if (entirely && held != depth) failures.fetch_add(1);
      }
    });
  }
  crew.Join();
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(guarded.sum, 3U * kRounds);
}

// Two come and go as fast as they can; those who wait politely get it all the same. They are counted, so that the test
// ends by their turns alone.
TEST(LockStress, BargingStarvesNobody) {
  constexpr std::uint32_t kTurns = 20;
  SyncRig rig;
  const ParticipantId maker = rig.Join();
  const Offset offset = rig.MakeLock(maker);
  LockObject& lock = *rig.program.At<LockObject>(offset);
  std::atomic<std::uint32_t> polite_left{2};
  std::atomic<std::uint32_t> turns{0};
  Crew crew;
  for (std::uint32_t thread = 0; thread < 2; ++thread) {
    crew.Add([&] {
      Waiter waiter(rig, false);
      while (polite_left.load() != 0) {
        if (!TakeFast(lock, waiter.id) && waiter.Wait(offset) != Outcome::kDone) return;
        for (int i = 0; i < 200; ++i) platform::Pause();
        if (!ReleaseFast(lock, waiter.id)) rig.Release(offset, waiter.id);
      }
    });
  }
  for (std::uint32_t thread = 0; thread < 2; ++thread) {
    crew.Add([&, thread] {
      Waiter waiter(rig, thread == 0);
      for (std::uint32_t turn = 0; turn < kTurns; ++turn) {
        if (waiter.Wait(offset) != Outcome::kDone) break;
        turns.fetch_add(1);
        rig.Release(offset, waiter.id);
      }
      polite_left.fetch_sub(1);
    });
  }
  crew.Join();
  EXPECT_EQ(turns, 2U * kTurns);
}

}  // namespace
}  // namespace allcores::sync
