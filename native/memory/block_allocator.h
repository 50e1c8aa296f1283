#pragma once

#include <atomic>
#include <cstdint>

#include "base/cache_line.h"
#include "base/schedule_point.h"
#include "memory/run_allocator.h"
#include "memory/size_classes.h"
#include "memory/span_blocks.h"
#include "memory/span_table.h"
#include "participant/participant_table.h"

namespace allcores::memory {

// Spans of one class that have free blocks. A few shelves for each class, so that many processors do not meet at one
// word: each participant allocates from its own and frees to where the span belongs.
struct alignas(kCacheLine) Shelf {
  std::atomic<std::uint32_t> guard;
  std::atomic<std::uint32_t> first;  // a SpanList: blocks are taken from its first span
  std::atomic<std::uint32_t> spans;  // in the list
};

inline constexpr std::uint32_t kShards = 16;

struct BlockState {
  Shelf shelves[kClasses][kShards];
};

// Hands out small blocks. A block is taken from and given back to its span without a lock (span_blocks.h). Only lists
// of spans are kept under a guard, one for each shelf: when a span was found full, when a full one gets a free block
// and when one becomes empty. Not a lock-free stack of spans, since an empty span has to be taken out of its middle at
// once: so its memory serves other classes, and no kill can lose it.
//
// A full span stands in no list. It is listed by whoever gives back a block and sees that it is not. The list can be
// computed anew from the span table, and is when the guard's last owner died.
class BlockAllocator {
 public:
  static constexpr std::uint64_t kNone = 0;

  BlockAllocator(BlockState& state, const SpanTable& spans, RunAllocator& runs,
                 const participant::ParticipantTable& participants)
      : state_(state), spans_(spans), runs_(runs), participants_(participants) {}

  // The offset of a block of that class; kNone when there is no room.
  std::uint64_t Take(std::uint32_t size_class, participant::ParticipantId me) {
    const std::uint32_t shard = participant::IndexOf(me) % kShards;
    // Acquire: the entry of a span that was just made.
    const std::uint32_t first = state_.shelves[size_class][shard].first.load(std::memory_order_acquire);
    if (first != 0) {
      ALLCORES_SCHEDULE_POINT();  // from here on it may be of another class, or none
      const std::uint64_t block = TakeFrom(first - 1, size_class);
      if (block != kNone) return block;
    }
    return TakeSlowly(size_class, shard, me);
  }
  // `span`: the first unit of the span that the block at `offset` lies in.
  void Give(std::uint64_t offset, std::uint32_t span, participant::ParticipantId me);
  // Gives back the empty spans that shelves keep.
  void Reclaim(participant::ParticipantId me);

 private:
  [[nodiscard]] std::uint64_t TakeFrom(std::uint32_t span, std::uint32_t size_class) const {
    const std::uint32_t block = SpanBlocks(spans_, span).Take(size_class);
    if (block == SpanBlocks::kNone) return kNone;
    return spans_.OffsetOf(span) + std::uint64_t{block} * kSizeClasses[size_class].bytes;
  }
  std::uint64_t TakeSlowly(std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me);
  // Under the guard: a block of the first span that has one; those that are full leave the list.
  std::uint64_t TakeListed(Shelf& shelf, std::uint32_t size_class);
  // Under the guard: a block of a new span.
  std::uint64_t TakeFresh(Shelf& shelf, std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me);
  // Moves a span of another shard to this one, if one has several.
  void Steal(std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me);
  std::uint64_t TakeFromOthers(std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me);
  // Lists a span that has free blocks, gives back one that is empty.
  void Settle(std::uint32_t span, participant::ParticipantId me);
  void SettleLocked(Shelf& shelf, std::uint32_t span, RunWord word, participant::ParticipantId me);

  void Lock(std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me);
  void Unlock(Shelf& shelf) { participant::Guard(shelf.guard).Unlock(); }
  void Repair(std::uint32_t size_class, std::uint32_t shard, participant::ParticipantId me);
  void Enlist(Shelf& shelf, std::uint32_t span);
  void Delist(Shelf& shelf, std::uint32_t span);

  BlockState& state_;
  const SpanTable& spans_;
  RunAllocator& runs_;
  const participant::ParticipantTable& participants_;
};

}  // namespace allcores::memory
