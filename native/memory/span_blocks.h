#pragma once

#include <atomic>
#include <cstdint>

#include "base/check.h"
#include "base/schedule_point.h"
#include "memory/span_table.h"

namespace allcores::memory {

#if defined(ALLCORES_HEAP_CHECKS)
inline constexpr bool kHeapChecks = true;
#else
inline constexpr bool kHeapChecks = false;
#endif

// The blocks of a span in one word, so that one compare-and-swap takes a block or gives one back, whoever is killed
// when. Bits 0-11 the first free block + 1; 12-23 how many were ever given out: those behind were never touched;
// 24-35 how many are given out; 36 open: the span exists; 37 listed: its shelf has it; 38-63 a tag that every change
// increments that could make an old value come back (a block given back, the span opened or closed).
struct BlockWord {
  static constexpr std::uint64_t kFieldMask = 0xfff;
  static constexpr int kFresh = 12;
  static constexpr int kUsed = 24;
  static constexpr std::uint64_t kOpen = std::uint64_t{1} << 36;
  static constexpr std::uint64_t kListed = std::uint64_t{1} << 37;
  static constexpr std::uint64_t kTag = std::uint64_t{1} << 38;
  static constexpr std::uint64_t kTagMask = ~(kTag - 1);

  std::uint64_t value = 0;

  [[nodiscard]] std::uint32_t first() const { return value & kFieldMask; }
  [[nodiscard]] std::uint32_t fresh() const { return value >> kFresh & kFieldMask; }
  [[nodiscard]] std::uint32_t used() const { return value >> kUsed & kFieldMask; }
  [[nodiscard]] bool open() const { return (value & kOpen) != 0; }
  [[nodiscard]] bool listed() const { return (value & kListed) != 0; }

  [[nodiscard]] BlockWord WithFirst(std::uint32_t first) const { return {(value & ~kFieldMask) | first}; }
  [[nodiscard]] BlockWord PlusFresh() const { return {value + (std::uint64_t{1} << kFresh)}; }
  [[nodiscard]] BlockWord PlusUsed() const { return {value + (std::uint64_t{1} << kUsed)}; }
  [[nodiscard]] BlockWord MinusUsed() const { return {value - (std::uint64_t{1} << kUsed)}; }
  [[nodiscard]] BlockWord Tagged() const { return {value + kTag}; }  // wraps in the topmost bits, harming nothing
  [[nodiscard]] BlockWord Opened() const { return BlockWord{(value & kTagMask) | kOpen}.Tagged(); }
  [[nodiscard]] BlockWord Closed() const { return BlockWord{value & kTagMask}.Tagged(); }
};

// The blocks of one span. Taking and giving back are lock-free; opening, closing and listing are for whoever holds the
// guard of the span's shelf.
//
// The list is a Treiber stack (R. K. Treiber, 1986) of block numbers with a tag in the same word against its ABA
// problem. A thread would have to sleep through a multiple of 2^26 frees in one span to be fooled.
class SpanBlocks {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  SpanBlocks(const SpanTable& spans, std::uint32_t unit) : spans_(spans), unit_(unit), word_(spans.At(unit).blocks) {}

  // Acquire: the span's RunWord, written before it was opened.
  [[nodiscard]] BlockWord Load() const { return {word_.load(std::memory_order_acquire)}; }

  // A block's number; kNone when none is free or when this is (no longer) a span of that class.
  std::uint32_t Take(std::uint32_t size_class) {
    BlockWord seen = Load();
    for (;;) {
      // Class and word belong together if the swap succeeds: a span changes its class only while closed, and closing
      // it has changed the tag.
      if (!seen.open() || spans_.At(unit_).Run().size_class() != size_class) return kNone;
      std::uint32_t block = seen.first();
      BlockWord next;
      if (block != 0) {
        ALLCORES_SCHEDULE_POINT();
        --block;
        // Relaxed: it was written before the swap that made the block the first one, which Load acquired. If somebody
        // took the block since, this may be anything, and the swap fails: the block cannot be first again with
        // the same tag.
        next = seen.WithFirst(spans_.LinkOf(unit_, block).load(std::memory_order_relaxed) & BlockWord::kFieldMask);
      } else {
        block = seen.fresh();
        if (block == kSizeClasses[size_class].blocks) return kNone;
        next = seen.PlusFresh();
      }
      next = next.PlusUsed();
      ALLCORES_SCHEDULE_POINT();
      // Acquire: all that the block's last owner did with it comes before what the next one does. (Its swap was a
      // release, and swaps since then carry that on.) Nothing of ours is published by taking.
      if (word_.compare_exchange_weak(seen.value, next.value, std::memory_order_acquire, std::memory_order_acquire)) {
        if constexpr (kHeapChecks) spans_.LinkOf(unit_, block).store(kTaken, std::memory_order_relaxed);
        return block;
      }
    }
  }

  // What the word is afterwards.
  BlockWord Give(std::uint32_t block) {
    SpanTable::Link& link = spans_.LinkOf(unit_, block);
    if constexpr (kHeapChecks) {
      const bool block_was_allocated = link.exchange(0, std::memory_order_relaxed) == kTaken;
      ALLCORES_CHECK(block_was_allocated);
    }
    BlockWord seen{word_.load(std::memory_order_relaxed)};
    for (;;) {
      link.store(static_cast<std::uint16_t>(seen.first()), std::memory_order_relaxed);
      const BlockWord next = seen.WithFirst(block + 1).MinusUsed().Tagged();
      ALLCORES_SCHEDULE_POINT();
      // Release: the link above and the caller's use of the block come before its next owner. Acquire: whoever gives
      // the last one back may go on to close the span, after everybody else's use of it.
      if (word_.compare_exchange_weak(seen.value, next.value, std::memory_order_acq_rel, std::memory_order_relaxed)) {
        return next;
      }
    }
  }

  // Of a closed span, after its RunWord was set. Not listed, with all blocks free.
  void Open() {
    // Nobody else changes the word of a closed span. Release: publishes the RunWord.
    word_.store(BlockWord{word_.load(std::memory_order_relaxed)}.Opened().value, std::memory_order_release);
  }

  // False when a block is in use. From then on nobody can take one.
  bool Close() {
    BlockWord seen = Load();
    while (seen.open() && seen.used() == 0) {
      // Acquire: every use of its blocks comes before what becomes of the memory.
      if (word_.compare_exchange_weak(seen.value, seen.Closed().value, std::memory_order_acq_rel,
                                      std::memory_order_acquire)) {
        return true;
      }
    }
    return false;
  }

  // Marks the span as listed exactly if it has a free block, and says whether it has.
  bool ListIfFree(std::uint32_t size_class) {
    BlockWord seen = Load();
    for (;;) {
      const bool free = seen.used() < kSizeClasses[size_class].blocks;
      if (free == seen.listed()) return free;
      // Relaxed suffices for us: list and mark are both read under the guard. What others released stays released.
      if (word_.compare_exchange_weak(seen.value, seen.value ^ BlockWord::kListed, std::memory_order_relaxed)) {
        return free;
      }
    }
  }
  void Unlist() { word_.fetch_and(~BlockWord::kListed, std::memory_order_relaxed); }

 private:
  static constexpr std::uint16_t kTaken = 0xffff;

  const SpanTable& spans_;
  std::uint32_t unit_;
  std::atomic<std::uint64_t>& word_;
};

}  // namespace allcores::memory
