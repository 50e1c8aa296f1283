#include <gtest/gtest.h>

#include "container/queue_rig.h"
#include "container/value_rig.h"
#include "participant/guard.h"

namespace allcores::testing {
namespace {

using Numbers = std::vector<std::uint64_t>;

// Values into queues and out of them, through rings where they are short.
class MessageValuesTest : public ::testing::Test, protected ValueRig {
 protected:
  // As many short messages as get the queue a ring, taken out again.
  void Warm(Offset queue) {
    for (std::uint64_t i = 0; i < 8; ++i) ASSERT_EQ(PutValue(queue, i), Outcome::kDone);
    ASSERT_EQ(TakeAll(queue), (Numbers{0, 1, 2, 3, 4, 5, 6, 7}));
    ASSERT_TRUE(IsOpen(queue));
  }
  Numbers TakeAll(Offset queue) {
    Numbers numbers;
    while (const auto number = GetValue(queue)) numbers.push_back(*number);
    return numbers;
  }
  // Whether the next short message takes the guard of the back alone.
  bool IsOpen(Offset queue) { return program.At<MessageQueue>(queue)->messages.back.load() != 0; }
  // Somebody dies with the guard of the back alone.
  template <typename Deed>
  void DieAfter(Offset queue, Deed deed) {
    const ParticipantId dead = shared.Join();
    auto& messages = program.At<MessageQueue>(queue)->messages;
    (void)participant::Guard(messages.guard).Lock(program.participants(), dead);
    deed(messages);
    shared.End(dead, me);
  }
  static std::span<const std::byte> BytesOf(const std::uint64_t& number) {
    return std::as_bytes(std::span(&number, 1));
  }
};

TEST_F(MessageValuesTest, ShortAndLongOnesComeInTheirOrder) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue();
  Numbers sent;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    ASSERT_EQ(PutValue(queue, i, i % 97 == 0 ? 5000 : 8 + i % 60), Outcome::kDone);
    sent.push_back(i);
  }
  EXPECT_EQ(container::QueueItems(program, queue), sent.size());
  EXPECT_EQ(TakeAll(queue), sent);
  EXPECT_EQ(container::QueueItems(program, queue), 0U);
  EXPECT_EQ(container::QueueBytes(program, queue), 0U);
  EXPECT_EQ(container::QueueUnfinished(program, queue), sent.size());
  program.Release(queue, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(MessageValuesTest, GoesOnWithoutBlocks) {
  const Offset queue = Queue();
  Warm(queue);
  const std::uint64_t before = shared.Blocks();
  for (std::uint64_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(PutValue(queue, i), Outcome::kDone);
    ASSERT_EQ(GetValue(queue), i);
  }
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(MessageValuesTest, ALoneMessageGetsNoRing) {
  const Offset queue = Queue();
  ASSERT_EQ(PutValue(queue, 1), Outcome::kDone);
  EXPECT_FALSE(IsOpen(queue));
  EXPECT_EQ(GetValue(queue), 1U);
}

TEST_F(MessageValuesTest, AQueueWithABoundHasNone) {
  const Offset queue = Queue(5);
  for (std::uint64_t i = 0; i < 5; ++i) ASSERT_EQ(PutValue(queue, i), Outcome::kDone);
  EXPECT_FALSE(IsOpen(queue));
  EXPECT_EQ(PutValue(queue, 5), Outcome::kBlocked);
  EXPECT_EQ(TakeAll(queue), (Numbers{0, 1, 2, 3, 4}));
}

TEST_F(MessageValuesTest, BlocksAndValuesMeetInOneQueue) {
  const Offset queue = Queue();
  Warm(queue);
  ASSERT_EQ(PutValue(queue, 1), Outcome::kDone);
  ASSERT_EQ(TryPut(queue, 2), Outcome::kDone);
  ASSERT_EQ(PutValue(queue, 3), Outcome::kDone);
  EXPECT_EQ(TryGet(queue), 1U);
  EXPECT_EQ(GetValue(queue), 2U);
  EXPECT_EQ(TryGet(queue), 3U);
}

TEST_F(MessageValuesTest, AMessageOfARingCanGoBack) {
  const Offset queue = Queue();
  Warm(queue);
  ASSERT_EQ(PutValue(queue, 1), Outcome::kDone);
  ASSERT_EQ(PutValue(queue, 2), Outcome::kDone);
  Offset message = 0;
  ASSERT_EQ(container::TryGet(program, queue, me, &message), Outcome::kDone);
  container::PutBack(program, queue, message, me);
  ASSERT_EQ(PutValue(queue, 3), Outcome::kDone);
  EXPECT_EQ(TakeAll(queue), (Numbers{1, 2, 3}));
  EXPECT_EQ(container::QueueItems(program, queue), 0U);
}

TEST_F(MessageValuesTest, WhoWaitsIsToldOfAShortMessage) {
  const Offset queue = Queue();
  Warm(queue);
  Waiter peek(*this, queue, MessageQueue::kPeek, me);
  Waiter get(*this, queue, MessageQueue::kGet, me);
  EXPECT_FALSE(IsOpen(queue));
  ASSERT_EQ(PutValue(queue, 1), Outcome::kDone);
  EXPECT_EQ(peek.Poll(), Outcome::kDone);
  ASSERT_EQ(get.Poll(), Outcome::kDone);
  EXPECT_EQ(get.Number(), 1U);
  ASSERT_EQ(PutValue(queue, 2), Outcome::kDone);
  EXPECT_TRUE(IsOpen(queue)) << "nobody waits any more";
}

TEST_F(MessageValuesTest, WhoWaitsAgainIsToldAgain) {
  const Offset queue = Queue();
  Warm(queue);
  Waiter get(*this, queue, MessageQueue::kGet, me);
  ASSERT_EQ(PutValue(queue, 1), Outcome::kDone);
  EXPECT_EQ(GetValue(queue), 1U) << "comes first";
  EXPECT_EQ(get.Poll(), Outcome::kBlocked);
  ASSERT_EQ(PutValue(queue, 2), Outcome::kDone);
  EXPECT_TRUE(get.IsTold());
  ASSERT_EQ(get.Poll(), Outcome::kDone);
  EXPECT_EQ(get.Number(), 2U);
}

TEST_F(MessageValuesTest, AClosedQueueTakesNoneAndGivesTheRest) {
  const Offset queue = Queue();
  Warm(queue);
  ASSERT_EQ(PutValue(queue, 1), Outcome::kDone);
  container::CloseQueue(program, queue, me);
  EXPECT_EQ(PutValue(queue, 2), Outcome::kClosed);
  EXPECT_EQ(GetValue(queue), 1U);
  container::ReadValue value(program, me, buffer);
  EXPECT_EQ(container::TryGetValue(program, queue, me, 0, &value), Outcome::kClosed);
}

TEST_F(MessageValuesTest, JoinsCountThem) {
  const Offset queue = Queue();
  Warm(queue);
  for (int i = 0; i < 8; ++i) ASSERT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  ASSERT_EQ(PutValue(queue, 1), Outcome::kDone);
  Waiter join(*this, queue, MessageQueue::kJoin, me);
  ASSERT_TRUE(join.IsBlocked());
  ASSERT_EQ(GetValue(queue), 1U);
  EXPECT_EQ(join.Poll(), Outcome::kBlocked);
  ASSERT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  EXPECT_EQ(join.Poll(), Outcome::kDone);
  EXPECT_EQ(container::TaskDone(program, queue, me), Outcome::kOverReleased);
}

TEST_F(MessageValuesTest, AMessageThatCountedAndWasNotPutIsNone) {
  const Offset queue = Queue();
  Warm(queue);
  for (int i = 0; i < 8; ++i) ASSERT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  DieAfter(queue, [](container::MessageChain& messages) { messages.put = messages.put + 1; });
  Waiter join(*this, queue, MessageQueue::kJoin, me);
  EXPECT_EQ(join.outcome, Outcome::kDone);
  ASSERT_EQ(PutValue(queue, 1), Outcome::kDone);
  EXPECT_EQ(container::QueueItems(program, queue), 1U);
  EXPECT_EQ(TakeAll(queue), (Numbers{1}));
}

TEST_F(MessageValuesTest, AJoinThatWaitedForItEnds) {
  const Offset queue = Queue();
  Warm(queue);
  for (int i = 0; i < 7; ++i) ASSERT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  Waiter join(*this, queue, MessageQueue::kJoin, me);
  ASSERT_TRUE(join.IsBlocked());
  DieAfter(queue, [&](container::MessageChain& messages) {
    messages.put = messages.put + 1;
    // While the dead one is in there, somebody is done with the last of the others.
    ASSERT_EQ(container::TaskDone(program, queue, me), Outcome::kDone);
  });
  EXPECT_EQ(join.Poll(), Outcome::kDone);
}

TEST_F(MessageValuesTest, AMessagePutBeforeTheDeathIsThere) {
  const Offset queue = Queue();
  Warm(queue);
  const std::uint64_t number = 7;
  DieAfter(queue, [&](container::MessageChain& messages) {
    messages.PutInto(*program.At<container::MessageRing>(messages.back), BytesOf(number));
  });
  EXPECT_EQ(PutValue(queue, 8), Outcome::kDone);
  EXPECT_EQ(TakeAll(queue), (Numbers{7, 8}));
  EXPECT_EQ(container::QueueItems(program, queue), 0U);
}

}  // namespace
}  // namespace allcores::testing
