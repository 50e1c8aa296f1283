#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "memory/heap.h"
#include "memory/heap_layout.h"
#include "participant/guard.h"

namespace allcores::memory {
namespace {

// A span is used for another class while somebody has still to finish what he began with it as it was.
class SpanReuseTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kLong = 30'000;   // two blocks in a span of eight units
  static constexpr std::uint64_t kShort = 16'000;  // four of them

  [[nodiscard]] std::uint32_t SpanOf(Offset block) const {
    const std::uint32_t unit = spans.UnitOf(block);
    const RunWord word = spans.At(unit).Run();
    return word.kind() == RunKind::kInside ? unit - word.distance() : unit;
  }
  [[nodiscard]] std::uint32_t NumberOf(Offset block) const {
    const std::uint32_t span = SpanOf(block);
    return kSizeClasses[spans.At(span).Run().size_class()].IndexOf(block - spans.OffsetOf(span));
  }
  // A span all of whose blocks are free becomes one of another class.
  void Reuse(std::uint32_t span, std::uint32_t size_class) const {
    ASSERT_TRUE(SpanBlocks(spans, span).Close());
    spans.At(span).SetRun(RunWord::Span(size_class, 0));
    SpanBlocks(spans, span).Open();
  }

  std::unique_ptr<Heap> heap = Heap::Create(std::uint64_t{1} << 20);
  HeapHeader* header = heap->At<HeapHeader>(0);
  HeapLayout layout = HeapLayout::For(header->units);
  SpanTable spans{heap->At<SpanEntry>(layout.spans), heap->At<SpanTable::Link>(layout.links), layout.begin,
                  header->units};
  participant::ParticipantId me = heap->participants().Join(1);
};

TEST_F(SpanReuseTest, WhoTakesBlocksOfTheFormerClassGetsNone) {
  const Offset block = heap->Allocate(kLong, me);
  const std::uint32_t span = SpanOf(block);
  const std::uint32_t former = spans.At(span).Run().size_class();
  SpanBlocks(spans, span).Give(NumberOf(block));
  ASSERT_NO_FATAL_FAILURE(Reuse(span, ClassOf(kShort)));
  EXPECT_EQ(SpanBlocks(spans, span).Take(former), SpanBlocks::kNone);
  EXPECT_NE(SpanBlocks(spans, span).Take(ClassOf(kShort)), SpanBlocks::kNone);
}

// It read the word, and then slept while the span came back to the same state: no block given out, none ever used.
TEST_F(SpanReuseTest, WhoSawTheSpanBeforeFailsItsSwap) {
  const std::uint32_t span = SpanOf(heap->Allocate(kLong, me));
  SpanBlocks blocks(spans, span);
  blocks.Give(0);
  for (const std::uint32_t size_class : {ClassOf(kShort), ClassOf(kLong)}) {
    ASSERT_NO_FATAL_FAILURE(Reuse(span, size_class));
    BlockWord seen = blocks.Load();
    ASSERT_NO_FATAL_FAILURE(Reuse(span, size_class));
    EXPECT_EQ(blocks.Load().value & ~BlockWord::kTagMask, seen.value & ~BlockWord::kTagMask);
    const BlockWord taken = seen.PlusFresh().PlusUsed();
    EXPECT_FALSE(spans.At(span).blocks.compare_exchange_strong(seen.value, taken.value));
  }
}

// Each of the two steps changes the tag: who saw it closed must not open it again, either.
TEST_F(SpanReuseTest, OpeningAndClosingAreSeenEach) {
  const BlockWord open = BlockWord{}.Opened();
  EXPECT_NE(open.Closed().value & BlockWord::kTagMask, open.value & BlockWord::kTagMask);
  EXPECT_NE(open.Closed().Opened().value & BlockWord::kTagMask, open.Closed().value & BlockWord::kTagMask);
}

// One gave back a block of a full span and waits for the guard of the shelf in order to list the span. Meanwhile it
// becomes a span of another shelf, with nothing in use: it must be left alone.
TEST_F(SpanReuseTest, WhoGivesABlockBackLeavesASpanAloneThatIsNoLongerOfItsShelf) {
  std::vector<Offset> blocks;
  while (const Offset block = heap->Allocate(kLong, me)) blocks.push_back(block);
  const Offset first = blocks[0];
  const Offset second = blocks[1];
  const std::uint32_t span = SpanOf(first);
  ASSERT_EQ(SpanOf(second), span);
  const RunWord word = spans.At(span).Run();
  const participant::ParticipantId holder = heap->participants().Join(2);
  const participant::ParticipantId giver = heap->participants().Join(3);
  const participant::ParticipantId taker = heap->participants().Join(4);
  std::atomic<std::uint32_t>& guard = header->blocks.shelves[word.size_class()][word.shard()].guard;
  static_cast<void>(participant::Guard(guard).Lock(heap->participants(), holder));

  std::thread gives([&] { heap->Free(first, giver); });
  while ((guard.load() & participant::Guard::kContended) == 0) std::this_thread::yield();
  SpanBlocks(spans, span).Give(NumberOf(second));
  ASSERT_TRUE(SpanBlocks(spans, span).Close());
  platform::Mapping none;
  RunAllocator(header->runs, spans, none, heap->participants()).Give(span, holder);
  const Offset other = heap->Allocate(kShort, taker);  // there is room nowhere else
  ASSERT_NE(other, 0U);
  ASSERT_EQ(SpanOf(other), span);
  heap->Free(other, taker);  // its shelf keeps the span, which is its only one
  participant::Guard(guard).Unlock();
  gives.join();

  EXPECT_TRUE(SpanBlocks(spans, span).Load().open());
  std::vector<Offset> others;
  for (int i = 0; i < 4; ++i) {
    others.push_back(heap->Allocate(kShort, taker));
    ASSERT_NE(others.back(), 0U);
    EXPECT_EQ(SpanOf(others.back()), span);
  }
  EXPECT_EQ(heap->Allocate(kShort, taker), 0U);
  for (const Offset block : others) heap->Free(block, taker);
  for (std::size_t i = 2; i < blocks.size(); ++i) heap->Free(blocks[i], me);
  EXPECT_EQ(heap->Stats().blocks, 0U);
  EXPECT_NE(heap->Allocate(heap->Stats().limit - 16, me), 0U);
}

}  // namespace
}  // namespace allcores::memory
