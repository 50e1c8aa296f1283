#include "sync/waiting.h"

#include <gtest/gtest.h>

#include <thread>

#include "sync/event_object.h"
#include "sync/semaphore_object.h"
#include "sync/sync_rig.h"

namespace allcores::sync {
namespace {

using participant::Participant;

class WaitingTest : public ::testing::Test {
 protected:
  Offset NextMail(Offset* mail) { return rig_.waiting.NextMail(mail, a_); }

  testing::SyncRig rig_;
  const ParticipantId a_ = rig_.Join();
  const ParticipantId b_ = rig_.Join();
  const Offset event_ = CreateEvent(rig_.program, 0, a_);
  const Offset semaphore_ = CreateSemaphore(rig_.program, 0, false, 0, a_);
  const std::uint64_t blocks_ = rig_.Blocks();
};

TEST_F(WaitingTest, WhatNeedNotWaitMakesNoNode) {
  SetEvent(rig_.program, event_, a_);
  EXPECT_EQ(rig_.Queue(event_, a_), 0U);
  EXPECT_EQ(rig_.Blocks(), blocks_);
}

TEST_F(WaitingTest, EveryEndFreesTheNode) {
  const Offset settled = rig_.Queue(event_, a_);
  const Offset cancelled = rig_.Queue(semaphore_, a_);
  const Offset got = rig_.Queue(semaphore_, a_);
  const Offset abandoned = rig_.Queue(semaphore_, a_);
  rig_.Queue(semaphore_, b_);
  SetEvent(rig_.program, event_, b_);
  EXPECT_EQ(rig_.Poll(settled).first, Outcome::kDone);
  EXPECT_EQ(rig_.Cancel(cancelled), Outcome::kTimedOut);
  ReleaseSemaphore(rig_.program, semaphore_, b_, 1);
  EXPECT_EQ(rig_.Poll(got).first, Outcome::kDone);
  rig_.waiting.Abandon(abandoned, a_);
  rig_.End(b_, a_);
  EXPECT_EQ(rig_.Blocks(), blocks_);
}

TEST_F(WaitingTest, CancellingWhatIsOverGivesItsOutcome) {
  const Offset node = rig_.Queue(event_, a_);
  SetEvent(rig_.program, event_, b_);
  EXPECT_EQ(rig_.Cancel(node), Outcome::kDone);
  EXPECT_EQ(rig_.Blocks(), blocks_);
}

TEST_F(WaitingTest, SleepsUntilItIsWoken) {
  testing::Waiter waiter(rig_, false);
  std::thread other([&] { ReleaseSemaphore(rig_.program, semaphore_, b_, 1); });
  EXPECT_EQ(waiter.Wait(semaphore_), Outcome::kDone);
  other.join();
}

TEST_F(WaitingTest, SpinsBeforeItQueues) {
  std::thread other([&] { SetEvent(rig_.program, event_, b_); });
  Request request{.op = 0, .me = a_};
  Offset node = 0;
  EXPECT_EQ(rig_.waiting.Begin(event_, request, testing::kHangNanos, &node), Outcome::kDone);
  EXPECT_EQ(node, 0U);
  other.join();
}

TEST_F(WaitingTest, GivesUpAtItsDeadline) {
  testing::Waiter on_thread(rig_, false);
  testing::Waiter in_loop(rig_, true);
  EXPECT_EQ(on_thread.Wait(semaphore_, Deadline::After(1'000'000)), Outcome::kTimedOut);
  EXPECT_EQ(in_loop.Wait(semaphore_, Deadline::After(1'000'000)), Outcome::kTimedOut);
  EXPECT_EQ(rig_.Blocks(), blocks_);
}

TEST_F(WaitingTest, AnInterruptedSleeperKeepsItsPlace) {
  const Offset node = rig_.Queue(semaphore_, a_);
  Participant& place = rig_.program.participants().At(a_);
  std::thread other([&] {
    place.signals.fetch_or(Participant::kInterrupted);
    rig_.program.Wake(a_, false);
  });
  Request request;
  EXPECT_EQ(rig_.waiting.Sleep(node, request, testing::HangDeadline()), Outcome::kBlocked);
  other.join();
  place.signals.store(0);
  ReleaseSemaphore(rig_.program, semaphore_, b_, 1);
  EXPECT_EQ(rig_.waiting.Sleep(node, request, testing::HangDeadline()), Outcome::kDone);
}

TEST_F(WaitingTest, MailNamesTheNodesOnceInTheirOrder) {
  const Offset one = rig_.Queue(event_, a_, true);
  const Offset two = rig_.Queue(semaphore_, a_, true);
  const Offset three = rig_.Queue(semaphore_, a_, true);
  EXPECT_EQ(rig_.waiting.TakeMail(a_), 0U);
  SetEvent(rig_.program, event_, b_);
  ReleaseSemaphore(rig_.program, semaphore_, b_, 1);
  Offset mail = rig_.waiting.TakeMail(a_);
  EXPECT_EQ(NextMail(&mail), one) << "told first";
  EXPECT_EQ(NextMail(&mail), two);
  EXPECT_EQ(NextMail(&mail), 0U);
  EXPECT_EQ(rig_.waiting.TakeMail(a_), 0U);
  EXPECT_EQ(rig_.Poll(one).first, Outcome::kDone);
  EXPECT_EQ(rig_.Poll(two).first, Outcome::kDone);
  EXPECT_EQ(rig_.Poll(three).first, Outcome::kBlocked);
}

TEST_F(WaitingTest, WhatEndsWhileItIsInTheMailIsFreedThere) {
  const Offset cancelled = rig_.Queue(semaphore_, a_, true);
  const Offset polled = rig_.Queue(event_, a_, true);
  const Offset abandoned = rig_.Queue(event_, a_, true);
  ReleaseSemaphore(rig_.program, semaphore_, b_, 1);
  SetEvent(rig_.program, event_, b_);
  EXPECT_EQ(rig_.Cancel(cancelled), Outcome::kTimedOut);
  EXPECT_EQ(rig_.Poll(polled).first, Outcome::kDone);
  rig_.waiting.Abandon(abandoned, a_);
  EXPECT_EQ(rig_.Blocks(), blocks_ + 3);
  Offset mail = rig_.waiting.TakeMail(a_);
  EXPECT_EQ(NextMail(&mail), 0U);
  EXPECT_EQ(rig_.Blocks(), blocks_);
}

// Whoever notified it fell before it was mailed, or after that and before the poke.
TEST_F(WaitingTest, RecheckFindsWhatWasNotMailed) {
  const Offset lost = rig_.Queue(semaphore_, a_, true);
  const Offset mailed = rig_.Queue(event_, a_, true);
  SetEvent(rig_.program, event_, b_);
  ReleaseSemaphore(rig_.program, semaphore_, b_, 0);
  WaitNode& node = *rig_.program.At<WaitNode>(lost);
  node.mailed.store(1);
  EXPECT_FALSE(rig_.waiting.TakeRecheck(a_));
  const ParticipantId dead = rig_.Join();
  rig_.End(dead, b_);
  ASSERT_TRUE(rig_.waiting.TakeRecheck(a_));
  EXPECT_FALSE(rig_.waiting.TakeRecheck(a_));
  Request request;
  EXPECT_EQ(rig_.waiting.Recheck(lost, request), Outcome::kBlocked);
  EXPECT_EQ(rig_.waiting.Recheck(mailed, request), Outcome::kDone);
  ReleaseSemaphore(rig_.program, semaphore_, b_, 1);
  Offset mail = rig_.waiting.TakeMail(a_);
  EXPECT_EQ(NextMail(&mail), lost) << "later news are mailed again";
  EXPECT_EQ(rig_.waiting.Recheck(lost, request), Outcome::kDone);
  EXPECT_EQ(NextMail(&mail), 0U);
  EXPECT_EQ(rig_.Blocks(), blocks_);
}

TEST_F(WaitingTest, AFullHeapIsAnOutcome) {
  std::vector<Offset> filler;
  for (std::uint64_t bytes = std::uint64_t{1} << 27; bytes >= 16;) {
    const Offset block = rig_.program.heap().Allocate(bytes, a_);
    if (block != 0) {
      filler.push_back(block);
    } else {
      bytes /= 2;
    }
  }
  Request request{.op = 0, .me = a_};
  Offset node = 0;
  EXPECT_EQ(rig_.waiting.Begin(semaphore_, request, 0, &node), Outcome::kNoMemory);
  EXPECT_EQ(node, 0U);
  EXPECT_EQ(CreateSemaphore(rig_.program, 1, false, 0, a_), 0U);
  for (const Offset block : filler) rig_.program.heap().Free(block, a_);
  EXPECT_EQ(rig_.waiting.Begin(semaphore_, request, 0, &node), Outcome::kBlocked);
}

}  // namespace
}  // namespace allcores::sync
