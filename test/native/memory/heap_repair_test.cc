#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "memory/heap.h"
#include "memory/heap_layout.h"

namespace allcores::memory {
namespace {

// A participant that died inside the heap's guards, having left everything that is derived in the worst state.
class HeapRepairTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kLimit = std::uint64_t{4} << 20;
  static constexpr std::uint32_t kGarbage = 0x00abcdef;

  void SetUp() override {
    std::mt19937 random(1);
    for (int i = 0; i < 2000; ++i) {
      const Offset block = heap->Allocate(random() % (i % 10 == 0 ? 60'000 : 2000), me);
      if (block == 0) break;
      blocks.push_back(block);
    }
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (i % 3 != 0) continue;
      heap->Free(blocks[i], me);
      blocks[i] = blocks.back();
      blocks.pop_back();
    }
    room = LiveWhenFull(*Copy()) / 100 * 99;  // other spans become empty when blocks are taken from others
    dead = heap->participants().Join(2);
    heap->participants().Leave(dead);
  }

  void SpoilRuns() {
    RunState& runs = header->runs;
    runs.guard.store(dead);
    runs.used.store(kGarbage);
    runs.dirty.store(kGarbage);
    for (auto& bin : runs.dirty_bins) bin.store(kGarbage);
    for (auto& bin : runs.clean_bins) bin.store(kGarbage);
  }
  // Of the shelves in use: each is found out only when somebody has waited for its owner.
  void SpoilShelves() {
    for (auto& shelves : header->blocks.shelves) {
      for (Shelf& shelf : shelves) {
        if (shelf.first.load() == 0) continue;
        shelf.guard.store(dead);
        shelf.first.store(0);
        shelf.spans.store(kGarbage);
      }
    }
  }
  std::unique_ptr<Heap> Copy() {
    platform::Mapping copy = platform::Mapping::Reserve(heap->size());
    std::memcpy(copy.data(), heap->data(), heap->size());
    return Heap::Attach(std::move(copy));
  }
  // Bytes in blocks when nothing more fits.
  std::uint64_t LiveWhenFull(Heap& full) {
    std::vector<Offset> more;
    for (const std::uint64_t bytes : {50'000, 3000, 100}) {
      while (const Offset block = full.Allocate(bytes, me)) more.push_back(block);
    }
    const std::uint64_t live = full.Stats().live;
    for (const Offset block : more) full.Free(block, me);
    return live;
  }
  // The heap is sound if it has as much room as one that was not spoilt, and can become one run again.
  void ExpectSound() {
    EXPECT_EQ(heap->Stats().blocks, blocks.size());
    EXPECT_GE(LiveWhenFull(*heap), room);
    EXPECT_EQ(heap->Stats().blocks, blocks.size());
    for (const Offset block : blocks) heap->Free(block, me);
    EXPECT_EQ(heap->Stats().blocks, 0U);
    EXPECT_NE(heap->Allocate(kLimit - 16, me), 0U);
  }

  std::unique_ptr<Heap> heap = Heap::Create(kLimit);
  HeapHeader* header = heap->At<HeapHeader>(0);
  participant::ParticipantId me = heap->participants().Join(1);
  participant::ParticipantId dead = 0;
  std::uint64_t room = 0;
  std::vector<Offset> blocks;
};

TEST_F(HeapRepairTest, IsSoundWithoutRepair) { ExpectSound(); }

TEST_F(HeapRepairTest, ListsOfRunsAreComputedAnew) {
  SpoilRuns();
  ExpectSound();
}

TEST_F(HeapRepairTest, ShelvesAreComputedAnew) {
  SpoilShelves();
  ExpectSound();
}

TEST_F(HeapRepairTest, WhoDiedInsideBothGuardsIsInheritedTwice) {
  SpoilShelves();
  SpoilRuns();
  ExpectSound();
}

// It had a span from the run allocator, but had not opened it; or had closed an empty one, but not given it back.
TEST_F(HeapRepairTest, AClosedSpanIsGivenBack) {
  const auto layout = HeapLayout::For(header->units);
  const SpanTable spans(heap->At<SpanEntry>(layout.spans), heap->At<SpanTable::Link>(layout.links), layout.begin,
                        header->units);
  platform::Mapping none;
  RunAllocator runs(header->runs, spans, none, heap->participants());
  const std::uint32_t size_class = ClassOf(777);
  const std::uint32_t shard = participant::IndexOf(me) % kShards;
  ASSERT_NE(runs.Take(RunWord::Span(size_class, shard), me), RunAllocator::kNone);
  header->blocks.shelves[size_class][shard].guard.store(dead);
  ExpectSound();
}

// Its last store made a block free again, but nobody listed the span.
TEST_F(HeapRepairTest, AnUnlistedSpanIsListedWithTheNextBlockGivenBack) {
  for (const Offset block : blocks) heap->Free(block, me);
  blocks.clear();
  const auto layout = HeapLayout::For(header->units);
  const SpanTable spans(heap->At<SpanEntry>(layout.spans), heap->At<SpanTable::Link>(layout.links), layout.begin,
                        header->units);
  while (const Offset block = heap->Allocate(3000, me)) blocks.push_back(block);
  const std::size_t all = blocks.size();
  const Offset first = blocks[all - 2];
  const Offset second = blocks[all - 1];
  std::uint32_t span = spans.UnitOf(first);
  if (spans.At(span).Run().kind() == RunKind::kInside) span -= spans.At(span).Run().distance();
  const SizeClass& size_class = kSizeClasses[spans.At(span).Run().size_class()];
  SpanBlocks(spans, span).Give(size_class.IndexOf(first - spans.OffsetOf(span)));
  EXPECT_EQ(heap->Allocate(3000, me), 0U);
  heap->Free(second, me);
  EXPECT_NE(heap->Allocate(3000, me), 0U);
  EXPECT_NE(heap->Allocate(3000, me), 0U);
  EXPECT_EQ(heap->Stats().blocks, all);
  for (const Offset block : blocks) heap->Free(block, me);
  EXPECT_NE(heap->Allocate(kLimit - 16, me), 0U);
}

}  // namespace
}  // namespace allcores::memory
