#include <gtest/gtest.h>

#include <vector>

#include "support/pool_fixture.h"

namespace allcores::executor {
namespace {

using Entries = std::vector<std::uint32_t>;

// What Take puts into a claim list, from where. One thread plays everybody.
class PoolTakeTest : public ::testing::Test {
 protected:
  std::shared_ptr<PoolCore> pool = testing::MakePool(testing::kSmallPool, 2);

  Entries Push(std::uint32_t count) {
    Entries entries;
    for (std::uint32_t i = 0; i < count; ++i) {
      entries.push_back(pool->tasks().Publish(next_++));
      EXPECT_TRUE(pool->ring().TryPush(entries.back()));
    }
    return entries;
  }
  Entries Take(std::uint32_t slot, std::uint32_t most) {
    Entries out;
    const std::uint32_t count = pool->Take(slot, most, 0);
    for (std::uint32_t i = 0; i < count; ++i) out.push_back(pool->worker(slot).claims[i].load());
    return out;
  }

 private:
  std::uint32_t next_ = 0;
};

TEST_F(PoolTakeTest, GivesNothingFromAnEmptyPool) {
  EXPECT_EQ(Take(0, 8), Entries{});
  EXPECT_EQ(pool->worker(0).claim_count.load(), 0U);
}

TEST_F(PoolTakeTest, TakesAFairShareAtMost) {
  const Entries pushed = Push(8);
  EXPECT_EQ(Take(0, 64), Entries(pushed.begin(), pushed.begin() + 4));
  EXPECT_EQ(Take(1, 1), Entries(pushed.begin() + 4, pushed.begin() + 5));
  EXPECT_EQ(pool->ring().size(), 3U);
}

TEST_F(PoolTakeTest, TakesAtLeastOneAndAtMostAListful) {
  pool->control().slot_limit.store(1);
  const Entries pushed = Push(64);
  EXPECT_EQ(Take(0, 0).size(), 1U);
  EXPECT_EQ(Take(0, 0xffffffff).size(), 63U);
}

TEST_F(PoolTakeTest, TheMailboxComesFirstOneAtATime) {
  const Entries pushed = Push(4);
  const Entries personal{pool->tasks().Publish(60), pool->tasks().Publish(61)};
  for (const std::uint32_t entry : personal) ASSERT_TRUE(pool->mailbox(0).TryPush(entry));
  EXPECT_EQ(Take(0, 8), Entries{personal[0]});
  EXPECT_EQ(Take(0, 8), Entries{personal[1]});
  EXPECT_EQ(Take(0, 8), Entries(pushed.begin(), pushed.begin() + 2));
}

TEST_F(PoolTakeTest, WhatCameByMailboxIsNotTakenOver) {
  ASSERT_TRUE(pool->mailbox(0).TryPush(pool->tasks().Publish(60)));
  EXPECT_EQ(Take(0, 8).size(), 1U);
  EXPECT_EQ(Take(1, 8), Entries{});
}

TEST_F(PoolTakeTest, ABusyWorkersUnbegunTasksAreTakenOver) {
  const Entries pushed = Push(6);
  const Entries first = Take(0, 3);
  ASSERT_EQ(first.size(), 3U);
  ASSERT_TRUE(pool->tasks().TryBegin(first[0], 0));
  EXPECT_EQ(Take(1, 8).size(), 1U);  // a fair share of the three in the ring
  EXPECT_EQ(Take(1, 8).size(), 1U);
  EXPECT_EQ(Take(1, 8).size(), 1U);
  EXPECT_TRUE(pool->ring().empty());
  EXPECT_EQ(Take(1, 8), (Entries{first[2], first[1]}));  // the last in the list will be begun last by its owner
  EXPECT_EQ(Take(1, 1), Entries{first[2]});
  EXPECT_TRUE(pool->tasks().TryBegin(first[2], 1));
  EXPECT_FALSE(pool->tasks().TryBegin(first[2], 0));
  EXPECT_EQ(Take(1, 8), Entries{first[1]});
}

TEST_F(PoolTakeTest, ACommandComesBeforeWork) {
  Push(4);
  pool->worker(0).command.store(WorkerBlock::kSignal);
  EXPECT_EQ(Take(0, 8), Entries{});
  pool->worker(0).command.store(0);
  EXPECT_EQ(Take(0, 8).size(), 2U);
}

TEST_F(PoolTakeTest, TellsWhenItWasAskedAndWhenItGave) {
  const auto before = static_cast<double>(MonotonicNanos());
  pool->Take(0, 8, 1'000'000);
  EXPECT_GE(pool->worker(0).entered_at, before);
  EXPECT_GE(pool->worker(0).claimed_at, pool->worker(0).entered_at + 1'000'000);
}

}  // namespace
}  // namespace allcores::executor
