#include "sync/event_object.h"

#include <gtest/gtest.h>

#include "sync/sync_rig.h"

namespace allcores::sync {
namespace {

class EventObjectTest : public ::testing::Test {
 protected:
  testing::SyncRig rig_;
  const ParticipantId a_ = rig_.Join();
  const ParticipantId b_ = rig_.Join();
  const ParticipantId c_ = rig_.Join();
  const Offset manager_ = rig_.MakeLock(a_);
  const Offset event_ = CreateEvent(rig_.program, manager_, a_);
};

TEST_F(EventObjectTest, StaysSetUntilItIsCleared) {
  EXPECT_FALSE(IsSet(rig_.program, event_));
  EXPECT_EQ(rig_.Try(event_, a_), Outcome::kBlocked);
  EXPECT_EQ(SetEvent(rig_.program, event_, a_), Outcome::kDone);
  EXPECT_TRUE(IsSet(rig_.program, event_));
  EXPECT_EQ(rig_.Try(event_, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Try(event_, b_), Outcome::kDone);
  EXPECT_EQ(ClearEvent(rig_.program, event_, a_), Outcome::kDone);
  EXPECT_FALSE(IsSet(rig_.program, event_));
  EXPECT_EQ(rig_.Try(event_, a_), Outcome::kBlocked);
}

TEST_F(EventObjectTest, LetsEverybodyGoEvenIfItIsClearedAtOnce) {
  const Offset first = rig_.Queue(event_, b_);
  const Offset second = rig_.Queue(event_, c_, true);
  SetEvent(rig_.program, event_, a_);
  ClearEvent(rig_.program, event_, a_);
  const Offset late = rig_.Queue(event_, b_);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kDone);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
  EXPECT_EQ(rig_.Poll(late).first, Outcome::kBlocked);
}

TEST_F(EventObjectTest, TheDeadWaitNoMore) {
  rig_.Queue(event_, b_);
  const Offset second = rig_.Queue(event_, c_);
  rig_.Queue(event_, b_);
  rig_.End(b_, a_);
  EXPECT_EQ(rig_.program.At<EventObject>(event_)->waiters.count.load(), 1U);
  SetEvent(rig_.program, event_, a_);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
}

TEST_F(EventObjectTest, ClosingEndsWaitsAndLaterOnes) {
  const Offset waiter = rig_.Queue(event_, b_);
  rig_.program.Close(manager_, a_);
  EXPECT_EQ(rig_.Poll(waiter).first, Outcome::kClosed);
  EXPECT_EQ(rig_.Try(event_, b_), Outcome::kClosed);
  EXPECT_EQ(SetEvent(rig_.program, event_, a_), Outcome::kClosed);
  EXPECT_EQ(ClearEvent(rig_.program, event_, a_), Outcome::kClosed);
}

// The one who set it fell with the first waiter half settled.
TEST_F(EventObjectTest, RepairLetsTheRestGo) {
  const Offset first = rig_.Queue(event_, b_);
  const Offset second = rig_.Queue(event_, c_);
  EventObject& event = *rig_.program.At<EventObject>(event_);
  const ParticipantId dead = rig_.Join();
  event.header.guard.store(dead);
  event.set.store(1);
  rig_.program.At<WaitNode>(first)->state.store(WaitNode::kSettled);
  rig_.End(dead, a_);
  EXPECT_TRUE(event.waiters.IsEmpty());
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kDone);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
}

}  // namespace
}  // namespace allcores::sync
