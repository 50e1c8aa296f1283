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

constexpr std::size_t kLong = std::size_t{1} << 20;

TEST(SegmentTable, UsesMemoryAgainWhoseContentsDoNotMatter) {
  SegmentTable table;
  const std::uint32_t first = table.Create(kLong, platform::Reach::kThreads, Contents::kAny);
  const std::byte* const data = table.Find(first)->data();
  table.Release(first);
  EXPECT_EQ(table.size(), 0U);
  const std::uint32_t much_shorter = table.Create(kLong / 4, platform::Reach::kThreads, Contents::kAny);
  EXPECT_NE(table.Find(much_shorter)->data(), data);
  const std::uint32_t second = table.Create(kLong - 100, platform::Reach::kThreads, Contents::kAny);
  EXPECT_EQ(table.Find(second)->data(), data);
  EXPECT_GE(table.Find(second)->size(), kLong - 100);
}

TEST(SegmentTable, GivesZeroesThoughItKeepsUsedMemory) {
  SegmentTable table;
  const std::uint32_t first = table.Create(kLong);
  table.Find(first)->data()[17] = std::byte{1};
  table.Release(first);
  const std::uint32_t second = table.Create(kLong);
  EXPECT_EQ(table.Find(second)->data()[17], std::byte{0});
}

TEST(SegmentTable, DoesNotUseAgainWhatSomebodyStillLooksAt) {
  SegmentTable table;
  const std::uint32_t first = table.Create(kLong, platform::Reach::kThreads, Contents::kAny);
  const auto found = table.Find(first);
  table.Release(first);
  const std::uint32_t second = table.Create(kLong, platform::Reach::kThreads, Contents::kAny);
  EXPECT_NE(table.Find(second)->data(), found->data());
}

TEST(SegmentTable, ThereIsOneForTheProcess) { EXPECT_EQ(&SegmentTable::Process(), &SegmentTable::Process()); }

}  // namespace
}  // namespace allcores::memory
