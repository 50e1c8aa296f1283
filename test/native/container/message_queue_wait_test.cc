#include <gtest/gtest.h>

#include <deque>

#include "container/queue_rig.h"

namespace allcores::testing {
namespace {

using Numbers = std::vector<std::uint64_t>;

class MessageQueueWaitTest : public ::testing::Test, protected QueueRig {
 protected:
  Waiter Get(Offset queue, ParticipantId who, bool in_loop = false) {
    return Waiter(*this, queue, MessageQueue::kGet, who, 0, in_loop);
  }
  Waiter Put(Offset queue, ParticipantId who, std::uint64_t number, std::uint64_t length = 8, bool in_loop = false) {
    return Waiter(*this, queue, MessageQueue::kPut, who, Message(number, who, length), in_loop);
  }
};

TEST_F(MessageQueueWaitTest, APutTellsOneGetter) {
  const Offset queue = Queue();
  Waiter first = Get(queue, me);
  Waiter second = Get(queue, me);
  ASSERT_TRUE(first.IsBlocked());
  ASSERT_TRUE(second.IsBlocked());
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  EXPECT_TRUE(first.IsTold());
  EXPECT_FALSE(second.IsTold());
  ASSERT_EQ(TryPut(queue, 2), Outcome::kDone);
  EXPECT_TRUE(second.IsTold());
  ASSERT_EQ(first.Poll(), Outcome::kDone);
  EXPECT_EQ(first.Number(), 1U);
  ASSERT_EQ(second.Poll(), Outcome::kDone);
  EXPECT_EQ(second.Number(), 2U);
}

TEST_F(MessageQueueWaitTest, AGetterThatComesTooLateKeepsItsPlace) {
  const Offset queue = Queue();
  Waiter first = Get(queue, me);
  Waiter second = Get(queue, me);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  EXPECT_EQ(TryGet(queue), 1U);
  EXPECT_EQ(first.Poll(), Outcome::kBlocked);
  ASSERT_EQ(TryPut(queue, 2), Outcome::kDone);
  EXPECT_TRUE(first.IsTold());
  EXPECT_FALSE(second.IsTold());
  ASSERT_EQ(first.Poll(), Outcome::kDone);
  EXPECT_EQ(first.Number(), 2U);
  EXPECT_EQ(second.Cancel(), Outcome::kTimedOut);
}

TEST_F(MessageQueueWaitTest, AGetterThatGivesUpPassesItsNewsOn) {
  const Offset queue = Queue();
  Waiter first = Get(queue, me);
  Waiter second = Get(queue, me);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  EXPECT_EQ(first.Cancel(), Outcome::kTimedOut);
  EXPECT_TRUE(second.IsTold());
  ASSERT_EQ(second.Poll(), Outcome::kDone);
  EXPECT_EQ(second.Number(), 1U);
}

TEST_F(MessageQueueWaitTest, OneSlowEventLoopKeepsNoThreadFromAMessage) {
  const Offset queue = Queue();
  Waiter loop = Get(queue, me, true);
  Waiter thread = Get(queue, me);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  EXPECT_TRUE(loop.IsTold());
  ASSERT_TRUE(thread.IsTold());
  ASSERT_EQ(thread.Poll(), Outcome::kDone);
  EXPECT_EQ(thread.Number(), 1U);
  EXPECT_EQ(loop.Poll(), Outcome::kBlocked);
  EXPECT_EQ(loop.Cancel(), Outcome::kTimedOut);
}

TEST_F(MessageQueueWaitTest, AnEventLoopGetsInTheOrderOfItsAsking) {
  const Offset queue = Queue();
  std::deque<Waiter> gets;
  for (int i = 0; i < 3; ++i) gets.push_back(Get(queue, me, true));
  for (std::uint64_t i = 0; i < 4; ++i) ASSERT_EQ(TryPut(queue, i), Outcome::kDone);
  EXPECT_TRUE(Get(queue, me, true).IsBlocked()) << "it would overtake";
  EXPECT_EQ(gets[2].Poll(), Outcome::kBlocked);
  EXPECT_EQ(gets[1].Poll(), Outcome::kBlocked);
  for (std::uint64_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(gets[i].IsTold()) << i;
    ASSERT_EQ(gets[i].Poll(), Outcome::kDone) << i;
    EXPECT_EQ(gets[i].Number(), i);
  }
}

TEST_F(MessageQueueWaitTest, TheEndComesToAnEventLoopInAnyOrder) {
  const Offset queue = Queue();
  Waiter first = Get(queue, me, true);
  Waiter second = Get(queue, me, true);
  container::CloseQueue(program, queue, me);
  EXPECT_EQ(second.Poll(), Outcome::kClosed);
  EXPECT_EQ(first.Poll(), Outcome::kClosed);
}

TEST_F(MessageQueueWaitTest, EventLoopsOfOthersNeedNotKeepThatOrder) {
  const Offset queue = Queue();
  const ParticipantId other = shared.Join();
  Waiter slow = Get(queue, me, true);
  Waiter quick = Get(queue, other, true);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 2), Outcome::kDone);
  ASSERT_EQ(quick.Poll(), Outcome::kDone);
  EXPECT_EQ(quick.Number(), 1U);
  ASSERT_EQ(slow.Poll(), Outcome::kDone);
  EXPECT_EQ(slow.Number(), 2U);
}

TEST_F(MessageQueueWaitTest, MailNamesTheEventLoopsNode) {
  const Offset queue = Queue();
  Waiter get = Get(queue, me, true);
  EXPECT_EQ(waiting.TakeMail(me), 0U);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Offset mail = waiting.TakeMail(me);
  ASSERT_EQ(waiting.NextMail(&mail, me), get.node);
  ASSERT_EQ(get.Poll(), Outcome::kDone);
  EXPECT_EQ(get.Number(), 1U);
  EXPECT_EQ(waiting.NextMail(&mail, me), 0U);
}

TEST_F(MessageQueueWaitTest, WaitingMessagesMoveInByThemselves) {
  const Offset queue = Queue(1);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Waiter second = Put(queue, me, 2);
  Waiter third = Put(queue, me, 3);
  ASSERT_TRUE(second.IsBlocked());
  ASSERT_TRUE(third.IsBlocked());
  EXPECT_EQ(TryGet(queue), 1U);
  EXPECT_EQ(container::QueueItems(program, queue), 1U) << "its producer has done nothing yet";
  EXPECT_EQ(third.Poll(), Outcome::kBlocked);
  EXPECT_EQ(second.Poll(), Outcome::kDone);
  EXPECT_EQ(TryGet(queue), 2U);
  EXPECT_EQ(TryGet(queue), 3U);
  EXPECT_EQ(third.Poll(), Outcome::kDone);
}

TEST_F(MessageQueueWaitTest, NobodyOvertakesAWaitingMessage) {
  const Offset queue = Queue(0, 100);
  ASSERT_EQ(TryPut(queue, 1, 60), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 2, 20), Outcome::kDone);
  Waiter large = Put(queue, me, 3, 90);
  ASSERT_TRUE(large.IsBlocked());
  EXPECT_EQ(TryPut(queue, 4, 8), Outcome::kBlocked) << "though it would fit";
  EXPECT_EQ(TryGet(queue), 1U);
  EXPECT_EQ(TryPut(queue, 5, 8), Outcome::kBlocked);
  EXPECT_EQ(TryGet(queue), 2U);
  EXPECT_EQ(large.Poll(), Outcome::kDone);
  EXPECT_EQ(TryPut(queue, 6, 8), Outcome::kDone);
  EXPECT_EQ(Drain(queue), (Numbers{3, 6}));
}

TEST_F(MessageQueueWaitTest, AnOversizedMessageHasItsTurn) {
  const Offset queue = Queue(0, 16);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 2), Outcome::kDone);
  Waiter huge = Put(queue, me, 3, 100'000);
  Waiter small = Put(queue, me, 4);
  EXPECT_EQ(TryGet(queue), 1U);
  EXPECT_EQ(huge.Poll(), Outcome::kBlocked);
  EXPECT_EQ(TryGet(queue), 2U);
  EXPECT_EQ(huge.Poll(), Outcome::kDone);
  EXPECT_EQ(small.Poll(), Outcome::kBlocked);
  EXPECT_EQ(TryGet(queue), 3U);
  EXPECT_EQ(small.Poll(), Outcome::kDone);
}

TEST_F(MessageQueueWaitTest, AProducerThatGivesUpKeepsItsMessageAndLetsTheNextOneIn) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue(0, 100);
  ASSERT_EQ(TryPut(queue, 1, 60), Outcome::kDone);
  Waiter large = Put(queue, me, 2, 90);
  Waiter small = Put(queue, me, 3, 8);
  Waiter get = Get(queue, me);
  ASSERT_FALSE(get.IsBlocked());
  EXPECT_EQ(get.Number(), 1U);
  EXPECT_EQ(large.Poll(), Outcome::kDone);

  Waiter another = Put(queue, me, 4, 90);
  ASSERT_TRUE(another.IsBlocked());
  ASSERT_TRUE(small.IsBlocked());
  EXPECT_EQ(small.Poll(), Outcome::kDone) << "2 and 3 are 98 bytes";
  const Offset kept = another.request.argument;
  EXPECT_EQ(another.Cancel(), Outcome::kTimedOut);
  EXPECT_EQ(Open(kept, me), 4U);
  EXPECT_EQ(Drain(queue), (Numbers{2, 3}));

  ASSERT_EQ(TryPut(queue, 5, 60), Outcome::kDone);
  Waiter before_last = Put(queue, me, 6, 90);
  Waiter last = Put(queue, me, 7, 8);
  EXPECT_EQ(last.Poll(), Outcome::kBlocked);
  EXPECT_EQ(before_last.Cancel(), Outcome::kTimedOut);
  EXPECT_EQ(Open(before_last.request.argument, me), 6U);
  EXPECT_EQ(last.Poll(), Outcome::kDone);
  EXPECT_EQ(Drain(queue), (Numbers{5, 7}));
  program.Release(queue, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(MessageQueueWaitTest, AMessageThatMovesInTellsAGetter) {
  const Offset queue = Queue(1);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Waiter put = Put(queue, me, 2);
  Waiter get = Get(queue, me);
  ASSERT_FALSE(get.IsBlocked());
  EXPECT_EQ(get.Number(), 1U);
  Waiter next = Get(queue, me);
  ASSERT_FALSE(next.IsBlocked());
  EXPECT_EQ(next.Number(), 2U);
  EXPECT_EQ(put.Poll(), Outcome::kDone);
}

TEST_F(MessageQueueWaitTest, ClosingEndsAllWaiting) {
  const Offset queue = Queue(1);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Waiter put = Put(queue, me, 2);
  const Offset empty = Queue();
  Waiter get = Get(empty, me);
  Waiter loop = Get(empty, me, true);
  Waiter peek(*this, empty, MessageQueue::kPeek, me);
  container::CloseQueue(program, queue, me);
  container::CloseQueue(program, empty, me);
  EXPECT_EQ(put.Poll(), Outcome::kClosed);
  EXPECT_EQ(Open(put.request.argument, me), 2U);
  EXPECT_EQ(get.Poll(), Outcome::kClosed);
  EXPECT_EQ(loop.Poll(), Outcome::kClosed);
  EXPECT_EQ(peek.Poll(), Outcome::kDone);
  EXPECT_EQ(TryGet(queue), 1U);
}

TEST_F(MessageQueueWaitTest, TheLastMessageOfAClosedOneEndsTheWaiting) {
  const Offset queue = Queue();
  Waiter first = Get(queue, me);
  Waiter second = Get(queue, me);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  container::CloseQueue(program, queue, me);
  EXPECT_FALSE(second.IsTold());
  EXPECT_EQ(TryGet(queue), 1U);
  EXPECT_EQ(first.Poll(), Outcome::kClosed);
  EXPECT_EQ(second.Poll(), Outcome::kClosed);
}

TEST_F(MessageQueueWaitTest, AMessageTellsAllWhoPeekAndAGetter) {
  const Offset queue = Queue();
  Waiter first(*this, queue, MessageQueue::kPeek, me);
  Waiter second(*this, queue, MessageQueue::kPeek, me);
  Waiter get = Get(queue, me);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  EXPECT_EQ(first.Poll(), Outcome::kDone);
  ASSERT_TRUE(get.IsTold());
  EXPECT_EQ(get.Poll(), Outcome::kDone);
  EXPECT_EQ(get.Number(), 1U);
  EXPECT_EQ(second.Poll(), Outcome::kBlocked) << "it came too late";
  EXPECT_EQ(second.Cancel(), Outcome::kTimedOut);
}

TEST_F(MessageQueueWaitTest, AJoinEndsWhenAllIsDone) {
  const Offset queue = Queue();
  Request at_once{.op = MessageQueue::kJoin, .me = me};
  EXPECT_EQ(waiting.Try(queue, at_once), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Waiter join(*this, queue, MessageQueue::kJoin, me);
  ASSERT_TRUE(join.IsBlocked());
  ASSERT_EQ(TryGet(queue), 1U);
  EXPECT_EQ(join.Poll(), Outcome::kBlocked);
  ASSERT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 2), Outcome::kDone);
  EXPECT_EQ(join.Poll(), Outcome::kDone) << "for a moment all was done";
  Waiter next(*this, queue, MessageQueue::kJoin, me);
  ASSERT_TRUE(next.IsBlocked());
  container::CloseQueue(program, queue, me);
  EXPECT_EQ(next.Poll(), Outcome::kBlocked) << "what is inside can still be taken and done";
  EXPECT_EQ(TryGet(queue), 2U);
  ASSERT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  EXPECT_EQ(next.Poll(), Outcome::kDone);
}

TEST_F(MessageQueueWaitTest, InvitesThoseWhoSpin) {
  const Offset queue = Queue(1);
  const auto inviting = container::QueueWaitType().inviting;
  EXPECT_TRUE(inviting(program, queue, MessageQueue::kPut));
  EXPECT_TRUE(inviting(program, queue, MessageQueue::kJoin));
  EXPECT_FALSE(inviting(program, queue, MessageQueue::kGet));
  EXPECT_FALSE(inviting(program, queue, MessageQueue::kPeek));
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  EXPECT_FALSE(inviting(program, queue, MessageQueue::kPut));
  EXPECT_FALSE(inviting(program, queue, MessageQueue::kJoin));
  EXPECT_TRUE(inviting(program, queue, MessageQueue::kGet));
  EXPECT_TRUE(inviting(program, queue, MessageQueue::kPeek));
  container::CloseQueue(program, queue, me);
  for (std::uint32_t op = 0; op < 4; ++op) EXPECT_TRUE(inviting(program, queue, op)) << op;
}

}  // namespace
}  // namespace allcores::testing
