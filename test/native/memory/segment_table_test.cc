#include "memory/segment_table.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace allcores::memory {
namespace {

TEST(SegmentTable, CreatesWithOneHolder) {
  SegmentTable table;
  const std::uint32_t id = table.Create(100);
  ASSERT_NE(id, 0U);
  ASSERT_NE(table.Find(id), nullptr);
  EXPECT_EQ(table.Find(id)->size(), 100U);
  EXPECT_EQ(table.size(), 1U);
  table.Release(id);
  EXPECT_EQ(table.Find(id), nullptr);
  EXPECT_EQ(table.size(), 0U);
}

TEST(SegmentTable, LivesUntilTheLastHolderReleases) {
  SegmentTable table;
  const std::uint32_t id = table.Create(100);
  EXPECT_TRUE(table.Retain(id));
  table.Release(id);
  EXPECT_NE(table.Find(id), nullptr);
  table.Release(id);
  EXPECT_EQ(table.Find(id), nullptr);
}

TEST(SegmentTable, FindingIsNotHolding) {
  SegmentTable table;
  const std::uint32_t id = table.Create(100);
  const auto found = table.Find(id);
  table.Release(id);
  EXPECT_EQ(table.size(), 0U);
  found->data()[0] = std::byte{1};  // who found it may use it until the end of its pointer
}

TEST(SegmentTable, KnowsNothingOfStrangeNumbers) {
  SegmentTable table;
  EXPECT_EQ(table.Find(99), nullptr);
  EXPECT_FALSE(table.Retain(99));
  table.Release(99);
  EXPECT_EQ(table.size(), 0U);
}

TEST(SegmentTable, NumbersAreNotReusedAtOnce) {
  SegmentTable table;
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 50; ++i) {
    const std::uint32_t id = table.Create(1);
    EXPECT_TRUE(seen.insert(id).second);
    table.Release(id);
  }
}

TEST(SegmentTable, GivesZeroWhenTheSystemRefuses) {
  SegmentTable table;
  EXPECT_EQ(table.Create(std::numeric_limits<std::size_t>::max() / 2), 0U);
  EXPECT_EQ(table.size(), 0U);
}

TEST(SegmentTable, ThereIsOneForTheProcess) { EXPECT_EQ(&SegmentTable::Process(), &SegmentTable::Process()); }

}  // namespace
}  // namespace allcores::memory
