#include "memory/heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

namespace allcores::memory {
namespace {

class HeapTest : public ::testing::Test {
 protected:
  void Open(std::uint64_t limit) {
    heap = Heap::Create(limit);
    ASSERT_NE(heap, nullptr);
    me = heap->participants().Join(1);
    ASSERT_NE(me, 0U);
  }
  void SetUp() override { Open(std::uint64_t{64} << 20); }

  // Blocks of `bytes` until there is no room.
  std::vector<Offset> Fill(std::uint64_t bytes) {
    std::vector<Offset> blocks;
    while (const Offset block = heap->Allocate(bytes, me)) blocks.push_back(block);
    return blocks;
  }
  void FreeAll(const std::vector<Offset>& blocks) {
    for (const Offset block : blocks) heap->Free(block, me);
  }

  std::unique_ptr<Heap> heap;
  participant::ParticipantId me = 0;
};

TEST_F(HeapTest, BeginsEmptyWithAZeroRoot) {
  const HeapStats stats = heap->Stats();
  EXPECT_EQ(stats.limit, std::uint64_t{64} << 20);
  EXPECT_EQ(stats.live, 0U);
  EXPECT_EQ(stats.committed, 0U);
  EXPECT_EQ(stats.blocks, 0U);
  EXPECT_TRUE(
      std::all_of(heap->root(), heap->root() + Heap::kRootBytes, [](std::byte b) { return b == std::byte{0}; }));
}

TEST_F(HeapTest, ZeroesABlockAndNothingBesideIt) {
  for (const std::uint64_t bytes : {0UL, 1UL, 5000UL, 65'536UL, (1UL << 20) - 1, 1UL << 20, (3UL << 20) + 70'001}) {
    const Offset before = heap->Allocate(100'000, me);
    const Offset block = heap->Allocate(bytes + 64, me);
    const Offset behind = heap->Allocate(100'000, me);
    std::memset(heap->At<std::byte>(before), 0xab, 100'000);
    std::memset(heap->At<std::byte>(block), 0xab, bytes + 64);
    std::memset(heap->At<std::byte>(behind), 0xab, 100'000);
    heap->Zero(block, bytes);
    const auto* const data = heap->At<std::byte>(block);
    EXPECT_EQ(std::count(data, data + bytes, std::byte{0}), bytes);
    EXPECT_EQ(std::count(data + bytes, data + bytes + 64, std::byte{0xab}), 64);
    for (const Offset other : {before, behind}) {
      const auto* const theirs = heap->At<std::byte>(other);
      EXPECT_EQ(std::count(theirs, theirs + 100'000, std::byte{0xab}), 100'000);
    }
    FreeAll({before, block, behind});
  }
}

TEST_F(HeapTest, GivesAlignedBlocksOfEverySize) {
  for (const std::uint64_t bytes : {0UL, 1UL, 16UL, 17UL, 100UL, 1000UL, 32768UL, 32769UL, 65536UL, 5'000'000UL}) {
    const Offset block = heap->Allocate(bytes, me);
    ASSERT_NE(block, 0U) << bytes;
    EXPECT_EQ(block % 16, 0U);
    EXPECT_GE(heap->SizeOf(block), bytes);
    EXPECT_LE(block + heap->SizeOf(block), heap->size());
    std::memset(heap->At<std::byte>(block), 0xab, heap->SizeOf(block));
    EXPECT_EQ(heap->Stats().blocks, 1U);
    EXPECT_GE(heap->Stats().live, heap->SizeOf(block));
    heap->Free(block, me);
  }
  EXPECT_EQ(heap->Stats().blocks, 0U);
  EXPECT_EQ(heap->Stats().live, 0U);
}

TEST_F(HeapTest, RefusesAbsurdSizes) {
  for (const std::uint64_t bytes :
       {heap->Stats().limit + 1, std::numeric_limits<std::uint64_t>::max() / 2,
        std::numeric_limits<std::uint64_t>::max() - 7, std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(heap->Allocate(bytes, me), 0U) << bytes;
  }
  EXPECT_EQ(Heap::Create(std::numeric_limits<std::uint64_t>::max()), nullptr);
  EXPECT_EQ(Heap::Create(std::numeric_limits<std::uint64_t>::max() / 4), nullptr);
}

TEST_F(HeapTest, UsesAFreedBlockAgain) {
  const Offset small = heap->Allocate(100, me);
  heap->Free(small, me);
  EXPECT_EQ(heap->Allocate(100, me), small);
  const Offset large = heap->Allocate(100'000, me);
  heap->Free(large, me);
  EXPECT_EQ(heap->Allocate(100'000, me), large);
}

TEST_F(HeapTest, SaysNoWhenFullAndWorksAgainAfterwards) {
  Open(1 << 20);
  for (const std::uint64_t bytes : {10UL, 100UL, 3000UL, 30'000UL, 100'000UL, (1UL << 20) - 16, 10UL}) {
    const std::vector<Offset> blocks = Fill(bytes);
    ASSERT_FALSE(blocks.empty()) << bytes;
    EXPECT_EQ(heap->Stats().blocks, blocks.size());
    EXPECT_EQ(heap->Allocate(bytes, me), 0U);
    heap->Free(blocks.back(), me);
    EXPECT_EQ(heap->Allocate(bytes, me), blocks.back());
    FreeAll(blocks);
    EXPECT_EQ(heap->Stats().live, 0U);
  }
}

TEST_F(HeapTest, FillsItsLimit) {
  Open(1 << 20);
  std::uint64_t live = 0;
  for (const Offset block : Fill(1000)) live += heap->SizeOf(block);
  EXPECT_GT(live, (1U << 20) - (1U << 16) - (1U << 15));  // but for a rest less than a span, and for padding
}

TEST_F(HeapTest, GivesTheRoomOfOneSizeToAnother) {
  Open(8 << 20);
  for (int round = 0; round < 3; ++round) {
    for (const std::uint64_t bytes : {16UL, 500UL, 20'000UL, 1UL << 20}) FreeAll(Fill(bytes));
  }
  const Offset all = heap->Allocate((8 << 20) - 16, me);  // everything was merged to one run
  EXPECT_NE(all, 0U);
}

// Free neighbours may be partly in memory and partly given back.
TEST_F(HeapTest, MergesFreeNeighboursForALargeBlock) {
  Open(4 << 20);
  const std::vector<Offset> blocks = Fill(250'000);
  for (std::size_t i = 0; i < blocks.size(); i += 2) heap->Free(blocks[i], me);
  EXPECT_EQ(heap->Allocate(600'000, me), 0U);
  for (std::size_t i = 1; i < blocks.size(); i += 2) heap->Free(blocks[i], me);
  const Offset most = heap->Allocate(4'000'000, me);
  EXPECT_NE(most, 0U);
  heap->Free(most, me);
}

TEST_F(HeapTest, TakesNoMemoryForWhatWasNotUsed) {
  Open(std::uint64_t{1} << 40);  // more than the machine has
  const Offset block = heap->Allocate((std::uint64_t{1} << 40) - 16, me);
  ASSERT_NE(block, 0U);
  heap->At<std::byte>(block)[(std::uint64_t{1} << 40) - 17] = std::byte{1};
}

TEST_F(HeapTest, ParticipantsOfOtherShardsUseWhatIsFreeAnywhere) {
  Open(1 << 20);
  std::vector<participant::ParticipantId> others;
  for (std::uint64_t key = 2; key < 40; ++key) others.push_back(heap->participants().Join(key));
  const std::vector<Offset> blocks = Fill(200);
  for (std::size_t i = 0; i < blocks.size(); ++i) heap->Free(blocks[i], others[i % others.size()]);
  std::size_t again = 0;
  while (heap->Allocate(200, others[again % others.size()]) != 0) ++again;
  EXPECT_EQ(again, blocks.size());
}

TEST_F(HeapTest, IsTheSameThroughAnotherMapping) {
  const Offset block = heap->Allocate(5000, me);
  std::strcpy(heap->At<char>(block), "shared");
  // The header holds no address: a copy of the bytes is a heap of its own.
  platform::Mapping copy = platform::Mapping::Reserve(heap->size());
  std::memcpy(copy.data(), heap->data(), block + 8192);
  EXPECT_EQ(Heap::Attach(platform::Mapping::Reserve(1 << 20)), nullptr);
  EXPECT_EQ(Heap::Attach({}), nullptr);
  const std::unique_ptr<Heap> twin = Heap::Attach(std::move(copy));
  ASSERT_NE(twin, nullptr);
  EXPECT_NE(twin->data(), heap->data());
  EXPECT_STREQ(twin->At<char>(block), "shared");
  EXPECT_EQ(twin->SizeOf(block), heap->SizeOf(block));
  EXPECT_TRUE(twin->participants().IsAlive(me));
  const Offset next = twin->Allocate(5000, me);
  EXPECT_NE(next, 0U);
  EXPECT_NE(next, block);
  twin->Free(block, me);
  twin->Free(next, me);
  EXPECT_EQ(twin->Stats().blocks, 0U);
  EXPECT_EQ(heap->Stats().blocks, 1U);
}

}  // namespace
}  // namespace allcores::memory
