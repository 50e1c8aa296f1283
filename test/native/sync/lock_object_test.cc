#include "sync/lock_object.h"

#include <gtest/gtest.h>

#include "sync/sync_rig.h"

namespace allcores::sync {
namespace {

using testing::SyncRig;

class LockObjectTest : public ::testing::Test {
 protected:
  LockObject& At(Offset lock) { return *rig_.program.At<LockObject>(lock); }
  std::uint32_t Word() { return At(lock_).word.load(); }
  // As JavaScript does it.
  bool TakeFast(ParticipantId me) {
    std::uint32_t seen = 0;
    return At(lock_).word.compare_exchange_strong(seen, me);
  }
  bool ReleaseFast(ParticipantId me) {
    std::uint32_t seen = me;
    return At(lock_).word.compare_exchange_strong(seen, 0);
  }

  SyncRig rig_;
  const ParticipantId a_ = rig_.Join();
  const ParticipantId b_ = rig_.Join();
  const ParticipantId c_ = rig_.Join();
  const Offset lock_ = rig_.MakeLock(a_);
  const Offset rlock_ = rig_.MakeLock(a_, object::ObjectKind::kRLock);
};

TEST_F(LockObjectTest, HasOneHolder) {
  EXPECT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Try(lock_, b_), Outcome::kBlocked);
  EXPECT_EQ(rig_.Try(lock_, a_), Outcome::kBlocked);
  EXPECT_EQ(rig_.Release(lock_, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Try(lock_, b_), Outcome::kDone);
}

TEST_F(LockObjectTest, AnybodyReleasesALock) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  EXPECT_TRUE(HoldsLock(rig_.program, lock_, b_));
  EXPECT_EQ(rig_.Release(lock_, b_), Outcome::kDone);
  EXPECT_FALSE(HoldsLock(rig_.program, lock_, a_));
  EXPECT_EQ(rig_.Release(lock_, b_), Outcome::kNotHeld);
}

TEST_F(LockObjectTest, OnlyItsOwnerTakesAnRLockAgainAndReleasesIt) {
  EXPECT_EQ(rig_.Try(rlock_, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Try(rlock_, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Try(rlock_, b_), Outcome::kBlocked);
  EXPECT_EQ(rig_.Release(rlock_, b_), Outcome::kNotOwner);
  EXPECT_FALSE(HoldsLock(rig_.program, rlock_, b_));
  EXPECT_EQ(rig_.Release(rlock_, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Try(rlock_, b_), Outcome::kBlocked);
  EXPECT_EQ(rig_.Release(rlock_, a_), Outcome::kDone);
  EXPECT_EQ(rig_.Release(rlock_, a_), Outcome::kNotHeld);
  EXPECT_EQ(rig_.Try(rlock_, b_), Outcome::kDone);
}

TEST_F(LockObjectTest, AnRLockIsReleasedEntirelyAndTellsItsDepth) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(rig_.Try(rlock_, a_), Outcome::kDone);
  std::uint32_t depth = 0;
  EXPECT_EQ(ReleaseLock(rig_.program, rlock_, a_, true, &depth), Outcome::kDone);
  EXPECT_EQ(depth, 3U);
  EXPECT_EQ(rig_.Try(rlock_, b_), Outcome::kDone);
}

TEST_F(LockObjectTest, AReleaseNotifiesTheFirstWaiter) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset first = rig_.Queue(lock_, b_);
  const Offset second = rig_.Queue(lock_, c_);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kBlocked);
  rig_.Release(lock_, a_);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kBlocked);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kDone);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kBlocked);
  rig_.Release(lock_, b_);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
}

TEST_F(LockObjectTest, IsReservedForOneWhoHasWaitedLong) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset first = rig_.Queue(lock_, b_);
  rig_.program.At<WaitNode>(first)->since -= kPatience;
  rig_.Release(lock_, a_);
  EXPECT_EQ(rig_.Try(lock_, a_), Outcome::kBlocked);
  EXPECT_FALSE(TakeFast(a_));
  const Offset second = rig_.Queue(lock_, a_);
  EXPECT_EQ(rig_.Poll(first).first, Outcome::kDone);
  rig_.Release(lock_, b_);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
}

TEST_F(LockObjectTest, AReservationEndsWithItsWaiter) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset first = rig_.Queue(lock_, b_);
  rig_.program.At<WaitNode>(first)->since -= kPatience;
  rig_.Release(lock_, a_);
  const Offset second = rig_.Queue(lock_, c_);
  EXPECT_EQ(rig_.Cancel(first), Outcome::kTimedOut);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
}

// The first waiter has left, and nobody has recovered it yet.
TEST_F(LockObjectTest, IsNotReservedForTheDead) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset dead = rig_.Queue(lock_, b_);
  const Offset second = rig_.Queue(lock_, c_);
  rig_.program.At<WaitNode>(dead)->since -= kPatience;
  rig_.program.participants().Leave(b_);
  rig_.Release(lock_, a_);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
  rig_.End(b_, a_);
  EXPECT_EQ(At(lock_).waiters.count.load(), 0U);
}

TEST_F(LockObjectTest, ANotificationOfTheDeadIsPassedOn) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  rig_.Queue(lock_, b_);
  const Offset second = rig_.Queue(lock_, c_);
  rig_.Release(lock_, a_);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kBlocked);
  rig_.End(b_, a_);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
}

TEST_F(LockObjectTest, ADeadOwnersLockIsFreeAndTheNextOneIsToldOnce) {
  for (const Offset lock : {lock_, rlock_}) {
    const ParticipantId dead = rig_.Join();
    ASSERT_EQ(rig_.Try(lock, dead), Outcome::kDone);
    rig_.Try(lock, dead);
    const Offset waiter = rig_.Queue(lock, b_);
    rig_.End(dead, a_);
    EXPECT_EQ(rig_.Poll(waiter), std::make_pair(Outcome::kDone, kRecovered));
    rig_.Release(lock, b_);
    std::uint64_t result = 9;
    EXPECT_EQ(rig_.Try(lock, c_, &result), Outcome::kDone);
    EXPECT_EQ(result, 0U);
  }
}

TEST_F(LockObjectTest, ADeathWithoutWaitersKeepsTheFastPathShutUntilItIsTold) {
  const ParticipantId dead = rig_.Join();
  ASSERT_TRUE(TakeFast(dead));
  rig_.End(dead, a_);
  EXPECT_FALSE(TakeFast(b_));
  std::uint64_t result = 0;
  EXPECT_EQ(rig_.Try(lock_, b_, &result), Outcome::kDone);
  EXPECT_EQ(result, kRecovered);
  EXPECT_TRUE(ReleaseFast(b_));
}

TEST_F(LockObjectTest, FastAndSlowWaysMeet) {
  ASSERT_TRUE(TakeFast(a_));
  EXPECT_EQ(rig_.Try(lock_, b_), Outcome::kBlocked);
  EXPECT_FALSE(ReleaseFast(a_)) << "an attempt that failed may be about to wait";
  EXPECT_EQ(rig_.Release(lock_, a_), Outcome::kDone);
  EXPECT_EQ(Word(), 0U);
  ASSERT_EQ(rig_.Try(lock_, b_), Outcome::kDone);
  EXPECT_FALSE(TakeFast(a_));
  EXPECT_TRUE(ReleaseFast(b_));
  EXPECT_EQ(rig_.Release(lock_, b_), Outcome::kNotHeld);
}

TEST_F(LockObjectTest, GivingUpLeavesTheQueue) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset first = rig_.Queue(lock_, b_);
  const Offset second = rig_.Queue(lock_, c_);
  rig_.Release(lock_, a_);
  EXPECT_EQ(rig_.Cancel(first), Outcome::kTimedOut);
  EXPECT_EQ(rig_.Poll(second).first, Outcome::kDone);
  rig_.Release(lock_, c_);
  EXPECT_EQ(At(lock_).waiters.count.load(), 0U);
}

TEST_F(LockObjectTest, ClosingEndsWaitsAndLaterOnes) {
  const Offset manager = rig_.MakeLock(a_);
  const Offset lock = rig_.MakeLock(a_, object::ObjectKind::kLock, manager);
  ASSERT_EQ(rig_.Try(lock, a_), Outcome::kDone);
  const Offset waiter = rig_.Queue(lock, b_);
  rig_.program.Close(manager, a_);
  EXPECT_EQ(rig_.Poll(waiter).first, Outcome::kClosed);
  EXPECT_EQ(rig_.Try(lock, c_), Outcome::kClosed);
  EXPECT_EQ(rig_.Release(lock, a_), Outcome::kDone);
  EXPECT_NE(At(lock).word.load(), 0U) << "JavaScript must not get past it";
  EXPECT_EQ(rig_.Try(lock, c_), Outcome::kClosed);
}

// Somebody fell inside the guard, after the waiter was queued and before the mark.
TEST_F(LockObjectTest, RepairFindsAWaiterOfAFreeLock) {
  ASSERT_EQ(rig_.Try(lock_, a_), Outcome::kDone);
  const Offset waiter = rig_.Queue(lock_, b_);
  At(lock_).word.store(0);
  At(lock_).waiters.tail = 0;
  At(lock_).waiters.count = 77;
  const ParticipantId dead = rig_.Join();
  At(lock_).header.guard.store(dead);
  rig_.End(dead, a_);
  EXPECT_EQ(At(lock_).waiters.count.load(), 1U);
  EXPECT_EQ(At(lock_).waiters.tail, waiter);
  EXPECT_EQ(rig_.Poll(waiter).first, Outcome::kDone);
}

}  // namespace
}  // namespace allcores::sync
