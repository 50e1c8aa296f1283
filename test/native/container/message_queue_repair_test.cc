#include <gtest/gtest.h>

#include "container/queue_rig.h"
#include "participant/guard.h"

namespace allcores::testing {
namespace {

using Numbers = std::vector<std::uint64_t>;

// Somebody dies inside the guard, after the first of the stores that an operation consists of.
class MessageQueueRepairTest : public ::testing::Test, protected QueueRig {
 protected:
  template <typename Deed>
  void DieAfter(Offset queue, Deed deed) {
    const ParticipantId dead = shared.Join();
    (void)participant::Guard(program.Header(queue).guard).Lock(program.participants(), dead);
    deed(*program.At<MessageQueue>(queue));
    shared.End(dead, me);
  }
  void ExpectSound(Offset offset) {
    MessageQueue& queue = *program.At<MessageQueue>(offset);
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;
    Offset last = 0;
    for (Offset at = queue.messages.head; at != 0; at = program.At<ValueBlock>(at)->next) {
      ++items;
      bytes += program.At<ValueBlock>(at)->length;
      last = at;
    }
    EXPECT_EQ(queue.messages.Items(), items);
    EXPECT_EQ(queue.messages.Bytes(), bytes);
    EXPECT_EQ(queue.messages.tail, last);
  }
  // Any operation inherits the guard.
  void Inherit(Offset queue) { container::CloseQueue(program, queue, me); }
};

TEST_F(MessageQueueRepairTest, AMessagePutBeforeTheDeathIsThereAndIsTold) {
  const Offset queue = Queue();
  Waiter get(*this, queue, MessageQueue::kGet, me);
  Waiter peek(*this, queue, MessageQueue::kPeek, me);
  const Offset message = Message(1, me);
  DieAfter(queue, [&](MessageQueue& half) { half.messages.head = message; });
  EXPECT_TRUE(get.IsTold()) << "recovery looks at queues where somebody waits";
  EXPECT_EQ(peek.Poll(), Outcome::kDone);
  ASSERT_EQ(get.Poll(), Outcome::kDone);
  EXPECT_EQ(get.Number(), 1U);
  ExpectSound(queue);
}

TEST_F(MessageQueueRepairTest, TheCountsAreTakenAnew) {
  const Offset queue = Queue();
  ASSERT_EQ(TryPut(queue, 1, 10), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 2, 20), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 3, 30), Outcome::kDone);
  DieAfter(queue, [&](MessageQueue& half) {
    half.messages.tail = 0;
    half.messages.put = 77;
    half.messages.put_bytes = 7;
  });
  EXPECT_EQ(TryPut(queue, 4, 40), Outcome::kDone);
  ExpectSound(queue);
  EXPECT_EQ(Drain(queue), (Numbers{1, 2, 3, 4}));
}

TEST_F(MessageQueueRepairTest, AMessageTakenBeforeTheDeathIsLostAndCountsAsDone) {
  const Offset queue = Queue(1);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Waiter put(*this, queue, MessageQueue::kPut, me, Message(2, me));
  Waiter join(*this, queue, MessageQueue::kJoin, me);
  Offset lost = 0;
  DieAfter(queue, [&](MessageQueue& half) {
    lost = half.messages.head;
    half.messages.head = 0;
  });
  object::FreeValueBlock(program, lost, me);
  EXPECT_EQ(put.Poll(), Outcome::kDone);
  ExpectSound(queue);
  EXPECT_EQ(TryGet(queue), 2U);
  EXPECT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  EXPECT_EQ(join.Poll(), Outcome::kDone);
}

TEST_F(MessageQueueRepairTest, AJoinForTheLostMessageEnds) {
  const Offset queue = Queue();
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Waiter join(*this, queue, MessageQueue::kJoin, me);
  DieAfter(queue, [&](MessageQueue& half) { half.messages.head = 0; });
  EXPECT_EQ(join.Poll(), Outcome::kDone);
}

TEST_F(MessageQueueRepairTest, WhatWasDoneAheadOfALostMessageIsNoDebt) {
  const Offset queue = Queue();
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  ASSERT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  DieAfter(queue, [&](MessageQueue& half) { half.messages.head = 0; });
  ASSERT_EQ(TryPut(queue, 2), Outcome::kDone);
  EXPECT_EQ(container::QueueUnfinished(program, queue), 1U);
  EXPECT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
}

TEST_F(MessageQueueRepairTest, AMessageThatMovedInIsNotItsProducersAnyMore) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue(1);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Waiter put(*this, queue, MessageQueue::kPut, me, Message(2, me));
  Waiter next(*this, queue, MessageQueue::kPut, me, Message(3, me));
  // Took 1, moved 2 in, and did not tell.
  DieAfter(queue, [&](MessageQueue& half) {
    Open(half.messages.head, me);
    half.messages.head = put.request.argument;
    half.messages.tail = 0;
  });
  EXPECT_EQ(put.Poll(), Outcome::kDone);
  EXPECT_EQ(next.Poll(), Outcome::kBlocked);
  EXPECT_EQ(TryGet(queue), 2U);
  EXPECT_EQ(next.Poll(), Outcome::kDone);
  EXPECT_EQ(TryGet(queue), 3U);
  EXPECT_EQ(TryGet(queue), std::nullopt);
  program.Release(queue, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(MessageQueueRepairTest, AProducerThatWasToldAndNotTakenOffIsTakenOff) {
  const Offset queue = Queue(1);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Waiter put(*this, queue, MessageQueue::kPut, me, Message(2, me));
  Waiter next(*this, queue, MessageQueue::kPut, me, Message(3, me));
  DieAfter(queue, [&](MessageQueue& half) {
    Open(half.messages.head, me);
    half.messages.head = put.request.argument;
    sync::WaitNode& node = *program.At<sync::WaitNode>(put.node);
    node.outcome = static_cast<std::uint32_t>(Outcome::kDone);
    node.state = sync::WaitNode::kSettled;
  });
  EXPECT_EQ(put.Poll(), Outcome::kDone);
  EXPECT_EQ(TryGet(queue), 2U);
  EXPECT_EQ(next.Poll(), Outcome::kDone);
  EXPECT_EQ(TryGet(queue), 3U);
  ExpectSound(queue);
}

TEST_F(MessageQueueRepairTest, ADeadProducersMessageIsFreedOrDeliveredOnce) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue(1);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  const Offset inner = Queue();
  const Offset links[] = {inner};
  const ParticipantId producer = shared.Join();
  Waiter put(*this, queue, MessageQueue::kPut, producer, Message(2, producer, 8, links));
  Waiter next(*this, queue, MessageQueue::kPut, me, Message(3, me));
  ASSERT_TRUE(put.IsBlocked());
  shared.End(producer, me);
  EXPECT_EQ(Drain(queue), (Numbers{1, 3}));
  EXPECT_EQ(next.Poll(), Outcome::kDone);
  EXPECT_EQ(program.Header(inner).references.load(), 1U) << "freed with the next operation";
  program.Release(inner, me);
  program.Release(queue, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(MessageQueueRepairTest, ADeadGettersNewsArePassedOn) {
  const Offset queue = Queue();
  const ParticipantId getter = shared.Join();
  Waiter dead(*this, queue, MessageQueue::kGet, getter);
  Waiter next(*this, queue, MessageQueue::kGet, me);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  EXPECT_FALSE(next.IsTold());
  shared.End(getter, me);
  EXPECT_TRUE(next.IsTold());
  ASSERT_EQ(next.Poll(), Outcome::kDone);
  EXPECT_EQ(next.Number(), 1U);
}

TEST_F(MessageQueueRepairTest, AClosingThatNobodyWasToldOfIsTold) {
  const Offset queue = Queue(1);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  Waiter put(*this, queue, MessageQueue::kPut, me, Message(2, me));
  const Offset empty = Queue();
  Waiter get(*this, empty, MessageQueue::kGet, me);
  DieAfter(queue, [&](MessageQueue& half) { half.closed = 1; });
  DieAfter(empty, [&](MessageQueue& half) { half.closed = 1; });
  EXPECT_EQ(put.Poll(), Outcome::kClosed);
  EXPECT_EQ(Open(put.request.argument, me), 2U);
  EXPECT_EQ(get.Poll(), Outcome::kClosed);
}

TEST_F(MessageQueueRepairTest, AMessageGivenBackHalfwayIsLostAndCountsAsDone) {
  const Offset queue = Queue();
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  ASSERT_EQ(TryGet(queue), 1U);
  DieAfter(queue, [&](MessageQueue& half) { half.in_hand = 0; });
  Inherit(queue);
  EXPECT_EQ(container::QueueUnfinished(program, queue), 0U);
}

}  // namespace
}  // namespace allcores::testing
