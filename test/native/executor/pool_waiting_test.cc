#include <gtest/gtest.h>

#include "support/pool_fixture.h"

namespace allcores::executor {
namespace {

// Every wait of both sides, as far as one thread can see it: when it does not sleep at all, and what is left behind.
class PoolWaitingTest : public ::testing::Test {
 protected:
  PoolWaitingTest() {
    pool->wakers().Set(PoolCore::kOwner, [this] { ++owner_pokes; });
    pool->wakers().Set(PoolCore::Participant(0), [this] { ++worker_pokes; });
  }

  void PushTask() { ASSERT_TRUE(pool->ring().TryPush(pool->tasks().Publish(0))); }
  void PushResult() { ASSERT_TRUE(pool->results(1).TryPush(0, {})); }
  [[nodiscard]] std::uint32_t sleepers() const { return pool->control().sleepers.load(); }
  static Deadline Soon() { return Deadline::After(1'000'000); }

  std::shared_ptr<PoolCore> pool = testing::MakePool(testing::kSmallPool, 2);
  int owner_pokes = 0;
  int worker_pokes = 0;
};

TEST_F(PoolWaitingTest, AnIdleWorkerParksUntilItsDeadline) {
  pool->ParkWorker(0, Soon());
  EXPECT_EQ(sleepers(), 0U);
}

TEST_F(PoolWaitingTest, AWorkerDoesNotParkBesideWork) {
  PushTask();
  pool->ParkWorker(0, Deadline::Never());
  EXPECT_FALSE(pool->EnterLoop(0));
  EXPECT_EQ(sleepers(), 0U);
}

TEST_F(PoolWaitingTest, AWorkerDoesNotParkBesideItsMailboxButBesideOthers) {
  ASSERT_TRUE(pool->mailbox(0).TryPush(pool->tasks().Publish(0)));
  pool->ParkWorker(0, Deadline::Never());
  pool->ParkWorker(1, Soon());
  EXPECT_EQ(sleepers(), 0U);
}

TEST_F(PoolWaitingTest, AWorkerDoesNotParkBesideACommandOrShutdown) {
  pool->worker(0).command.store(WorkerBlock::kStop);
  pool->ParkWorker(0, Deadline::Never());
  pool->control().shutdown.store(1);
  pool->ParkWorker(1, Deadline::Never());
  EXPECT_FALSE(pool->EnterLoop(1));
  EXPECT_EQ(sleepers(), 0U);
}

TEST_F(PoolWaitingTest, AWorkerDoesNotParkBesideUnbegunClaimsOfOthers) {
  PushTask();
  ASSERT_EQ(pool->Take(0, 1, 0), 1U);
  pool->ParkWorker(1, Deadline::Never());
  const std::uint32_t entry = pool->worker(0).claims[0].load();
  ASSERT_TRUE(pool->tasks().TryBegin(entry, 0));
  pool->ParkWorker(1, Soon());
}

TEST_F(PoolWaitingTest, WakingNobodyWakesNobody) {
  EXPECT_EQ(pool->WakeWorkers(4), 0U);
  EXPECT_EQ(worker_pokes, 0);
}

TEST_F(PoolWaitingTest, AWorkerInItsLoopIsPokedOnce) {
  ASSERT_TRUE(pool->EnterLoop(0));
  EXPECT_EQ(sleepers(), 1U);
  EXPECT_EQ(pool->WakeWorkers(4), 1U);
  EXPECT_EQ(pool->WakeWorkers(4), 0U);
  EXPECT_EQ(worker_pokes, 1);
  pool->LeaveLoop(0);
  EXPECT_EQ(sleepers(), 0U);
}

TEST_F(PoolWaitingTest, LeavingTheLoopWithoutAPokeIsNotCountedTwice) {
  ASSERT_TRUE(pool->EnterLoop(0));
  pool->LeaveLoop(0);
  pool->LeaveLoop(0);
  EXPECT_EQ(sleepers(), 0U);
  EXPECT_EQ(pool->WakeWorkers(1), 0U);
}

TEST_F(PoolWaitingTest, WakesNoMoreThanAsked) {
  pool->wakers().Set(PoolCore::Participant(1), [this] { ++worker_pokes; });
  ASSERT_TRUE(pool->EnterLoop(0));
  ASSERT_TRUE(pool->EnterLoop(1));
  EXPECT_EQ(pool->WakeWorkers(1), 1U);
  EXPECT_EQ(worker_pokes, 1);
  EXPECT_EQ(sleepers(), 1U);
  EXPECT_EQ(pool->WakeWorkers(1), 1U);
  EXPECT_EQ(worker_pokes, 2);
  EXPECT_EQ(sleepers(), 0U);
}

TEST_F(PoolWaitingTest, ANudgeReachesALoopThatIsNotIdle) {
  pool->NudgeWorker(0);
  EXPECT_EQ(worker_pokes, 1);
  ASSERT_TRUE(pool->EnterLoop(0));
  pool->NudgeWorker(0);
  EXPECT_EQ(worker_pokes, 2);
  EXPECT_EQ(sleepers(), 0U);
}

TEST_F(PoolWaitingTest, TheOwnerDoesNotSleepBesideAResult) {
  PushResult();
  EXPECT_TRUE(pool->SleepOwner(0, Deadline::Never()));
  EXPECT_FALSE(pool->ParkOwnerInLoop(0));
  EXPECT_TRUE(pool->SpinForResults(0, INT64_MAX));
  pool->NotifyOwner();
  EXPECT_EQ(owner_pokes, 0);  // it took its announcement back
}

TEST_F(PoolWaitingTest, TheOwnerSleepsUntilItsDeadline) {
  EXPECT_FALSE(pool->SleepOwner(0, Soon()));
  EXPECT_FALSE(pool->SpinForResults(0, 20'000'000));
  pool->NotifyOwner();
  EXPECT_EQ(owner_pokes, 0);
}

TEST_F(PoolWaitingTest, ADeathIsSeenOnce) {
  pool->MarkDead(1);
  EXPECT_TRUE(pool->SleepOwner(0, Deadline::Never()));
  EXPECT_FALSE(pool->SleepOwner(1, Soon()));
  EXPECT_TRUE(pool->ParkOwnerInLoop(1));
}

TEST_F(PoolWaitingTest, AnOwnerInItsLoopIsPokedOncePerAnnouncement) {
  ASSERT_TRUE(pool->ParkOwnerInLoop(0));
  pool->NotifyOwner();
  pool->NotifyOwner();
  EXPECT_EQ(owner_pokes, 1);
  ASSERT_TRUE(pool->ParkOwnerInLoop(0));
  pool->MarkDead(0);
  EXPECT_EQ(owner_pokes, 2);
}

TEST_F(PoolWaitingTest, RoomIsNotWaitedForWhenItIsThere) {
  PushResult();
  const std::uint32_t head = pool->worker(1).result_ends.head.load();
  pool->AwaitRoom(1, head, Soon());
  queue::ResultRing::Record record;
  ASSERT_TRUE(pool->results(1).Peek(&record));
  pool->results(1).Pop();
  pool->AwaitRoom(1, head, Deadline::Never());
  pool->Shutdown();
  pool->AwaitRoom(1, pool->worker(1).result_ends.head.load(), Deadline::Never());
}

TEST_F(PoolWaitingTest, BuryingLeavesAVacantSlot) {
  WorkerBlock& worker = pool->worker(0);
  worker.status.store(static_cast<std::uint32_t>(WorkerStatus::kServing));
  worker.command.store(WorkerBlock::kStop);
  ASSERT_TRUE(pool->mailbox(0).TryPush(pool->tasks().Publish(3)));
  worker.claim_count.store(5);
  pool->MarkDead(0);
  EXPECT_EQ(worker.status.load(), static_cast<std::uint32_t>(WorkerStatus::kDead));
  EXPECT_EQ(pool->control().deaths.load(), 1U);
  pool->Bury(0);
  EXPECT_EQ(worker.status.load(), static_cast<std::uint32_t>(WorkerStatus::kVacant));
  EXPECT_EQ(worker.command.load(), 0U);
  EXPECT_EQ(worker.claim_count.load(), 0U);
  EXPECT_TRUE(pool->mailbox(0).empty());
}

TEST_F(PoolWaitingTest, AWorkerThatDiesAsleepIsNoLongerCounted) {
  ASSERT_TRUE(pool->EnterLoop(0));
  pool->MarkDead(0);
  EXPECT_EQ(sleepers(), 0U);
  EXPECT_EQ(pool->WakeWorkers(1), 0U);
}

}  // namespace
}  // namespace allcores::executor
