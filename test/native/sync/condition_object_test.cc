#include "sync/condition_object.h"

#include <gtest/gtest.h>

#include "sync/sync_rig.h"

namespace allcores::sync {
namespace {

constexpr std::uint32_t kAll = 0xffffffff;

class ConditionObjectTest : public ::testing::Test {
 protected:
  std::uint32_t NotifySome(std::uint32_t count) {
    std::uint32_t notified = 77;
    EXPECT_EQ(Notify(rig_.program, condition_, a_, count, &notified), Outcome::kDone);
    return notified;
  }
  bool IsNotified(Offset node) { return rig_.Poll(node).first == Outcome::kDone; }

  testing::SyncRig rig_;
  const ParticipantId a_ = rig_.Join();
  const ParticipantId b_ = rig_.Join();
  const ParticipantId c_ = rig_.Join();
  const Offset manager_ = rig_.MakeLock(a_);
  const Offset lock_ = rig_.MakeLock(a_, object::ObjectKind::kRLock);
  const Offset condition_ = CreateCondition(rig_.program, lock_, manager_, a_);
};

TEST_F(ConditionObjectTest, NotifiesInTheOrderOfComing) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset first = rig_.Queue(condition_, b_);
  const Offset second = rig_.Queue(condition_, c_, true);
  const Offset third = rig_.Queue(condition_, b_);
  EXPECT_EQ(NotifySome(2), 2U);
  EXPECT_TRUE(IsNotified(second));
  EXPECT_TRUE(IsNotified(first));
  EXPECT_FALSE(IsNotified(third));
  EXPECT_EQ(NotifySome(kAll), 1U);
  EXPECT_EQ(NotifySome(kAll), 0U) << "notified, and has not noticed yet";
  EXPECT_TRUE(IsNotified(third));
  EXPECT_EQ(NotifySome(1), 0U);
}

TEST_F(ConditionObjectTest, AWaiterAlwaysQueues) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  EXPECT_EQ(NotifySome(1), 0U);
  EXPECT_NE(rig_.Queue(condition_, b_), 0U) << "what came before is not for it";
}

TEST_F(ConditionObjectTest, OnlyAHolderNotifies) {
  std::uint32_t notified = 77;
  EXPECT_EQ(Notify(rig_.program, condition_, b_, 1, &notified), Outcome::kNotHeld);
  EXPECT_EQ(notified, 0U);
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  EXPECT_EQ(Notify(rig_.program, condition_, b_, 1, &notified), Outcome::kNotOwner);
}

TEST_F(ConditionObjectTest, GivingUpAndDyingPassTheNotificationOn) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset first = rig_.Queue(condition_, b_);
  rig_.Queue(condition_, c_);
  const Offset third = rig_.Queue(condition_, b_);
  EXPECT_EQ(NotifySome(1), 1U);
  EXPECT_EQ(rig_.Cancel(first), Outcome::kTimedOut);
  EXPECT_FALSE(IsNotified(third));
  rig_.End(c_, a_);
  EXPECT_TRUE(IsNotified(third));
}

TEST_F(ConditionObjectTest, OneThatWasNotNotifiedLeavesAlone) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset first = rig_.Queue(condition_, b_);
  const Offset second = rig_.Queue(condition_, c_);
  EXPECT_EQ(rig_.Cancel(first), Outcome::kTimedOut);
  EXPECT_FALSE(IsNotified(second));
}

TEST_F(ConditionObjectTest, TheDeadAreNotNotified) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  rig_.Queue(condition_, b_);
  const Offset second = rig_.Queue(condition_, c_);
  rig_.program.participants().Leave(b_);
  EXPECT_EQ(NotifySome(1), 1U);
  EXPECT_TRUE(IsNotified(second));
  rig_.End(b_, a_);
}

TEST_F(ConditionObjectTest, KeepsItsLock) {
  const std::uint64_t blocks = rig_.Blocks();
  const Offset lock = rig_.MakeLock(a_);
  const Offset condition = CreateCondition(rig_.program, lock, manager_, a_);
  rig_.program.Release(lock, a_);
  EXPECT_EQ(rig_.Try(lock, a_), Outcome::kDone);
  rig_.program.Release(condition, a_);
  EXPECT_EQ(rig_.Blocks(), blocks);
}

TEST_F(ConditionObjectTest, ClosingEndsWaitsAndLaterOnes) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset waiter = rig_.Queue(condition_, b_);
  rig_.program.Close(manager_, a_);
  EXPECT_EQ(rig_.Poll(waiter).first, Outcome::kClosed);
  EXPECT_EQ(rig_.Try(condition_, b_), Outcome::kClosed);
  std::uint32_t notified = 0;
  EXPECT_EQ(Notify(rig_.program, condition_, a_, 1, &notified), Outcome::kClosed);
}

}  // namespace
}  // namespace allcores::sync
