#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "support/child.h"
#include "support/random_delay.h"
#include "sync/barrier_object.h"
#include "sync/condition_object.h"
#include "sync/event_object.h"
#include "sync/semaphore_object.h"
#include "sync/sync_rig.h"

namespace allcores::sync {
namespace {

using testing::Child;
using testing::RandomDelay;
using testing::SyncRig;

// Two processes and this one work on the same objects as fast as they can. One of the two is killed wherever it is,
// again and again, and this process does what a survivor does. A wait that ends by its deadline is a hang.
class SyncForkStress : public ::testing::Test {
 protected:
  static constexpr int kKills = 60;

  Outcome Wait(Offset object, ParticipantId me, std::uint64_t* result = nullptr,
               Deadline deadline = testing::HangDeadline()) {
    Request request{.op = 0, .me = me};
    Offset node = 0;
    Outcome outcome = rig_.waiting.Begin(object, request, 0, &node);
    if (outcome == Outcome::kBlocked) {
      outcome = rig_.waiting.Sleep(node, request, deadline);
      if (outcome == Outcome::kBlocked) outcome = rig_.waiting.Cancel(node, request);
    }
    if (result != nullptr) *result = request.result;
    return outcome;
  }

  // `work` loops in each child for ever; `look` is what this process does after each kill.
  template <typename Work, typename Look>
  void Run(Work work, Look look) {
    RandomDelay delay(7);
    std::unique_ptr<Child> children[2];
    ParticipantId ids[2];
    for (int kill = 0; kill < kKills && !HasFailure(); ++kill) {
      const int victim = kill % 2;
      if (children[victim] != nullptr) {
        std::this_thread::sleep_for(std::chrono::microseconds(delay.Below(1500)));
        End(children[victim], ids[victim]);
        ASSERT_NO_FATAL_FAILURE(look());
      }
      children[victim] = std::make_unique<Child>([&] {
        const ParticipantId id = rig_.Join();
        for (std::uint32_t round = 0;; ++round) work(id, round);
      });
      ids[victim] = AwaitJoin(children[victim]->process());
    }
    for (int i = 0; i < 2; ++i) End(children[i], ids[i]);
    look();
  }

  void End(const std::unique_ptr<Child>& child, ParticipantId id) {
    child->Kill();
    child->Wait();
    ASSERT_FALSE(rig_.program.participants().IsAlive(id));
    rig_.End(id, me_);
  }

  // The id under which a child takes part.
  ParticipantId AwaitJoin(pid_t process) {
    participant::ParticipantTable& table = rig_.program.participants();
    ParticipantId found = 0;
    EXPECT_TRUE(testing::Eventually([&] {
      for (ParticipantId id = table.NextPresent(0); id != 0; id = table.NextPresent(id)) {
        if (table.At(id).process.load() == static_cast<std::uint64_t>(process)) found = id;
      }
      return found != 0;
    }));
    return found;
  }

  SyncRig rig_;
  const ParticipantId me_ = rig_.Join();
};

TEST_F(SyncForkStress, LocksGoOn) {
  const Offset lock = rig_.MakeLock(me_);
  LockObject& word = *rig_.program.At<LockObject>(lock);
  Run(
      [&](ParticipantId id, std::uint32_t round) {
        std::uint32_t free = 0;
        const bool fast = round % 3 == 0 && word.word.compare_exchange_strong(free, id);
        if (!fast && Wait(lock, id) != Outcome::kDone) _exit(1);
        std::uint32_t own = id;
        if (round % 2 == 0 || !word.word.compare_exchange_strong(own, 0)) rig_.Release(lock, id);
      },
      [&] {
        for (int i = 0; i < 3; ++i) {
          ASSERT_EQ(Wait(lock, me_), Outcome::kDone);
          ASSERT_EQ(rig_.Release(lock, me_), Outcome::kDone);
        }
      });
  EXPECT_TRUE(word.waiters.IsEmpty());
}

TEST_F(SyncForkStress, SemaphoresGetAllTheirPermitsBack) {
  const Offset semaphore = CreateSemaphore(rig_.program, 2, true, 0, me_);
  Run(
      [&](ParticipantId id, std::uint32_t round) {
        if (Wait(semaphore, id) != Outcome::kDone) _exit(1);
        const bool another = round % 2 == 0 && rig_.Try(semaphore, id) == Outcome::kDone;
        ReleaseSemaphore(rig_.program, semaphore, id, another ? 2 : 1);
      },
      [&] {
        ASSERT_EQ(Wait(semaphore, me_), Outcome::kDone);
        ASSERT_EQ(ReleaseSemaphore(rig_.program, semaphore, me_, 1), Outcome::kDone);
      });
  EXPECT_EQ(SemaphoreValue(rig_.program, semaphore), 2U);
  EXPECT_EQ(rig_.program.At<SemaphoreObject>(semaphore)->total.load(), 2U);
}

TEST_F(SyncForkStress, ConditionsGoOn) {
  const Offset lock = rig_.MakeLock(me_);
  const Offset condition = CreateCondition(rig_.program, lock, 0, me_);
  const auto wait = [&](ParticipantId id, Deadline deadline) {
    EXPECT_EQ(Wait(lock, id), Outcome::kDone);
    std::uint32_t notified = 0;
    Notify(rig_.program, condition, id, 1, &notified);
    const Offset node = rig_.Queue(condition, id);
    rig_.Release(lock, id);
    Request request;
    Outcome outcome = rig_.waiting.Sleep(node, request, deadline);
    if (outcome == Outcome::kBlocked) outcome = rig_.waiting.Cancel(node, request);
    return outcome;
  };
  Run([&](ParticipantId id, std::uint32_t /*round*/) { wait(id, Deadline::After(200'000)); },
      [&] {
        // Notified by one that lives, or in vain; the lock is free again either way.
        wait(me_, Deadline::After(100'000));
        ASSERT_EQ(Wait(lock, me_), Outcome::kDone);
        ASSERT_EQ(rig_.Release(lock, me_), Outcome::kDone);
      });
  EXPECT_TRUE(rig_.program.At<ConditionObject>(condition)->waiters.IsEmpty());
}

TEST_F(SyncForkStress, EventsGoOn) {
  const Offset event = CreateEvent(rig_.program, 0, me_);
  Run(
      [&](ParticipantId id, std::uint32_t round) {
        if (round % 3 == 0) ClearEvent(rig_.program, event, id);
        if (round % 3 == 1) SetEvent(rig_.program, event, id);
        if (round % 3 == 2) Wait(event, id, nullptr, Deadline::After(100'000));
      },
      [&] {
        ASSERT_EQ(ClearEvent(rig_.program, event, me_), Outcome::kDone);
        const Offset node = rig_.Queue(event, me_);
        ASSERT_EQ(SetEvent(rig_.program, event, me_), Outcome::kDone);
        Request request;
        // None: a child had set it before.
        if (node == 0) return;
        ASSERT_EQ(rig_.waiting.Sleep(node, request, testing::HangDeadline()), Outcome::kDone);
      });
  EXPECT_TRUE(rig_.program.At<EventObject>(event)->waiters.IsEmpty());
}

TEST_F(SyncForkStress, BarriersBreakAndGoOn) {
  for (const bool has_action : {false, true}) {
    const Offset barrier = CreateBarrier(rig_.program, 2, has_action, 0, me_);
    const auto meet = [&](ParticipantId id, Deadline deadline) {
      Outcome outcome = Wait(barrier, id, nullptr, deadline);
      if (outcome == Outcome::kActing) outcome = FinishBarrier(rig_.program, barrier, id, true);
      if (outcome == Outcome::kBroken) ResetBarrier(rig_.program, barrier, id);
      return outcome;
    };
    Run([&](ParticipantId id, std::uint32_t /*round*/) { meet(id, testing::HangDeadline()); },
        [&] {
          // The child that is left meets this process, or finds the barrier broken and resets it. None hangs.
          ASSERT_NE(meet(me_, Deadline::After(20'000'000)), Outcome::kClosed);
        });
    EXPECT_TRUE(rig_.program.At<BarrierObject>(barrier)->waiters.IsEmpty());
    EXPECT_EQ(rig_.program.At<BarrierObject>(barrier)->acting.load(), 0U);
    ResetBarrier(rig_.program, barrier, me_);
    const Offset node = rig_.Queue(barrier, me_);
    std::uint64_t result = 0;
    Outcome last = rig_.Try(barrier, me_, &result);
    if (has_action) last = FinishBarrier(rig_.program, barrier, me_, true);
    EXPECT_EQ(last, Outcome::kDone);
    EXPECT_EQ(rig_.Poll(node).first, Outcome::kDone);
  }
}

// A sleeper of this process whose waker is killed wherever it is.
TEST_F(SyncForkStress, ASleeperOutlivesItsWaker) {
  const Offset lock = rig_.MakeLock(me_);
  RandomDelay delay(3);
  for (int kill = 0; kill < kKills; ++kill) {
    Child child([&] {
      const ParticipantId id = rig_.Join();
      for (;;) {
        Wait(lock, id);
        rig_.Release(lock, id);
      }
    });
    const ParticipantId id = AwaitJoin(child.process());
    std::this_thread::sleep_for(std::chrono::microseconds(delay.Below(800)));
    const Offset node = rig_.Queue(lock, me_);
    if (delay.OneIn(2)) std::this_thread::sleep_for(std::chrono::microseconds(delay.Below(300)));
    child.Kill();
    child.Wait();
    rig_.End(id, me_);
    Request request;
    if (node != 0) {
      ASSERT_EQ(rig_.waiting.Sleep(node, request, testing::HangDeadline()), Outcome::kDone);
    }
    ASSERT_EQ(rig_.Release(lock, me_), Outcome::kDone);
  }
}

}  // namespace
}  // namespace allcores::sync
