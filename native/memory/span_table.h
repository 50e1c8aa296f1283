#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "memory/size_classes.h"

namespace allcores::memory {

enum class RunKind : std::uint8_t {
  kInside = 0,  // not a run's first unit
  kDirty,       // free, its pages perhaps in memory
  kClean,       // free, its pages given back or never touched
  kLarge,       // one block
  kSmall,       // a span: blocks of one class
};

// What a unit is, in one word, so that one store changes it: the truth from which everything else in the heap can be
// computed anew. Bits 0-2 the kind, 3-10 the class of a span, 11-18 the shard that lists it, 19 whether a span was made
// of dirty pages; 32-63 a run's length in units, or the distance from a unit inside to its run's first one.
//
// Valid in the first and the last unit of every run, and in all units of a span. A run's first unit that becomes part
// of another run is overwritten: so one that says kSmall or kLarge is the beginning of such a run.
struct RunWord {
  std::uint64_t value = 0;

  static constexpr RunWord Make(RunKind kind, std::uint32_t units) {
    return {std::uint64_t{units} << 32 | static_cast<std::uint64_t>(kind)};
  }
  static constexpr RunWord Inside(std::uint32_t distance) { return Make(RunKind::kInside, distance); }
  static constexpr RunWord Span(std::uint32_t number, std::uint32_t shard) {
    return {Make(RunKind::kSmall, kSizeClasses[number].units).value | std::uint64_t{number} << 3 |
            std::uint64_t{shard} << 11};
  }

  [[nodiscard]] constexpr RunKind kind() const { return static_cast<RunKind>(value & 7); }
  [[nodiscard]] constexpr std::uint32_t size_class() const { return value >> 3 & 0xff; }
  [[nodiscard]] constexpr std::uint32_t shard() const { return value >> 11 & 0xff; }
  [[nodiscard]] constexpr bool warm() const { return (value >> 19 & 1) != 0; }
  [[nodiscard]] constexpr std::uint32_t units() const { return static_cast<std::uint32_t>(value >> 32); }
  [[nodiscard]] constexpr std::uint32_t distance() const { return units(); }
  [[nodiscard]] constexpr bool IsFree() const { return kind() == RunKind::kDirty || kind() == RunKind::kClean; }
  [[nodiscard]] constexpr RunWord Warmed() const { return {value | std::uint64_t{1} << 19}; }
  // The same span, listed by another shard.
  [[nodiscard]] constexpr RunWord Moved(std::uint32_t shard) const {
    return {(value & ~(std::uint64_t{0xff} << 11)) | std::uint64_t{shard} << 11};
  }
  friend constexpr bool operator==(RunWord, RunWord) = default;
};

// One per unit. All-zero at first.
struct alignas(32) SpanEntry {
  std::atomic<std::uint64_t> run;     // a RunWord
  std::atomic<std::uint64_t> blocks;  // a BlockWord, if a span begins here; it keeps its tag for good
  std::atomic<std::uint32_t> next;    // in the list that this run stands in (span_list.h)
  std::atomic<std::uint32_t> previous;

  // Relaxed: whoever acts on it holds the guard, or a block of the run, or checks it against `blocks`.
  [[nodiscard]] RunWord Run() const { return {run.load(std::memory_order_relaxed)}; }
  void SetRun(RunWord word) { run.store(word.value, std::memory_order_relaxed); }
};

// Where one process sees the units of a heap and what is known of them.
class SpanTable {
 public:
  // A link of the free list for each block that a unit can hold. Beside the blocks, not in them: whoever lost a race
  // reads a link of a block that is somebody's by now, and a block's memory is nobody else's business.
  using Link = std::atomic<std::uint16_t>;
  static constexpr std::uint32_t kLinksPerUnit = kUnitBytes / 16;
  static constexpr std::uint64_t kLinkBytesPerUnit = kLinksPerUnit * sizeof(Link);

  SpanTable(SpanEntry* entries, Link* links, std::uint64_t begin, std::uint32_t units)
      : entries_(entries), links_(links), begin_(begin), units_(units) {}

  [[nodiscard]] std::uint32_t units() const { return units_; }
  [[nodiscard]] SpanEntry& At(std::uint32_t unit) const { return entries_[unit]; }
  [[nodiscard]] Link& LinkOf(std::uint32_t span, std::uint32_t block) const {
    return links_[std::uint64_t{span} * kLinksPerUnit + block];
  }
  // Offset of a unit in the heap.
  [[nodiscard]] std::uint64_t OffsetOf(std::uint32_t unit) const {
    return begin_ + (std::uint64_t{unit} << kUnitShift);
  }
  [[nodiscard]] std::uint32_t UnitOf(std::uint64_t offset) const {
    return static_cast<std::uint32_t>((offset - begin_) >> kUnitShift);
  }
  [[nodiscard]] bool Contains(std::uint64_t offset) const {
    return offset >= begin_ && offset - begin_ < std::uint64_t{units_} << kUnitShift;
  }

  // Calls back with (first unit, word) of every run. Without the guard of the run allocator, runs that change meanwhile
  // may be seen as they were or not at all; those that do not change are seen once.
  template <typename Callback>
  void ForEachRun(Callback callback) const {
    for (std::uint32_t unit = 0; unit < units_;) {
      const RunWord word = At(unit).Run();
      if (word.kind() == RunKind::kInside) {
        unit = BehindRunOf(unit, word);
        continue;
      }
      callback(unit, word);
      unit += word.units();
    }
  }

 private:
  // For a walk that finds a run merged into the one before it.
  [[nodiscard]] std::uint32_t BehindRunOf(std::uint32_t unit, RunWord inside) const {
    const std::uint32_t first = unit - std::min(inside.distance(), unit);
    const RunWord word = At(first).Run();
    const bool found = word.kind() != RunKind::kInside && word.units() > unit - first;
    return found ? first + word.units() : unit + 1;
  }

  SpanEntry* entries_;
  Link* links_;
  std::uint64_t begin_;
  std::uint32_t units_;
};

}  // namespace allcores::memory
