#include "executor/pool_layout.h"

#include <gtest/gtest.h>

namespace allcores::executor {
namespace {

class PoolLayoutTest : public ::testing::TestWithParam<PoolSize> {};
INSTANTIATE_TEST_SUITE_P(Sizes, PoolLayoutTest,
                         ::testing::Values(PoolSize{1, 1, 64, 0}, PoolSize{3, 64, 4096, 1000},
                                           PoolSize{128, 65'536, 1 << 20, 1 << 24}));

TEST_P(PoolLayoutTest, PartsFollowEachOtherWithoutOverlap) {
  const PoolSize size = GetParam();
  const PoolLayout layout(size);
  EXPECT_EQ(layout.control, 0U);
  EXPECT_GE(layout.entries, layout.control + sizeof(PoolControl));
  EXPECT_GE(layout.records, layout.entries + sizeof(std::uint32_t) * PoolLayout::EntryCapacity(size));
  EXPECT_GE(layout.workers, layout.records + sizeof(TaskRecord) * size.records);
  EXPECT_GE(layout.results, layout.workers + sizeof(WorkerBlock) * size.slots);
  EXPECT_GE(layout.arena, layout.results + std::uint64_t{size.result_bytes} * size.slots);
  EXPECT_GE(layout.total, layout.arena + size.arena_bytes);
}

TEST_P(PoolLayoutTest, PartsBeginOnCacheLines) {
  const PoolLayout layout(GetParam());
  for (const std::uint64_t offset :
       {layout.entries, layout.records, layout.workers, layout.results, layout.arena, layout.total}) {
    EXPECT_EQ(offset % kCacheLine, 0U);
  }
}

TEST(PoolLayout, WhatDifferentSidesWriteLiesOnDifferentLines) {
  const auto line = [](std::size_t offset) { return offset / kCacheLine; };
  EXPECT_NE(line(offsetof(PoolControl, owner)), line(offsetof(PoolControl, sleepers)));
  EXPECT_NE(line(offsetof(PoolControl, sleepers)), line(offsetof(PoolControl, ring_ends)));
  EXPECT_NE(line(offsetof(WorkerBlock, park)), line(offsetof(WorkerBlock, claim_count)));
  EXPECT_NE(line(offsetof(WorkerBlock, mailbox)), line(offsetof(WorkerBlock, entered_at)));
  EXPECT_NE(line(offsetof(queue::TaskRingEnds, tail)), line(offsetof(queue::TaskRingEnds, head)));
  EXPECT_NE(line(offsetof(queue::ResultRingEnds, tail)), line(offsetof(queue::ResultRingEnds, head)));
  EXPECT_EQ(sizeof(WorkerBlock) % kCacheLine, 0U);
}

}  // namespace
}  // namespace allcores::executor
