#include "container/message_queue.h"

#include <gtest/gtest.h>

#include "container/queue_rig.h"

namespace allcores::testing {
namespace {

using Numbers = std::vector<std::uint64_t>;

class MessageQueueTest : public ::testing::Test, protected QueueRig {};

TEST_F(MessageQueueTest, GivesOutInTheOrderOfPutting) {
  const Offset queue = Queue();
  for (std::uint64_t i = 1; i <= 5; ++i) EXPECT_EQ(TryPut(queue, i), Outcome::kDone);
  EXPECT_EQ(container::QueueItems(program, queue), 5U);
  EXPECT_EQ(Drain(queue), (Numbers{1, 2, 3, 4, 5}));
  EXPECT_EQ(container::QueueItems(program, queue), 0U);
  EXPECT_EQ(TryPut(queue, 6), Outcome::kDone);
  EXPECT_EQ(Drain(queue), Numbers{6});
}

TEST_F(MessageQueueTest, AnEmptyOneBlocks) {
  const Offset queue = Queue();
  Offset message = 77;
  EXPECT_EQ(container::TryGet(program, queue, me, &message), Outcome::kBlocked);
  EXPECT_EQ(message, 0U);
}

TEST_F(MessageQueueTest, HoldsNoMoreThanItsItems) {
  const Offset queue = Queue(2);
  EXPECT_EQ(TryPut(queue, 1), Outcome::kDone);
  EXPECT_FALSE(container::QueueFull(program, queue));
  EXPECT_EQ(TryPut(queue, 2), Outcome::kDone);
  EXPECT_TRUE(container::QueueFull(program, queue));
  EXPECT_EQ(TryPut(queue, 3), Outcome::kBlocked);
  EXPECT_EQ(TryGet(queue), 1U);
  EXPECT_FALSE(container::QueueFull(program, queue));
  EXPECT_EQ(TryPut(queue, 4), Outcome::kDone);
  EXPECT_EQ(Drain(queue), (Numbers{2, 4}));
}

TEST_F(MessageQueueTest, HoldsNoMoreThanItsBytes) {
  const Offset queue = Queue(0, 100);
  EXPECT_EQ(TryPut(queue, 1, 60), Outcome::kDone);
  EXPECT_EQ(container::QueueBytes(program, queue), 60U);
  EXPECT_EQ(TryPut(queue, 2, 41), Outcome::kBlocked);
  EXPECT_EQ(TryPut(queue, 3, 40), Outcome::kDone);
  EXPECT_TRUE(container::QueueFull(program, queue));
  EXPECT_EQ(Drain(queue), (Numbers{1, 3}));
  EXPECT_EQ(container::QueueBytes(program, queue), 0U);
}

TEST_F(MessageQueueTest, TakesAMessageBeyondItsBytesOnlyWhenEmpty) {
  const Offset queue = Queue(0, 100);
  EXPECT_EQ(TryPut(queue, 1, 8), Outcome::kDone);
  EXPECT_EQ(TryPut(queue, 2, 1000), Outcome::kBlocked);
  EXPECT_EQ(TryGet(queue), 1U);
  EXPECT_EQ(TryPut(queue, 3, 1000), Outcome::kDone);
  EXPECT_TRUE(container::QueueFull(program, queue));
  EXPECT_EQ(TryPut(queue, 4, 8), Outcome::kBlocked);
  EXPECT_EQ(TryGet(queue), 3U);
}

TEST_F(MessageQueueTest, AClosedOneGivesWhatItHasAndTakesNothing) {
  const Offset queue = Queue();
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  EXPECT_FALSE(container::QueueClosed(program, queue));
  container::CloseQueue(program, queue, me);
  container::CloseQueue(program, queue, me);
  EXPECT_TRUE(container::QueueClosed(program, queue));
  EXPECT_EQ(TryPut(queue, 2), Outcome::kClosed);
  EXPECT_EQ(TryGet(queue), 1U);
  Offset message = 0;
  EXPECT_EQ(container::TryGet(program, queue, me, &message), Outcome::kClosed);
}

TEST_F(MessageQueueTest, CountsWhatIsNotDone) {
  const Offset queue = Queue();
  EXPECT_EQ(container::TaskDone(program, queue, me), Outcome::kOverReleased);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 2), Outcome::kDone);
  EXPECT_EQ(container::QueueUnfinished(program, queue), 2U);
  ASSERT_EQ(TryGet(queue), 1U);
  EXPECT_EQ(container::QueueUnfinished(program, queue), 2U);
  EXPECT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  // Python's counter does not ask whether the message was taken.
  EXPECT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  EXPECT_EQ(container::TaskDone(program, queue, me), Outcome::kOverReleased);
  EXPECT_EQ(TryGet(queue), 2U);
  EXPECT_EQ(container::QueueUnfinished(program, queue), 0U);
}

TEST_F(MessageQueueTest, TakesBackWhatNobodyLookedAt) {
  const Offset queue = Queue(2);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 2), Outcome::kDone);
  Offset message = 0;
  ASSERT_EQ(container::TryGet(program, queue, me, &message), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 3), Outcome::kDone);
  container::PutBack(program, queue, message, me);
  EXPECT_EQ(container::QueueItems(program, queue), 3U);
  EXPECT_EQ(container::QueueUnfinished(program, queue), 3U);
  EXPECT_EQ(Drain(queue), (Numbers{1, 2, 3}));

  ASSERT_EQ(TryPut(queue, 4), Outcome::kDone);
  ASSERT_EQ(container::TryGet(program, queue, me, &message), Outcome::kDone);
  container::PutBack(program, queue, message, me);  // into an empty one
  ASSERT_EQ(TryPut(queue, 5), Outcome::kDone);
  EXPECT_EQ(Drain(queue), (Numbers{4, 5}));
}

TEST_F(MessageQueueTest, GoesWithItsMessagesAndTheirReferences) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue();
  const Offset inner = Queue();
  const Offset links[] = {inner};
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(container::TryPut(program, queue, Message(7, me, 8, links), me), Outcome::kDone);
  }
  program.Release(inner, me);
  EXPECT_EQ(program.Header(inner).references.load(), 3U);
  EXPECT_EQ(TryGet(queue), 7U);
  EXPECT_EQ(program.Header(inner).references.load(), 2U);
  program.Release(queue, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(MessageQueueTest, ManyInOneAnotherGoWithoutExhaustingTheStack) {
  const std::uint64_t before = shared.Blocks();
  Offset queue = Queue();
  for (int i = 0; i < 100'000; ++i) {
    const Offset outer = Queue();
    const Offset links[] = {queue};
    ASSERT_EQ(container::TryPut(program, outer, Message(0, me, 8, links), me), Outcome::kDone);
    program.Release(queue, me);
    queue = outer;
  }
  program.Release(queue, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(MessageQueueTest, ItsManagersShutdownEmptiesAndClosesIt) {
  const Offset manager = Queue();
  const std::uint64_t before = shared.Blocks();
  const Offset queue = container::CreateQueue(program, 1, 0, manager, me);
  ASSERT_EQ(TryPut(queue, 1), Outcome::kDone);
  const Offset pending = Message(2, me);
  Waiter put(*this, queue, MessageQueue::kPut, me, pending);
  Waiter join(*this, queue, MessageQueue::kJoin, me);
  ASSERT_TRUE(put.IsBlocked());
  ASSERT_TRUE(join.IsBlocked());
  Offset taken = 0;
  const Offset other = container::CreateQueue(program, 0, 0, manager, me);
  ASSERT_EQ(TryPut(other, 3), Outcome::kDone);
  ASSERT_EQ(container::TryGet(program, other, me, &taken), Outcome::kDone);
  Waiter get(*this, other, MessageQueue::kGet, me);
  Waiter peek(*this, other, MessageQueue::kPeek, me);

  program.Close(manager, me);
  for (Waiter* waiter : {&put, &join, &get, &peek}) EXPECT_EQ(waiter->Poll(), Outcome::kClosed);
  object::FreeValueBlock(program, pending, me);
  container::PutBack(program, other, taken, me);
  EXPECT_EQ(TryPut(queue, 1), Outcome::kClosed);
  EXPECT_EQ(container::TryGet(program, queue, me, &taken), Outcome::kClosed);
  EXPECT_EQ(container::TaskDone(program, queue, me), Outcome::kClosed);
  for (const std::uint32_t op : {MessageQueue::kGet, MessageQueue::kPeek, MessageQueue::kJoin}) {
    Request request{.op = op, .me = me};
    EXPECT_EQ(waiting.Try(queue, request), Outcome::kClosed) << op;
  }
  EXPECT_TRUE(container::QueueClosed(program, queue));
  program.Release(queue, me);
  program.Release(other, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(MessageQueueTest, SaysSoWhenTheHeapIsFull) {
  QueueRig* const rig = this;
  std::vector<Offset> blocks;
  for (std::uint64_t bytes = std::uint64_t{1} << 28; bytes >= 16; bytes /= 2) {
    while (const Offset block = program.heap().Allocate(bytes, me)) blocks.push_back(block);
  }
  EXPECT_EQ(container::CreateQueue(program, 0, 0, 0, me), 0U);
  Offset a = 1;
  Offset b = 1;
  EXPECT_FALSE(container::CreatePipe(program, true, 0, me, &a, &b));
  EXPECT_EQ(a + b, 0U);
  for (const Offset block : blocks) program.heap().Free(block, me);
  EXPECT_NE(rig->Queue(), 0U);
}

}  // namespace
}  // namespace allcores::testing
