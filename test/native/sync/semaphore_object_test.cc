#include "sync/semaphore_object.h"

#include <gtest/gtest.h>

#include "sync/sync_rig.h"

namespace allcores::sync {
namespace {

class SemaphoreObjectTest : public ::testing::Test {
 protected:
  Offset Make(std::uint32_t value, bool bounded = false) {
    return CreateSemaphore(rig_.program, value, bounded, manager_, a_);
  }
  std::uint32_t Value(Offset semaphore) { return SemaphoreValue(rig_.program, semaphore); }
  Outcome Release(Offset semaphore, ParticipantId me, std::uint32_t count = 1) {
    return ReleaseSemaphore(rig_.program, semaphore, me, count);
  }
  SemaphoreObject& At(Offset semaphore) { return *rig_.program.At<SemaphoreObject>(semaphore); }

  testing::SyncRig rig_;
  const ParticipantId a_ = rig_.Join();
  const ParticipantId b_ = rig_.Join();
  const ParticipantId c_ = rig_.Join();
  const Offset manager_ = rig_.MakeLock(a_);
};

TEST_F(SemaphoreObjectTest, HasSoManyPermits) {
  const Offset semaphore = Make(2);
  EXPECT_EQ(rig_.Try(semaphore, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Try(semaphore, a_), Outcome::kDone);
  EXPECT_EQ(Value(semaphore), 0U);
  EXPECT_EQ(rig_.Try(semaphore, b_), Outcome::kBlocked);
  EXPECT_EQ(Release(semaphore, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Try(semaphore, b_), Outcome::kDone);
  EXPECT_EQ(Release(semaphore, c_, 5), Outcome::kDone);
  EXPECT_EQ(Value(semaphore), 5U);
}

TEST_F(SemaphoreObjectTest, ABoundedOneIsNotReleasedTooOften) {
  const Offset semaphore = Make(2, true);
  EXPECT_EQ(Release(semaphore, a_), Outcome::kOverReleased);
  ASSERT_EQ(rig_.Try(semaphore, a_), Outcome::kDone);
  EXPECT_EQ(Release(semaphore, a_, 2), Outcome::kOverReleased);
  EXPECT_EQ(Value(semaphore), 1U);
  EXPECT_EQ(Release(semaphore, b_), Outcome::kDone);
  EXPECT_EQ(Release(semaphore, b_), Outcome::kOverReleased);
  EXPECT_EQ(Release(semaphore, b_, 0), Outcome::kDone);
  EXPECT_EQ(Value(semaphore), 2U);
}

TEST_F(SemaphoreObjectTest, TheValueHasAnEnd) {
  const Offset semaphore = Make(1);
  EXPECT_EQ(Release(semaphore, a_, SemaphoreObject::kMostPermits), Outcome::kOverReleased);
  EXPECT_EQ(Release(semaphore, a_, SemaphoreObject::kMostPermits - 1), Outcome::kDone);
  EXPECT_EQ(Release(semaphore, a_), Outcome::kOverReleased);
}

TEST_F(SemaphoreObjectTest, AReleaseNotifiesAsManyAsThereArePermits) {
  const Offset semaphore = Make(0);
  const Offset first = rig_.Queue(semaphore, a_);
  const Offset second = rig_.Queue(semaphore, b_, true);
  const Offset third = rig_.Queue(semaphore, c_);
  Release(semaphore, a_, 2);
  EXPECT_EQ(rig_.Poll(third).first, Outcome::kBlocked);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kDone);
  EXPECT_EQ(Release(semaphore, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Poll(third).first, Outcome::kDone);
}

TEST_F(SemaphoreObjectTest, IsReservedForOneWhoHasWaitedLong) {
  const Offset semaphore = Make(0);
  const Offset first = rig_.Queue(semaphore, b_);
  rig_.program.At<WaitNode>(first)->since -= kPatience;
  Release(semaphore, a_, 2);
  EXPECT_EQ(rig_.Try(semaphore, a_), Outcome::kBlocked);
  const Offset second = rig_.Queue(semaphore, c_);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kBlocked);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kDone);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone) << "whoever leaves permits behind tells the next one";
}

TEST_F(SemaphoreObjectTest, GivingUpPassesTheNotificationOn) {
  const Offset semaphore = Make(0);
  const Offset first = rig_.Queue(semaphore, b_);
  const Offset second = rig_.Queue(semaphore, c_);
  Release(semaphore, a_);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kBlocked);
  EXPECT_EQ(rig_.Cancel(first), Outcome::kTimedOut);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
}

TEST_F(SemaphoreObjectTest, PermitsOfTheDeadComeBackAndTheNextOneIsToldOnce) {
  const Offset semaphore = Make(3, true);
  for (int i = 0; i < 2; ++i) ASSERT_EQ(rig_.Try(semaphore, b_), Outcome::kDone);
  ASSERT_EQ(rig_.Try(semaphore, c_), Outcome::kDone);
  const Offset waiter = rig_.Queue(semaphore, a_);
  rig_.End(b_, a_);
  EXPECT_EQ(Value(semaphore), 2U);
  EXPECT_EQ(rig_.Poll(waiter), std::make_pair(Outcome::kDone, kRecovered));
  std::uint64_t result = 9;
  EXPECT_EQ(rig_.Try(semaphore, a_, &result), Outcome::kDone);
  EXPECT_EQ(result, 0U);
  EXPECT_EQ(Release(semaphore, a_, 3), Outcome::kDone);
  EXPECT_EQ(Value(semaphore), 3U);
}

TEST_F(SemaphoreObjectTest, ReadSignalsDoNotComeBack) {
  const Offset semaphore = Make(0);
  Release(semaphore, a_, 3);
  for (int i = 0; i < 2; ++i) ASSERT_EQ(rig_.Try(semaphore, b_), Outcome::kDone);
  rig_.End(b_, a_);
  EXPECT_EQ(Value(semaphore), 1U);
  std::uint64_t result = 9;
  EXPECT_EQ(rig_.Try(semaphore, c_, &result), Outcome::kDone);
  EXPECT_EQ(result, 0U);
}

TEST_F(SemaphoreObjectTest, ComesBackOnlyUpToTheInitialValue) {
  const Offset semaphore = Make(2);
  for (int i = 0; i < 2; ++i) ASSERT_EQ(rig_.Try(semaphore, b_), Outcome::kDone);
  const ParticipantId d = rig_.Join();
  Release(semaphore, b_, 3);  // two of its own, one more
  for (int i = 0; i < 2; ++i) ASSERT_EQ(rig_.Try(semaphore, d), Outcome::kDone);
  EXPECT_EQ(Value(semaphore), 1U);
  rig_.End(d, a_);
  EXPECT_EQ(Value(semaphore), 2U);
  EXPECT_EQ(At(semaphore).total.load(), 2U);
}

TEST_F(SemaphoreObjectTest, AReleaseByOneWithoutPermitsIsTheLongestHolders) {
  const Offset semaphore = Make(2, true);
  ASSERT_EQ(rig_.Try(semaphore, b_), Outcome::kDone);
  ASSERT_EQ(rig_.Try(semaphore, c_), Outcome::kDone);
  EXPECT_EQ(Release(semaphore, a_), Outcome::kDone);
  rig_.End(b_, a_);
  EXPECT_EQ(Value(semaphore), 1U) << "b's permit is back already";
  rig_.End(c_, a_);
  EXPECT_EQ(Value(semaphore), 2U);
}

TEST_F(SemaphoreObjectTest, RemembersManyHolders) {
  constexpr std::uint32_t kHolders = 100;
  const std::uint64_t blocks = rig_.Blocks();
  const Offset semaphore = Make(kHolders, true);
  for (int round = 0; round < 2; ++round) {
    std::vector<ParticipantId> holders(kHolders);
    for (ParticipantId& holder : holders) {
      holder = rig_.Join();
      ASSERT_EQ(rig_.Try(semaphore, holder), Outcome::kDone);
    }
    EXPECT_EQ(rig_.Try(semaphore, a_), Outcome::kBlocked);
    for (const ParticipantId holder : holders) rig_.End(holder, a_);
    EXPECT_EQ(Value(semaphore), kHolders);
  }
  rig_.program.Release(semaphore, a_);
  EXPECT_EQ(rig_.Blocks(), blocks);
}

TEST_F(SemaphoreObjectTest, ClosingEndsWaitsAndLaterOnes) {
  const Offset semaphore = Make(0);
  const Offset waiter = rig_.Queue(semaphore, b_);
  rig_.program.Close(manager_, a_);
  EXPECT_EQ(rig_.Poll(waiter).first, Outcome::kClosed);
  EXPECT_EQ(rig_.Try(semaphore, b_), Outcome::kClosed);
  EXPECT_EQ(Release(semaphore, b_), Outcome::kClosed);
}

// One fell after an acquire was committed and before the value followed.
TEST_F(SemaphoreObjectTest, RepairComputesTheValue) {
  const Offset semaphore = Make(2);
  const Offset other = Make(0);
  const Offset waiter = rig_.Queue(other, b_);
  ASSERT_EQ(rig_.Try(semaphore, a_), Outcome::kDone);
  At(semaphore).value.store(77);
  At(other).total.store(1);
  const ParticipantId dead = rig_.Join();
  At(semaphore).header.guard.store(dead);
  At(other).header.guard.store(dead);
  rig_.End(dead, a_);
  EXPECT_EQ(Release(semaphore, b_, 0), Outcome::kDone);
  EXPECT_EQ(Value(semaphore), 1U);
  EXPECT_EQ(rig_.Poll(waiter).first, Outcome::kDone);
}

// Whoever recovered somebody fell in the middle of it.
TEST_F(SemaphoreObjectTest, RepairCompletesADeathThatLeavesFewerPermits) {
  for (const bool halfway : {false, true}) {
    const Offset semaphore = Make(0);
    Release(semaphore, a_, 3);
    const ParticipantId dead = rig_.Join();
    ASSERT_EQ(rig_.Try(semaphore, dead), Outcome::kDone);
    At(semaphore).forfeit.store(PermitRecord::Pack(dead, 2));
    if (halfway) At(semaphore).total.store(2);
    const ParticipantId finder = rig_.Join();
    At(semaphore).header.guard.store(finder);
    rig_.End(finder, a_);
    rig_.End(dead, a_);
    EXPECT_EQ(Release(semaphore, a_, 0), Outcome::kDone);
    EXPECT_EQ(Value(semaphore), 2U);
    EXPECT_EQ(At(semaphore).total.load(), 2U);
  }
}

}  // namespace
}  // namespace allcores::sync
