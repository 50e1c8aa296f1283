#include "container/connection.h"

#include <gtest/gtest.h>

#include "container/queue_rig.h"

namespace allcores::testing {
namespace {

using container::ConnectionIncoming;
using container::ConnectionOutgoing;

class ConnectionTest : public ::testing::Test, protected QueueRig {
 protected:
  void Pipe(bool duplex) { ASSERT_TRUE(container::CreatePipe(program, duplex, 0, me, &a_, &b_)); }

  Offset a_ = 0;
  Offset b_ = 0;
};

TEST_F(ConnectionTest, ADuplexPipeGoesBothWays) {
  Pipe(true);
  EXPECT_EQ(ConnectionIncoming(program, a_), ConnectionOutgoing(program, b_));
  EXPECT_EQ(ConnectionIncoming(program, b_), ConnectionOutgoing(program, a_));
  EXPECT_NE(ConnectionIncoming(program, a_), ConnectionIncoming(program, b_));
  ASSERT_EQ(TryPut(ConnectionOutgoing(program, a_), 1), Outcome::kDone);
  ASSERT_EQ(TryPut(ConnectionOutgoing(program, b_), 2), Outcome::kDone);
  EXPECT_EQ(TryGet(ConnectionIncoming(program, a_)), 2U);
  EXPECT_EQ(TryGet(ConnectionIncoming(program, b_)), 1U);
}

TEST_F(ConnectionTest, AnotherGoesFromTheSecondEndToTheFirst) {
  Pipe(false);
  EXPECT_EQ(ConnectionOutgoing(program, a_), 0U);
  EXPECT_EQ(ConnectionIncoming(program, b_), 0U);
  ASSERT_EQ(TryPut(ConnectionOutgoing(program, b_), 1), Outcome::kDone);
  EXPECT_EQ(TryGet(ConnectionIncoming(program, a_)), 1U);
}

TEST_F(ConnectionTest, ThePeerOfOneThatIsGoneReceivesTheRestAndCannotSend) {
  const std::uint64_t before = shared.Blocks();
  Pipe(true);
  const Offset to_b = ConnectionIncoming(program, b_);
  ASSERT_EQ(TryPut(to_b, 1), Outcome::kDone);
  ASSERT_EQ(TryPut(ConnectionOutgoing(program, b_), 2), Outcome::kDone);
  program.Release(a_, me);
  EXPECT_EQ(TryPut(ConnectionOutgoing(program, b_), 3), Outcome::kClosed);
  EXPECT_EQ(TryGet(to_b), 1U);
  Offset message = 0;
  EXPECT_EQ(container::TryGet(program, to_b, me, &message), Outcome::kClosed);
  program.Release(b_, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(ConnectionTest, TheEndOfOneEndsThePeersWaiting) {
  Pipe(true);
  Waiter get(*this, ConnectionIncoming(program, b_), MessageQueue::kGet, me);
  Waiter peek(*this, ConnectionIncoming(program, b_), MessageQueue::kPeek, me);
  ASSERT_TRUE(get.IsBlocked());
  ASSERT_TRUE(peek.IsBlocked());
  program.Retain(a_);
  program.Release(a_, me);
  EXPECT_EQ(get.Poll(), Outcome::kBlocked) << "somebody still has the other end";
  program.Release(a_, me);
  EXPECT_EQ(get.Poll(), Outcome::kClosed);
  EXPECT_EQ(peek.Poll(), Outcome::kDone);
}

TEST_F(ConnectionTest, WhatWasSentToOneThatIsGoneIsFreedAtOnce) {
  Pipe(false);
  const Offset named = Queue();
  const Offset links[] = {named};
  ASSERT_EQ(container::TryPut(program, ConnectionOutgoing(program, b_), Message(1, me, 8, links), me), Outcome::kDone);
  EXPECT_EQ(program.Header(named).references.load(), 2U);
  program.Release(a_, me);
  EXPECT_EQ(program.Header(named).references.load(), 1U);
}

// An end on its way through another pipe lives in the message.
TEST_F(ConnectionTest, AnEndTravelsInAMessage) {
  const std::uint64_t before = shared.Blocks();
  Pipe(true);
  const Offset queue = Queue();
  const Offset links[] = {a_};
  ASSERT_EQ(container::TryPut(program, queue, Message(1, me, 8, links), me), Outcome::kDone);
  program.Release(a_, me);
  EXPECT_EQ(TryPut(ConnectionOutgoing(program, b_), 2), Outcome::kDone);
  program.Release(queue, me);
  EXPECT_EQ(TryPut(ConnectionOutgoing(program, b_), 3), Outcome::kClosed);
  program.Release(b_, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(ConnectionTest, ItsManagersShutdownClosesIt) {
  const Offset manager = Queue();
  const std::uint64_t before = shared.Blocks();
  ASSERT_TRUE(container::CreatePipe(program, true, manager, me, &a_, &b_));
  Waiter get(*this, ConnectionIncoming(program, a_), MessageQueue::kGet, me);
  program.Close(manager, me);
  EXPECT_EQ(get.Poll(), Outcome::kClosed);
  EXPECT_EQ(TryPut(ConnectionOutgoing(program, a_), 1), Outcome::kClosed);
  program.Release(a_, me);
  program.Release(b_, me);
  EXPECT_EQ(shared.Blocks(), before);
}

}  // namespace
}  // namespace allcores::testing
