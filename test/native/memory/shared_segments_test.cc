#include "memory/shared_segments.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

#include "platform/mapping.h"

namespace allcores::memory {
namespace {

class SharedSegmentsTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::byte* Data(std::uint32_t id) const { return heap->data() + segments.Find(id).begin; }
  // Blocks beside those of the table.
  [[nodiscard]] std::uint64_t Blocks() const { return heap->Stats().blocks - segments.TableSize().blocks; }

  std::unique_ptr<Heap> heap = Heap::Create(std::uint64_t{64} << 20);
  participant::ParticipantId me = heap->participants().Join(1);
  SharedSegments segments{*heap, *reinterpret_cast<SharedSegments::Table*>(heap->root())};
};

TEST_F(SharedSegmentsTest, AnEmptyTableTakesNoMemoryAndKnowsNoNumber) {
  EXPECT_EQ(segments.TableSize().blocks, 0U);
  for (const std::uint32_t id : {0U, 1U, SharedSegments::kShared, SharedSegments::kShared | 1U, UINT32_MAX}) {
    EXPECT_EQ(segments.Find(id).begin, 0U);
    EXPECT_FALSE(segments.Retain(id));
    segments.Release(id, me);
  }
  EXPECT_EQ(heap->Stats().blocks, 0U);
}

TEST_F(SharedSegmentsTest, GivesANumberWithOneHolder) {
  const std::uint32_t id = segments.Create(1000, true, me);
  ASSERT_NE(id, 0U);
  EXPECT_NE(id & SharedSegments::kShared, 0U);
  EXPECT_EQ(segments.Find(id).bytes, 1000U);
  EXPECT_TRUE(std::all_of(Data(id), Data(id) + 1000, [](std::byte b) { return b == std::byte{0}; }));
  EXPECT_TRUE(segments.Retain(id));
  segments.Release(id, me);
  EXPECT_NE(segments.Find(id).begin, 0U);
  segments.Release(id, me);
  EXPECT_EQ(segments.Find(id).begin, 0U);
  EXPECT_EQ(Blocks(), 0U);
}

TEST_F(SharedSegmentsTest, MayBeAskedForNoBytes) {
  const std::uint32_t id = segments.Create(0, true, me);
  EXPECT_NE(segments.Find(id).begin, 0U);
  EXPECT_EQ(segments.Find(id).bytes, 0U);
  segments.Release(id, me);
  EXPECT_EQ(Blocks(), 0U);
}

TEST_F(SharedSegmentsTest, IsOfZeroesAlsoInMemoryThatWasUsed) {
  // Short ones are overwritten, long ones given back to the system.
  for (const std::uint64_t bytes : {1ULL, 100ULL, 8000ULL, 70'000ULL, (1ULL << 20) - 1, 1ULL << 20, 5'000'003ULL}) {
    for (int round = 0; round < 3; ++round) {
      const std::uint32_t id = segments.Create(bytes, true, me);
      ASSERT_NE(id, 0U);
      EXPECT_EQ(std::count(Data(id), Data(id) + bytes, std::byte{0}), bytes) << bytes;
      std::memset(Data(id), 0xff, bytes);
      segments.Release(id, me);
    }
  }
}

TEST_F(SharedSegmentsTest, NumbersOfTheDeadNameNothingThoughTheirPlaceIsUsedAgain) {
  std::set<std::uint32_t> dead;
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t id = segments.Create(16, false, me);
    ASSERT_TRUE(dead.insert(id).second);
    for (const std::uint32_t other : {id ^ (1U << 20), id ^ (1U << 30)}) {  // another generation
      ASSERT_EQ(segments.Find(other).begin, 0U);
      ASSERT_FALSE(segments.Retain(other));
      segments.Release(other, me);
    }
    segments.Release(id, me);
    if (i % 50 != 0) continue;
    for (const std::uint32_t gone : dead) {
      ASSERT_EQ(segments.Find(gone).begin, 0U);
      ASSERT_FALSE(segments.Retain(gone));
      segments.Release(gone, me);
    }
  }
  EXPECT_EQ(segments.TableSize().blocks, 2U);  // one place was enough
  EXPECT_EQ(Blocks(), 0U);
}

TEST_F(SharedSegmentsTest, TheGenerationComesRound) {
  const std::uint32_t first = segments.Create(16, false, me);
  segments.Release(first, me);
  for (int i = 0; i < 2047; ++i) {
    const std::uint32_t id = segments.Create(16, false, me);
    ASSERT_NE(id, 0U);
    ASSERT_NE(id, first);
    segments.Release(id, me);
  }
  EXPECT_EQ(segments.Create(16, false, me), first);
}

TEST_F(SharedSegmentsTest, ItsTableGrowsByPagesAndStays) {
  std::vector<std::uint32_t> ids;
  for (int i = 0; i < 512; ++i) ids.push_back(segments.Create(16, false, me));
  EXPECT_EQ(segments.TableSize().blocks, 2U);
  ids.push_back(segments.Create(16, false, me));
  EXPECT_EQ(segments.TableSize().blocks, 3U);
  EXPECT_GT(segments.TableSize().bytes, std::uint64_t{2} * 512 * 16);
  EXPECT_EQ(std::set<std::uint32_t>(ids.begin(), ids.end()).size(), 513U);
  for (const std::uint32_t id : ids) segments.Release(id, me);
  EXPECT_EQ(segments.TableSize().blocks, 3U);
  EXPECT_EQ(Blocks(), 0U);
}

// One process creates what the other one releases: its places serve again all the same.
TEST_F(SharedSegmentsTest, AnotherProcessGivesPlacesBackForAll) {
  const std::unique_ptr<Heap> theirs = Heap::Attach(platform::Mapping::Attach(dup(heap->descriptor())));
  ASSERT_NE(theirs, nullptr);
  SharedSegments other(*theirs, *reinterpret_cast<SharedSegments::Table*>(theirs->root()));
  for (int i = 0; i < 5000; ++i) {
    const std::uint32_t id = segments.Create(32, false, me);
    ASSERT_NE(id, 0U);
    ASSERT_EQ(other.Find(id).begin, segments.Find(id).begin);
    other.Release(id, me);
    ASSERT_EQ(segments.Find(id).begin, 0U);
  }
  EXPECT_EQ(segments.TableSize().blocks, 2U);
}

TEST_F(SharedSegmentsTest, AFullHeapGivesNoneAndLosesNothing) {
  EXPECT_EQ(segments.Create(std::uint64_t{1} << 52, true, me), 0U);
  EXPECT_EQ(segments.Create(UINT64_MAX, true, me), 0U);
  std::vector<std::uint32_t> ids;
  for (const std::uint64_t bytes : {3'000'000ULL, 20'000ULL, 500ULL, 16ULL}) {
    for (;;) {
      const std::uint32_t id = segments.Create(bytes, false, me);
      if (id == 0) break;
      ids.push_back(id);
    }
  }
  EXPECT_EQ(Blocks(), ids.size());
  EXPECT_EQ(segments.Create(16, true, me), 0U);
  for (const std::uint32_t id : ids) segments.Release(id, me);
  EXPECT_EQ(Blocks(), 0U);
  EXPECT_NE(segments.Create(3'000'000, true, me), 0U);
}

// There is room for the segment, and none for the table.
TEST_F(SharedSegmentsTest, NoRoomForTheTableGivesNone) {
  std::vector<Offset> blocks;
  while (const Offset block = heap->Allocate(100'000, me)) blocks.push_back(block);
  while (const Offset block = heap->Allocate(8000, me)) blocks.push_back(block);
  const std::uint64_t before = heap->Stats().blocks;
  EXPECT_EQ(segments.Create(16, true, me), 0U);
  EXPECT_EQ(heap->Stats().blocks, before);
  for (const Offset block : blocks) heap->Free(block, me);
  EXPECT_NE(segments.Create(16, true, me), 0U);
}

TEST(SharedSegments, AFullTableGivesNone) {
  const std::unique_ptr<Heap> heap = Heap::Create(std::uint64_t{256} << 20);
  const participant::ParticipantId me = heap->participants().Join(1);
  SharedSegments segments(*heap, *reinterpret_cast<SharedSegments::Table*>(heap->root()));
  std::vector<std::uint32_t> ids(SharedSegments::kPlaces);
  for (std::uint32_t& id : ids) {
    id = segments.Create(0, false, me);
    ASSERT_NE(id, 0U);
  }
  EXPECT_EQ(segments.Create(0, false, me), 0U);
  EXPECT_EQ(heap->Stats().blocks - segments.TableSize().blocks, ids.size());
  segments.Release(ids[777], me);
  const std::uint32_t again = segments.Create(0, false, me);
  EXPECT_NE(again, ids[777]);
  EXPECT_EQ(again % SharedSegments::kPlaces, ids[777] % SharedSegments::kPlaces);
  EXPECT_EQ(segments.Create(0, false, me), 0U);
}

}  // namespace
}  // namespace allcores::memory
