#include <gtest/gtest.h>

#include "support/crew.h"
#include "support/random_delay.h"
#include "sync/barrier_object.h"
#include "sync/condition_object.h"
#include "sync/event_object.h"
#include "sync/semaphore_object.h"
#include "sync/sync_rig.h"

namespace allcores::sync {
namespace {

using testing::Crew;
using testing::RandomDelay;
using testing::SyncRig;
using testing::Waiter;

// As many inside as there are permits at most, and all permits are there in the end.
TEST(SyncObjectsStress, ASemaphoreCountsItsHolders) {
  constexpr std::uint32_t kRounds = 2500;
  constexpr std::uint32_t kPermits = 2;
  SyncRig rig;
  const ParticipantId maker = rig.Join();
  const Offset semaphore = CreateSemaphore(rig.program, kPermits, true, 0, maker);
  std::atomic<std::uint32_t> inside{0};
  std::atomic<std::uint32_t> failures{0};
  Crew crew;
  for (std::uint32_t thread = 0; thread < 5; ++thread) {
    crew.Add([&, thread] {
      Waiter waiter(rig, thread % 2 == 1);
      RandomDelay delay(thread);
      for (std::uint32_t round = 0; round < kRounds && failures.load() == 0; ++round) {
        const bool hasty = delay.OneIn(4);
        const Outcome outcome =
            waiter.Wait(semaphore, hasty ? Deadline::After(delay.Below(50'000)) : testing::HangDeadline());
        if (outcome == Outcome::kTimedOut && hasty) continue;
        if (outcome != Outcome::kDone || inside.fetch_add(1) >= kPermits) {
          failures.fetch_add(1);
          return;
        }
        if (delay.OneIn(8)) delay();
        inside.fetch_sub(1);
        if (ReleaseSemaphore(rig.program, semaphore, waiter.id, 1) != Outcome::kDone) failures.fetch_add(1);
      }
    });
  }
  crew.Join();
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(SemaphoreValue(rig.program, semaphore), kPermits);
}

// Signals given in handfuls: each is received by one.
TEST(SyncObjectsStress, ASemaphoreLosesNoSignal) {
  constexpr std::uint32_t kSignals = 6000;
  SyncRig rig;
  const ParticipantId maker = rig.Join();
  const Offset semaphore = CreateSemaphore(rig.program, 0, false, 0, maker);
  std::atomic<std::uint32_t> taken{0};
  std::atomic<std::uint32_t> lost{0};
  Crew crew;
  for (std::uint32_t thread = 0; thread < 3; ++thread) {
    crew.Add([&, thread] {
      Waiter waiter(rig, thread == 1);
      for (std::uint32_t i = 0; i < kSignals / 3; ++i) {
        if (waiter.Wait(semaphore) != Outcome::kDone) {
          lost.fetch_add(1);
          return;
        }
        taken.fetch_add(1);
      }
    });
  }
  crew.Add([&] {
    Waiter waiter(rig, false);
    RandomDelay delay(9);
    for (std::uint32_t left = kSignals; left != 0;) {
      const std::uint32_t count = std::min(left, 1 + delay.Below(5));
      ReleaseSemaphore(rig.program, semaphore, waiter.id, count);
      left -= count;
      if (delay.OneIn(2)) delay();
    }
  });
  crew.Join();
  EXPECT_EQ(lost, 0U);
  EXPECT_EQ(taken, kSignals);
  EXPECT_EQ(SemaphoreValue(rig.program, semaphore), 0U);
}

// A queue of numbers under a condition: every one is taken once, by whoever waits in whatever way.
TEST(SyncObjectsStress, AConditionLosesNoNotification) {
  constexpr std::uint32_t kItems = 4000;
  constexpr std::uint32_t kConsumers = 3;
  SyncRig rig;
  const ParticipantId maker = rig.Join();
  const Offset lock = rig.MakeLock(maker, object::ObjectKind::kRLock);
  const Offset condition = CreateCondition(rig.program, lock, 0, maker);
  std::uint32_t available = 0;
  bool ended = false;
  std::uint32_t taken = 0;
  std::atomic<std::uint32_t> failures{0};
  Crew crew;
  for (std::uint32_t thread = 0; thread < kConsumers; ++thread) {
    crew.Add([&, thread] {
      Waiter waiter(rig, thread % 2 == 1);
      RandomDelay delay(thread);
      const auto acquire = [&] {
        if (waiter.Wait(lock) != Outcome::kDone) failures.fetch_add(1);
      };
      acquire();
      while (failures.load() == 0) {
        if (available != 0) {
          --available;
          ++taken;
        } else if (ended) {
          break;
        }
        // Queued while it holds the lock, so nothing is notified in between.
        const Offset node = waiter.Begin(condition);
        std::uint32_t depth = 0;
        ReleaseLock(rig.program, lock, waiter.id, true, &depth);
        Request request;
        const bool hasty = delay.OneIn(3);
        const Outcome outcome =
            waiter.Finish(node, request, hasty ? Deadline::After(delay.Below(100'000)) : testing::HangDeadline());
        if (outcome != Outcome::kDone && !hasty) failures.fetch_add(1);
        acquire();
      }
      rig.Release(lock, waiter.id);
    });
  }
  crew.Add([&] {
    Waiter waiter(rig, false);
    RandomDelay delay(9);
    for (std::uint32_t i = 0; i <= kItems && failures.load() == 0; ++i) {
      if (waiter.Wait(lock) != Outcome::kDone) failures.fetch_add(1);
      if (i < kItems) {
        ++available;
      } else {
        ended = true;
      }
      std::uint32_t notified = 0;
      Notify(rig.program, condition, waiter.id, i < kItems ? 1 : kConsumers, &notified);
      rig.Release(lock, waiter.id);
      if (delay.OneIn(8)) delay();
    }
    // Those who were between two waits when the end was told.
    while (failures.load() == 0) {
      if (waiter.Wait(lock) != Outcome::kDone) failures.fetch_add(1);
      const bool all = taken == kItems;
      std::uint32_t notified = 0;
      Notify(rig.program, condition, waiter.id, kConsumers, &notified);
      rig.Release(lock, waiter.id);
      if (all && notified == 0) break;
      std::this_thread::yield();
    }
  });
  crew.Join();
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(taken, kItems);
}

TEST(SyncObjectsStress, AnEventReachesEverybody) {
  constexpr std::uint32_t kRounds = 2000;
  SyncRig rig;
  const ParticipantId maker = rig.Join();
  const Offset events[] = {CreateEvent(rig.program, 0, maker), CreateEvent(rig.program, 0, maker)};
  std::atomic<std::uint32_t> arrived{0};
  std::atomic<std::uint32_t> failures{0};
  constexpr std::uint32_t kWaiters = 3;
  Crew crew;
  for (std::uint32_t thread = 0; thread < kWaiters; ++thread) {
    crew.Add([&, thread] {
      Waiter waiter(rig, thread % 2 == 1);
      for (std::uint32_t round = 0; round < kRounds && failures.load() == 0; ++round) {
        arrived.fetch_add(1);
        if (waiter.Wait(events[round % 2]) != Outcome::kDone) failures.fetch_add(1);
      }
    });
  }
  crew.Add([&] {
    RandomDelay delay(9);
    for (std::uint32_t round = 0; round < kRounds && failures.load() == 0; ++round) {
      // Clears the other one only after all have come past it.
      if (!testing::Eventually([&] { return arrived.load() >= kWaiters * (round + 1) || failures.load() != 0; })) {
        failures.fetch_add(1);
      }
      ClearEvent(rig.program, events[(round + 1) % 2], maker);
      if (delay.OneIn(4)) delay();
      SetEvent(rig.program, events[round % 2], maker);
    }
  });
  crew.Join();
  EXPECT_EQ(failures, 0U);
}

// Nobody of a generation goes on before all have come, and each gets another number.
class BarrierStress : public ::testing::TestWithParam<bool> {};

TEST_P(BarrierStress, KeepsGenerationsApart) {
  constexpr std::uint32_t kGenerations = 1500;
  constexpr std::uint32_t kParties = 4;
  const bool has_action = GetParam();
  SyncRig rig;
  const ParticipantId maker = rig.Join();
  const Offset barrier = CreateBarrier(rig.program, kParties, has_action, 0, maker);
  std::atomic<std::uint32_t> arrivals{0};
  std::atomic<std::uint32_t> actions{0};
  std::atomic<std::uint32_t> failures{0};
  std::vector<std::atomic<std::uint32_t>> numbers(kGenerations);
  Crew crew;
  for (std::uint32_t thread = 0; thread < kParties; ++thread) {
    crew.Add([&, thread] {
      Waiter waiter(rig, thread % 2 == 1);
      RandomDelay delay(thread);
      for (std::uint32_t generation = 0; generation < kGenerations && failures.load() == 0; ++generation) {
        if (delay.OneIn(8)) delay();
        arrivals.fetch_add(1);
        std::uint64_t number = 99;
        Outcome outcome = waiter.Wait(barrier, testing::HangDeadline(), &number);
        if (outcome == Outcome::kActing) {
          if (arrivals.load() < (generation + 1) * kParties) failures.fetch_add(1);
          if (actions.fetch_add(1) != generation) failures.fetch_add(1);
          outcome = FinishBarrier(rig.program, barrier, waiter.id, true);
        }
        if (outcome != Outcome::kDone || number >= kParties) failures.fetch_add(1);
        if (arrivals.load() < (generation + 1) * kParties) failures.fetch_add(1);
        if (has_action && actions.load() <= generation) failures.fetch_add(1);
        numbers[generation].fetch_or(1U << number);
      }
    });
  }
  crew.Join();
  EXPECT_EQ(failures, 0U);
  EXPECT_EQ(actions, has_action ? kGenerations : 0U);
  for (const auto& all : numbers) EXPECT_EQ(all, (1U << kParties) - 1);
}

// Generations that overlap: more come than are needed, give up, break and reset it. Whoever goes on went on in full
// ranks.
TEST_P(BarrierStress, SurvivesWhoeverGivesUp) {
  constexpr std::uint32_t kRounds = 1500;
  SyncRig rig;
  const ParticipantId maker = rig.Join();
  const Offset barrier = CreateBarrier(rig.program, 3, GetParam(), 0, maker);
  std::atomic<std::uint32_t> by_number[3]{};
  std::atomic<std::uint32_t> hangs{0};
  std::atomic<std::uint32_t> working{5};
  Crew crew;
  for (std::uint32_t thread = 0; thread < 5; ++thread) {
    crew.Add([&, thread] {
      Waiter waiter(rig, thread % 2 == 1);
      RandomDelay delay(thread);
      for (std::uint32_t round = 0; round < kRounds && hangs.load() == 0; ++round) {
        std::uint64_t number = 0;
        // The last ones would wait for parties that have gone home.
        const bool patient = working.load() >= 3 && delay.OneIn(2) && round + 100 < kRounds;
        const Deadline deadline = Deadline::After(patient ? 5'000'000 : delay.Below(100'000));
        Outcome outcome = waiter.Wait(barrier, deadline, &number);
        if (outcome == Outcome::kActing) {
          if (delay.OneIn(4)) delay();
          outcome = FinishBarrier(rig.program, barrier, waiter.id, !delay.OneIn(16));
          if (outcome != Outcome::kDone || StateOf(rig.program, barrier).broken) continue;
          continue;
        }
        if (outcome == Outcome::kDone) by_number[number].fetch_add(1);
        if (outcome == Outcome::kBroken && delay.OneIn(2)) ResetBarrier(rig.program, barrier, waiter.id);
      }
      working.fetch_sub(1);
    });
  }
  crew.Join();
  EXPECT_EQ(by_number[0], by_number[1]) << "those two are settled together";
  EXPECT_TRUE(rig.program.At<BarrierObject>(barrier)->waiters.IsEmpty());
  EXPECT_EQ(rig.program.At<BarrierObject>(barrier)->acting.load(), 0U);
}

INSTANTIATE_TEST_SUITE_P(, BarrierStress, ::testing::Bool(),
                         [](const auto& param) { return param.param ? "WithAction" : "WithoutAction"; });

}  // namespace
}  // namespace allcores::sync
