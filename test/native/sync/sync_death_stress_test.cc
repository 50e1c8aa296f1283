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

// Participants that end wherever they are: holding, waiting, notified, acting. Half of them are found by another one.
class SyncDeathStress : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kMortals = 3;
  static constexpr std::uint32_t kLives = 700;  // of each

  // Lives begin one after the other in each of some threads, while immortals go on until all are over.
  template <typename Live, typename GoOn>
  void Run(Live live, GoOn go_on) {
    Crew crew;
    for (std::uint32_t thread = 0; thread < kMortals; ++thread) {
      crew.Add([&, thread] {
        RandomDelay delay(thread);
        const ParticipantId finder = rig_.Join();
        for (std::uint32_t i = 0; i < kLives && failures_.load() == 0; ++i) {
          Waiter mortal(rig_, i % 2 == 1);
          live(mortal, delay);
          mortal.Die(delay.OneIn(2) ? finder : mortal.id);
        }
        rig_.End(finder, finder);
        mortals_.fetch_sub(1);
      });
    }
    for (std::uint32_t thread = 0; thread < 2; ++thread) {
      crew.Add([&, thread] {
        RandomDelay delay(100 + thread);
        Waiter immortal(rig_, thread == 1);
        while (mortals_.load() != 0 && failures_.load() == 0) go_on(immortal, delay);
      });
    }
    crew.Join();
    EXPECT_EQ(failures_, 0U);
  }
  void Fail() { failures_.fetch_add(1); }
  // Begins to wait, and either gets it or goes away in the middle.
  bool WaitOrFall(Waiter& mortal, RandomDelay& delay, Offset object, std::uint64_t* result = nullptr) {
    Request request{.op = 0, .me = mortal.id, .in_loop = mortal.in_loop};
    Offset node = 0;
    const Outcome at_once = rig_.waiting.Begin(object, request, 0, &node);
    if (result != nullptr) *result = request.result;
    if (node == 0) return at_once == Outcome::kDone;
    if (delay.OneIn(2)) {
      delay();
      // Ends with its node abandoned, or with the node left to recovery.
      if (delay.OneIn(2)) rig_.waiting.Abandon(node, mortal.id);
      return false;
    }
    const Outcome outcome = mortal.Finish(node, request);
    if (result != nullptr) *result = request.result;
    if (outcome != Outcome::kDone && outcome != Outcome::kBroken && outcome != Outcome::kActing) Fail();
    return outcome == Outcome::kDone;
  }

  SyncRig rig_;
  const ParticipantId maker_ = rig_.Join();
  const std::uint64_t blocks_ = rig_.Blocks();
  std::atomic<std::uint32_t> mortals_{kMortals};
  std::atomic<std::uint32_t> failures_{0};
};

TEST_F(SyncDeathStress, LocksGoOn) {
  for (const auto kind : {object::ObjectKind::kLock, object::ObjectKind::kRLock}) {
    mortals_.store(kMortals);
    const Offset lock = rig_.MakeLock(maker_, kind);
    std::uint64_t inside = 0;
    std::uint64_t sum = 0;
    std::atomic<std::uint64_t> entered{0};
    std::atomic<std::uint64_t> held_at_death{0};
    std::atomic<std::uint64_t> told{0};
    const auto use = [&] {
      inside = 1;
      ++sum;
      inside = 0;
      entered.fetch_add(1);
    };
    Run(
        [&](Waiter& mortal, RandomDelay& delay) {
          std::uint64_t result = 0;
          if (!WaitOrFall(mortal, delay, lock, &result)) return;
          if (result == kRecovered) told.fetch_add(1);
          use();
          if (delay.OneIn(2)) {
            rig_.Release(lock, mortal.id);
          } else {
            held_at_death.fetch_add(1);
          }
        },
        [&](Waiter& immortal, RandomDelay& delay) {
          std::uint64_t result = 0;
          if (immortal.Wait(lock, testing::HangDeadline(), &result) != Outcome::kDone) return Fail();
          use();
          if (result == kRecovered) told.fetch_add(1);
          if (delay.OneIn(8)) delay();
          if (rig_.Release(lock, immortal.id) != Outcome::kDone) Fail();
        });
    EXPECT_EQ(sum, entered.load());
    EXPECT_EQ(inside, 0U);
    EXPECT_GT(held_at_death, 0U);
    std::uint64_t last = 0;
    EXPECT_EQ(rig_.Try(lock, maker_, &last), Outcome::kDone);
    EXPECT_EQ(told + last, held_at_death.load()) << "each death is told to the next holder, once";
    EXPECT_TRUE(rig_.program.At<LockObject>(lock)->waiters.IsEmpty());
    rig_.program.Release(lock, maker_);
    EXPECT_EQ(rig_.Blocks(), blocks_);
  }
}

TEST_F(SyncDeathStress, SemaphoresGetAllTheirPermitsBack) {
  const Offset semaphore = CreateSemaphore(rig_.program, 3, true, 0, maker_);
  Run(
      [&](Waiter& mortal, RandomDelay& delay) {
        if (!WaitOrFall(mortal, delay, semaphore)) return;
        // More of them, without waiting: all would be held by those who wait.
        std::uint32_t held = 1;
        while (delay.OneIn(2) && rig_.Try(semaphore, mortal.id) == Outcome::kDone) ++held;
        if (delay.OneIn(4)) delay();
        held = delay.Below(held + 1);
        if (ReleaseSemaphore(rig_.program, semaphore, mortal.id, held) != Outcome::kDone) Fail();
      },
      [&](Waiter& immortal, RandomDelay& delay) {
        if (immortal.Wait(semaphore) != Outcome::kDone) return Fail();
        if (delay.OneIn(8)) delay();
        if (ReleaseSemaphore(rig_.program, semaphore, immortal.id, 1) != Outcome::kDone) Fail();
      });
  EXPECT_EQ(SemaphoreValue(rig_.program, semaphore), 3U);
  rig_.program.Release(semaphore, maker_);
  EXPECT_EQ(rig_.Blocks(), blocks_);
}

TEST_F(SyncDeathStress, NotificationsReachTheLiving) {
  const Offset lock = rig_.MakeLock(maker_);
  const Offset condition = CreateCondition(rig_.program, lock, 0, maker_);
  Run(
      [&](Waiter& mortal, RandomDelay& delay) {
        if (mortal.Wait(lock) != Outcome::kDone) return Fail();
        const Offset node = mortal.Begin(condition);
        rig_.Release(lock, mortal.id);
        delay();
        if (delay.OneIn(2)) rig_.waiting.Abandon(node, mortal.id);
      },
      // Two who wake each other: a notification that dies with its receiver stops both.
      [&](Waiter& immortal, RandomDelay& /*delay*/) {
        if (immortal.Wait(lock) != Outcome::kDone) return Fail();
        std::uint32_t notified = 0;
        Notify(rig_.program, condition, immortal.id, 1, &notified);
        if (notified == 0) {
          rig_.Release(lock, immortal.id);
          return;
        }
        const Offset node = immortal.Begin(condition);
        rig_.Release(lock, immortal.id);
        Request request;
        // The other one may have ended.
        const Outcome outcome = immortal.Finish(node, request, Deadline::After(2'000'000));
        if (outcome != Outcome::kDone && outcome != Outcome::kTimedOut) Fail();
      });
  rig_.program.Release(condition, maker_);
  rig_.program.Release(lock, maker_);
  EXPECT_EQ(rig_.Blocks(), blocks_);
}

TEST_F(SyncDeathStress, EventsReachTheLiving) {
  const Offset event = CreateEvent(rig_.program, 0, maker_);
  Run(
      [&](Waiter& mortal, RandomDelay& delay) {
        const Offset node = mortal.Begin(event);
        delay();
        // Settled nodes are nobody's but their waiter's.
        if (node != 0) rig_.waiting.Abandon(node, mortal.id);
      },
      [&](Waiter& immortal, RandomDelay& delay) {
        if (delay.OneIn(2)) ClearEvent(rig_.program, event, immortal.id);
        if (delay.OneIn(4)) delay();
        SetEvent(rig_.program, event, immortal.id);
        const Offset node = immortal.Begin(event);
        SetEvent(rig_.program, event, immortal.id);
        Request request;
        if (node != 0 && immortal.Finish(node, request) != Outcome::kDone) Fail();
      });
  rig_.program.Release(event, maker_);
  EXPECT_EQ(rig_.Blocks(), blocks_);
}

TEST_F(SyncDeathStress, BarriersBreakAndNobodyHangs) {
  for (const bool has_action : {false, true}) {
    mortals_.store(kMortals);
    const Offset barrier = CreateBarrier(rig_.program, 2, has_action, 0, maker_);
    std::atomic<std::uint64_t> met{0};
    Run(
        [&](Waiter& mortal, RandomDelay& delay) {
          Request request{.op = 0, .me = mortal.id};
          Offset node = 0;
          Outcome outcome = rig_.waiting.Begin(barrier, request, 0, &node);
          if (node != 0) {
            delay();
            return rig_.waiting.Abandon(node, mortal.id);
          }
          if (outcome == Outcome::kActing && delay.OneIn(2)) {
            outcome = FinishBarrier(rig_.program, barrier, mortal.id, true);
          }
          if (outcome == Outcome::kBroken) ResetBarrier(rig_.program, barrier, mortal.id);
        },
        [&](Waiter& immortal, RandomDelay& /*delay*/) {
          Outcome outcome = immortal.Wait(barrier, Deadline::After(2'000'000));
          if (outcome == Outcome::kActing) outcome = FinishBarrier(rig_.program, barrier, immortal.id, true);
          if (outcome == Outcome::kDone) met.fetch_add(1);
          if (outcome == Outcome::kBroken) ResetBarrier(rig_.program, barrier, immortal.id);
        });
    EXPECT_GT(met, 0U);
    EXPECT_TRUE(rig_.program.At<BarrierObject>(barrier)->waiters.IsEmpty());
    rig_.program.Release(barrier, maker_);
    EXPECT_EQ(rig_.Blocks(), blocks_);
  }
}

}  // namespace
}  // namespace allcores::sync
