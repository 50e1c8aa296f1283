#include "memory/block_allocator.h"

#include "base/check.h"
#include "base/schedule_point.h"
#include "memory/span_list.h"

namespace allcores::memory {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

// Without the guard. While somebody holds it, perhaps for ever, the list says nothing.
bool LooksEmpty(const Shelf& shelf) { return shelf.first.load(kRelaxed) == 0 && shelf.guard.load(kRelaxed) == 0; }

}  // namespace

void BlockAllocator::Lock(std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me) {
  ALLCORES_CHECK(me != 0);
  participant::Guard guard(state_.shelves[size_class][shard].guard);
  if (guard.Lock(participants_, me) == participant::Guard::Entry::kInherited) Repair(size_class, shard, me);
}

void BlockAllocator::Repair(std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me) {
  Shelf& shelf = state_.shelves[size_class][shard];
  SpanList(spans_, shelf.first).Clear();
  shelf.spans.store(0, kRelaxed);
  // Spans of this shelf come and go only under its guard, so the walk meets them all, whatever other runs do.
  spans_.ForEachRun([&](std::uint32_t unit, RunWord word) {
    if (word.kind() != RunKind::kSmall || word.size_class() != size_class || word.shard() != shard) return;
    SpanBlocks blocks(spans_, unit);
    if (!blocks.Load().open()) {  // about to be opened, or just closed
      runs_.Give(unit, me);
    } else if (blocks.ListIfFree(size_class)) {
      Enlist(shelf, unit);
    }
  });
}

void BlockAllocator::Enlist(Shelf& shelf, std::uint32_t span) {
  // At the end: it may get more free blocks, or become empty, before its turn comes.
  SpanList(spans_, shelf.first).PushBack(span + 1);
  shelf.spans.store(shelf.spans.load(kRelaxed) + 1, kRelaxed);
}

void BlockAllocator::Delist(Shelf& shelf, std::uint32_t span) {
  SpanList(spans_, shelf.first).Remove(span + 1);
  shelf.spans.store(shelf.spans.load(kRelaxed) - 1, kRelaxed);
}

void BlockAllocator::Give(std::uint64_t offset, std::uint32_t span, participant::ParticipantId me) {
  const RunWord word = spans_.At(span).Run();
  const SizeClass& size_class = kSizeClasses[word.size_class()];
  const std::uint64_t distance = offset - spans_.OffsetOf(span);
  const std::uint32_t block = size_class.IndexOf(distance);
  if constexpr (kHeapChecks) {
    const bool block_begins_here = distance == std::uint64_t{block} * size_class.bytes;
    ALLCORES_CHECK(block_begins_here);
  }
  const BlockWord after = SpanBlocks(spans_, span).Give(block);
  ALLCORES_SCHEDULE_POINT();
  if (after.listed()) {
    if (after.used() > 0) return;
    // Empty. The one that blocks are taken from stays, or a block that comes and goes would take its span along.
    if (state_.shelves[word.size_class()][word.shard()].first.load(kRelaxed) == span + 1) return;
  }
  Settle(span, me);
}

void BlockAllocator::Settle(std::uint32_t span, participant::ParticipantId me) {
  for (;;) {
    const RunWord word = spans_.At(span).Run();
    if (word.kind() != RunKind::kSmall) return;
    Shelf& shelf = state_.shelves[word.size_class()][word.shard()];
    Lock(word.size_class(), word.shard(), me);
    // A span comes to a shelf and leaves it under its guard: if it is (or is again) of this one, it stays so.
    const bool here = spans_.At(span).Run() == word;
    if (here) SettleLocked(shelf, span, word, me);
    Unlock(shelf);
    if (here) return;
  }
}

void BlockAllocator::SettleLocked(Shelf& shelf, std::uint32_t span, RunWord word, participant::ParticipantId me) {
  SpanBlocks blocks(spans_, span);
  const BlockWord seen = blocks.Load();
  if (!seen.open()) return;
  if (!seen.listed()) {
    if (!blocks.ListIfFree(word.size_class())) return;
    Enlist(shelf, span);
  }
  if (shelf.first.load(kRelaxed) == span + 1 || !blocks.Close()) return;
  ALLCORES_SCHEDULE_POINT();
  Delist(shelf, span);
  runs_.Give(span, me);
}

std::uint64_t BlockAllocator::TakeListed(Shelf& shelf, std::uint32_t size_class) {
  for (;;) {
    const std::uint32_t first = shelf.first.load(kRelaxed);
    if (first == 0) return kNone;
    const std::uint64_t block = TakeFrom(first - 1, size_class);
    if (block != kNone) return block;
    // Full, unless a block comes back right now: then it stays.
    if (!SpanBlocks(spans_, first - 1).ListIfFree(size_class)) Delist(shelf, first - 1);
  }
}

std::uint64_t BlockAllocator::TakeFresh(Shelf& shelf, std::uint32_t size_class, std::uint32_t shard,
                                        participant::ParticipantId me) {
  const std::uint32_t span = runs_.Take(RunWord::Span(size_class, shard), me);
  if (span == RunAllocator::kNone) return kNone;
  SpanBlocks blocks(spans_, span);
  blocks.Open();
  const std::uint64_t block = TakeFrom(span, size_class);  // nobody else knows the span
  if (blocks.ListIfFree(size_class)) Enlist(shelf, span);
  return block;
}

std::uint64_t BlockAllocator::TakeSlowly(std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me) {
  Shelf& shelf = state_.shelves[size_class][shard];
  Lock(size_class, shard, me);
  std::uint64_t block = TakeListed(shelf, size_class);
  if (block == kNone) {
    Unlock(shelf);  // one shelf at a time
    Steal(size_class, shard, me);
    Lock(size_class, shard, me);
    block = TakeListed(shelf, size_class);
    if (block == kNone) block = TakeFresh(shelf, size_class, shard, me);
  }
  Unlock(shelf);
  return block != kNone ? block : TakeFromOthers(size_class, shard, me);
}

void BlockAllocator::Steal(std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me) {
  for (std::uint32_t other = 0; other < kShards; ++other) {
    Shelf& shelf = state_.shelves[size_class][other];
    // The one that they use is left to them: it would only go back and forth.
    if (other == shard || shelf.spans.load(kRelaxed) < 2) continue;
    Lock(size_class, other, me);
    std::uint32_t span = RunAllocator::kNone;
    if (shelf.spans.load(kRelaxed) >= 2) {
      span = SpanList(spans_, shelf.first).NextOf(shelf.first.load(kRelaxed)) - 1;
      Delist(shelf, span);
      SpanBlocks(spans_, span).Unlist();
      SpanEntry& entry = spans_.At(span);
      entry.SetRun(entry.Run().Moved(shard));
    }
    Unlock(shelf);
    if (span == RunAllocator::kNone) continue;
    ALLCORES_SCHEDULE_POINT();
    return Settle(span, me);
  }
}

// When there is no room for a new span: whatever is free in any of this class.
std::uint64_t BlockAllocator::TakeFromOthers(std::uint32_t size_class, std::uint32_t shard,
                                             participant::ParticipantId me) {
  for (std::uint32_t step = 1; step < kShards; ++step) {
    const std::uint32_t other = (shard + step) % kShards;
    Shelf& shelf = state_.shelves[size_class][other];
    if (LooksEmpty(shelf)) continue;
    Lock(size_class, other, me);
    const std::uint64_t block = TakeListed(shelf, size_class);
    Unlock(shelf);
    if (block != kNone) return block;
  }
  return kNone;
}

void BlockAllocator::Reclaim(participant::ParticipantId me) {
  for (std::uint32_t size_class = 0; size_class < kClasses; ++size_class) {
    for (std::uint32_t shard = 0; shard < kShards; ++shard) {
      Shelf& shelf = state_.shelves[size_class][shard];
      if (LooksEmpty(shelf)) continue;
      Lock(size_class, shard, me);
      const std::uint32_t first = shelf.first.load(kRelaxed);  // the others would have been given back
      if (first != 0 && SpanBlocks(spans_, first - 1).Close()) {
        Delist(shelf, first - 1);
        runs_.Give(first - 1, me);
      }
      Unlock(shelf);
    }
  }
}

}  // namespace allcores::memory
