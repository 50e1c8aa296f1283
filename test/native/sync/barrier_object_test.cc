#include "sync/barrier_object.h"

#include <gtest/gtest.h>

#include "sync/sync_rig.h"

namespace allcores::sync {
namespace {

using Ending = std::pair<Outcome, std::uint64_t>;

class BarrierObjectTest : public ::testing::Test {
 protected:
  Offset Make(std::uint32_t parties, bool has_action) {
    return CreateBarrier(rig_.program, parties, has_action, manager_, a_);
  }
  Ending Come(Offset barrier, ParticipantId me) {
    std::uint64_t result = 0;
    const Outcome outcome = rig_.Try(barrier, me, &result);
    return {outcome, result};
  }
  Outcome Finish(Offset barrier, ParticipantId me, bool ok = true) {
    return FinishBarrier(rig_.program, barrier, me, ok);
  }
  BarrierState State(Offset barrier) { return StateOf(rig_.program, barrier); }

  testing::SyncRig rig_;
  const ParticipantId a_ = rig_.Join();
  const ParticipantId b_ = rig_.Join();
  const ParticipantId c_ = rig_.Join();
  const ParticipantId d_ = rig_.Join();
  const Offset manager_ = rig_.MakeLock(a_);
};

TEST_F(BarrierObjectTest, LetsEverybodyGoWhenTheLastOneComesAgainAndAgain) {
  const Offset barrier = Make(3, false);
  for (int generation = 0; generation < 3; ++generation) {
    const Offset first = rig_.Queue(barrier, a_);
    EXPECT_EQ(State(barrier).waiting, 1U);
    const Offset second = rig_.Queue(barrier, b_, true);
    EXPECT_EQ(rig_.Poll(first).first, Outcome::kBlocked);
    EXPECT_EQ(Come(barrier, c_), Ending(Outcome::kDone, 2));
    EXPECT_EQ(State(barrier).waiting, 0U);
    EXPECT_EQ(rig_.Poll(second), Ending(Outcome::kDone, 1));
    EXPECT_EQ(rig_.Poll(first), Ending(Outcome::kDone, 0));
  }
  EXPECT_EQ(State(barrier).parties, 3U);
  EXPECT_FALSE(State(barrier).broken);
}

TEST_F(BarrierObjectTest, OnePartyNeverWaits) {
  const Offset barrier = Make(1, false);
  EXPECT_EQ(Come(barrier, a_), Ending(Outcome::kDone, 0));
  const Offset with_action = Make(1, true);
  EXPECT_EQ(Come(with_action, a_), Ending(Outcome::kActing, 0));
  const Offset next = rig_.Queue(with_action, b_);
  EXPECT_EQ(Finish(with_action, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Poll(next), Ending(Outcome::kActing, 0));
  EXPECT_EQ(Finish(with_action, b_), Outcome::kDone);
}

TEST_F(BarrierObjectTest, TheLastOneRunsTheAction) {
  const Offset barrier = Make(2, true);
  const Offset first = rig_.Queue(barrier, a_);
  EXPECT_EQ(Come(barrier, b_), Ending(Outcome::kActing, 1));
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kBlocked);
  EXPECT_EQ(Finish(barrier, a_), Outcome::kNotOwner);
  EXPECT_EQ(Finish(barrier, b_), Outcome::kDone);
  EXPECT_EQ(rig_.Poll(first), Ending(Outcome::kDone, 0));
  EXPECT_EQ(Finish(barrier, b_), Outcome::kNotOwner);
}

TEST_F(BarrierObjectTest, WhoComesDuringTheActionIsOfTheNextGeneration) {
  const Offset barrier = Make(2, true);
  const Offset first = rig_.Queue(barrier, a_);
  ASSERT_EQ(Come(barrier, b_).first, Outcome::kActing);
  const Offset third = rig_.Queue(barrier, c_);
  const Offset fourth = rig_.Queue(barrier, d_);
  ASSERT_NE(fourth, 0U);
  Finish(barrier, b_);
  EXPECT_EQ(rig_.Poll(first), Ending(Outcome::kDone, 0));
  EXPECT_EQ(rig_.Poll(fourth).first, Outcome::kBlocked);
  EXPECT_EQ(rig_.Poll(third), Ending(Outcome::kActing, 1)) << "it completes a generation of two who waited";
  Finish(barrier, c_);
  EXPECT_EQ(rig_.Poll(fourth), Ending(Outcome::kDone, 0));
  EXPECT_EQ(State(barrier).waiting, 0U);
}

TEST_F(BarrierObjectTest, AFailedActionBreaks) {
  const Offset barrier = Make(2, true);
  const Offset first = rig_.Queue(barrier, a_);
  ASSERT_EQ(Come(barrier, b_).first, Outcome::kActing);
  EXPECT_EQ(Finish(barrier, b_, false), Outcome::kDone);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kBroken);
  EXPECT_TRUE(State(barrier).broken);
  EXPECT_EQ(Come(barrier, a_).first, Outcome::kBroken);
  EXPECT_EQ(ResetBarrier(rig_.program, barrier, a_), Outcome::kDone);
  EXPECT_FALSE(State(barrier).broken);
  EXPECT_NE(rig_.Queue(barrier, a_), 0U);
}

TEST_F(BarrierObjectTest, GivingUpAndDyingBreak) {
  for (const bool dies : {false, true}) {
    const Offset barrier = Make(5, false);
    const ParticipantId weak = rig_.Join();
    const Offset first = rig_.Queue(barrier, a_);
    const Offset second = rig_.Queue(barrier, weak);
    const Offset third = rig_.Queue(barrier, b_, true);
    if (dies) {
      rig_.Queue(barrier, weak);
      rig_.End(weak, a_);
    } else {
      EXPECT_EQ(rig_.Cancel(second), Outcome::kTimedOut);
    }
    EXPECT_EQ(rig_.Poll(first).first, Outcome::kBroken);
    EXPECT_EQ(rig_.Poll(third).first, Outcome::kBroken);
    EXPECT_EQ(Come(barrier, c_).first, Outcome::kBroken);
  }
}

TEST_F(BarrierObjectTest, DyingDuringTheActionBreaks) {
  const Offset barrier = Make(2, true);
  const Offset first = rig_.Queue(barrier, a_);
  const ParticipantId dead = rig_.Join();
  ASSERT_EQ(Come(barrier, dead).first, Outcome::kActing);
  rig_.End(dead, a_);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kBroken);
  ResetBarrier(rig_.program, barrier, a_);
  const Offset again = rig_.Queue(barrier, a_);
  EXPECT_EQ(Come(barrier, b_).first, Outcome::kActing);
  Finish(barrier, b_);
  EXPECT_EQ(rig_.Poll(again).first, Outcome::kDone);
}

TEST_F(BarrierObjectTest, WhoComesDuringTheActionMayLeave) {
  const Offset barrier = Make(2, true);
  const Offset first = rig_.Queue(barrier, a_);
  ASSERT_EQ(Come(barrier, b_).first, Outcome::kActing);
  const Offset early = rig_.Queue(barrier, c_);
  rig_.Queue(barrier, d_);
  EXPECT_EQ(rig_.Cancel(early), Outcome::kTimedOut);
  rig_.End(d_, a_);
  EXPECT_FALSE(State(barrier).broken);
  Finish(barrier, b_);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kDone);
  EXPECT_EQ(State(barrier).waiting, 0U);
}

TEST_F(BarrierObjectTest, AbortBreaksForGood) {
  const Offset barrier = Make(2, true);
  const Offset first = rig_.Queue(barrier, a_);
  EXPECT_EQ(AbortBarrier(rig_.program, barrier, b_), Outcome::kDone);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kBroken);
  EXPECT_EQ(Come(barrier, a_).first, Outcome::kBroken);
}

TEST_F(BarrierObjectTest, ResetDuringTheActionLetsItEndFirst) {
  for (const bool aborted : {false, true}) {
    const Offset barrier = Make(2, true);
    const Offset first = rig_.Queue(barrier, a_);
    ASSERT_EQ(Come(barrier, b_).first, Outcome::kActing);
    if (aborted) AbortBarrier(rig_.program, barrier, c_);
    EXPECT_EQ(ResetBarrier(rig_.program, barrier, c_), Outcome::kDone);
    EXPECT_EQ(rig_.Poll(first).first, Outcome::kBroken);
    const Offset third = rig_.Queue(barrier, c_);
    const Offset fourth = rig_.Queue(barrier, d_);
    ASSERT_NE(fourth, 0U) << "no second action at the same time";
    EXPECT_EQ(Finish(barrier, b_), Outcome::kBroken);
    EXPECT_FALSE(State(barrier).broken);
    EXPECT_EQ(rig_.Poll(third).first, Outcome::kActing);
    EXPECT_EQ(Finish(barrier, c_), Outcome::kDone);
    EXPECT_EQ(rig_.Poll(fourth).first, Outcome::kDone);
  }
}

TEST_F(BarrierObjectTest, ClosingEndsWaitsAndLaterOnes) {
  const Offset barrier = Make(2, true);
  const Offset first = rig_.Queue(barrier, a_);
  ASSERT_EQ(Come(barrier, b_).first, Outcome::kActing);
  rig_.program.Close(manager_, a_);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kClosed);
  EXPECT_EQ(Come(barrier, c_).first, Outcome::kClosed);
  EXPECT_EQ(Finish(barrier, b_), Outcome::kClosed);
  EXPECT_EQ(AbortBarrier(rig_.program, barrier, a_), Outcome::kClosed);
  EXPECT_EQ(ResetBarrier(rig_.program, barrier, a_), Outcome::kClosed);
}

// The last one fell after its generation was complete and before everybody was let go.
TEST_F(BarrierObjectTest, RepairLetsTheRestGo) {
  for (const bool acting : {false, true}) {
    const Offset barrier = Make(3, acting);
    const Offset first = rig_.Queue(barrier, a_);
    const Offset second = rig_.Queue(barrier, b_);
    BarrierObject& object = *rig_.program.At<BarrierObject>(barrier);
    const ParticipantId dead = rig_.Join();
    if (acting) {
      ASSERT_EQ(Come(barrier, dead).first, Outcome::kActing);
    }
    object.header.guard.store(dead);
    object.released.store(object.arrivals);
    WaitNode& node = *rig_.program.At<WaitNode>(first);
    node.outcome = static_cast<std::uint32_t>(Outcome::kDone);
    node.state.store(WaitNode::kSettled);
    rig_.End(dead, a_);
    EXPECT_EQ(rig_.Poll(first).first, Outcome::kDone);
    EXPECT_EQ(rig_.Poll(second), Ending(Outcome::kDone, 1));
    EXPECT_FALSE(State(barrier).broken);
    EXPECT_EQ(object.acting.load(), 0U);
  }
}

}  // namespace
}  // namespace allcores::sync
