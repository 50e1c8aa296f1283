#include "queue/task_ring.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/rings.h"

namespace allcores::queue {
namespace {

using testing::TaskRingMemory;

std::vector<std::uint32_t> Claim(TaskRing ring, std::uint32_t most) {
  std::vector<std::uint32_t> out(most);
  out.resize(ring.TryClaim(out.data(), most));
  return out;
}

using Entries = std::vector<std::uint32_t>;

TEST(TaskRing, ZeroedMemoryIsEmpty) {
  TaskRingMemory<4> memory;
  EXPECT_TRUE(memory.ring().empty());
  EXPECT_EQ(memory.ring().size(), 0U);
  EXPECT_EQ(Claim(memory.ring(), 3), Entries{});
}

TEST(TaskRing, GivesOldestFirst) {
  TaskRingMemory<4> memory;
  for (std::uint32_t entry : {7, 8, 9}) EXPECT_TRUE(memory.ring().TryPush(entry));
  EXPECT_EQ(memory.ring().size(), 3U);
  EXPECT_EQ(Claim(memory.ring(), 2), (Entries{7, 8}));
  EXPECT_EQ(Claim(memory.ring(), 2), Entries{9});
  EXPECT_TRUE(memory.ring().empty());
}

TEST(TaskRing, ClaimingNoneTakesNone) {
  TaskRingMemory<4> memory;
  memory.ring().TryPush(1);
  EXPECT_EQ(Claim(memory.ring(), 0), Entries{});
  EXPECT_EQ(memory.ring().size(), 1U);
}

TEST(TaskRing, FullRefusesAndKeepsWhatItHas) {
  TaskRingMemory<2> memory;
  EXPECT_TRUE(memory.ring().TryPush(1));
  EXPECT_TRUE(memory.ring().TryPush(2));
  EXPECT_FALSE(memory.ring().TryPush(3));
  EXPECT_EQ(Claim(memory.ring(), 1), Entries{1});
  EXPECT_TRUE(memory.ring().TryPush(3));
  EXPECT_EQ(Claim(memory.ring(), 9), (Entries{2, 3}));
}

TEST(TaskRing, HoldsOne) {
  TaskRingMemory<1> memory;
  EXPECT_TRUE(memory.ring().TryPush(5));
  EXPECT_FALSE(memory.ring().TryPush(6));
  EXPECT_EQ(Claim(memory.ring(), 4), Entries{5});
}

TEST(TaskRing, PositionsWrapAround) {
  TaskRingMemory<4> memory(0xfffffffd);
  for (std::uint32_t round = 0; round < 10; ++round) {
    for (std::uint32_t i = 0; i < 4; ++i) ASSERT_TRUE(memory.ring().TryPush(round * 4 + i));
    ASSERT_FALSE(memory.ring().TryPush(99));
    ASSERT_EQ(memory.ring().size(), 4U);
    ASSERT_EQ(Claim(memory.ring(), 3), (Entries{round * 4, round * 4 + 1, round * 4 + 2}));
    ASSERT_EQ(Claim(memory.ring(), 3), Entries{round * 4 + 3});
  }
  EXPECT_LT(memory.ends.tail.load(), 100U);
}

TEST(TaskRingDeathTest, CapacityIsAPowerOfTwo) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  TaskRingMemory<4> memory;
  EXPECT_DEATH(TaskRing(&memory.ends, memory.entries, 3), "broken invariant");
  EXPECT_DEATH(TaskRing(&memory.ends, memory.entries, 0), "broken invariant");
}

}  // namespace
}  // namespace allcores::queue
