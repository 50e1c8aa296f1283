#include "memory/heap.h"

#include <cstring>
#include <utility>

#include "base/cache_line.h"
#include "base/check.h"
#include "memory/heap_layout.h"

namespace allcores::memory {
namespace {

constexpr std::uint64_t kMostUnits = 0x7fffffff;  // 16 TiB

// With checks every block ends with a word that nobody may have written to when it is freed.
constexpr std::uint64_t kPadding = kHeapChecks ? 16 : 0;
// Zeroing less takes less time than giving pages back and getting them anew.
constexpr std::uint64_t kLeastDiscarded = std::uint64_t{1} << 20;
constexpr std::uint64_t kCanary = 0x5afeb10c5afeb10c;

}  // namespace

std::unique_ptr<Heap> Heap::Create(std::uint64_t limit) {
  const std::uint64_t units = limit / kUnitBytes + (limit % kUnitBytes == 0 && limit != 0 ? 0 : 1);
  if (units > kMostUnits) return nullptr;
  const HeapLayout layout = HeapLayout::For(static_cast<std::uint32_t>(units));
  platform::Mapping mapping = platform::Mapping::Reserve(layout.bytes);
  // All that comes before the links, which the run allocator commits with the units.
  if (mapping.data() == nullptr || !mapping.Commit(0, layout.links)) return nullptr;
  auto* header = reinterpret_cast<HeapHeader*>(mapping.data());
  header->version = HeapHeader::kVersion;
  header->units = static_cast<std::uint32_t>(units);
  std::unique_ptr<Heap> heap(new Heap(std::move(mapping)));
  heap->runs_.Format();
  header->magic = HeapHeader::kMagic;
  return heap;
}

std::unique_ptr<Heap> Heap::Attach(platform::Mapping mapping) {
  if (mapping.size() < sizeof(HeapHeader)) return nullptr;
  const auto* header = reinterpret_cast<const HeapHeader*>(mapping.data());
  if (header->magic != HeapHeader::kMagic || header->version != HeapHeader::kVersion) return nullptr;
  if (mapping.size() < HeapLayout::For(header->units).bytes) return nullptr;
  return std::unique_ptr<Heap>(new Heap(std::move(mapping)));
}

Heap::Heap(platform::Mapping mapping)
    : mapping_(std::move(mapping)),
      participants_(At<participant::Participant>(HeapLayout::For(0).participants)),
      header_(At<HeapHeader>(0)),
      spans_([this] {
        const HeapLayout layout = HeapLayout::For(header_->units);
        return SpanTable(At<SpanEntry>(layout.spans), At<SpanTable::Link>(layout.links), layout.begin, header_->units);
      }()),
      runs_(header_->runs, spans_, mapping_, participants_),
      blocks_(header_->blocks, spans_, runs_, participants_) {}

Heap::~Heap() = default;

Offset Heap::Allocate(std::uint64_t bytes, participant::ParticipantId me) {
  if (bytes > mapping_.size()) return 0;  // and no sum below overflows
  // Whole cache lines stay whole, so that what is aligned without the checks is aligned with them.
  const bool lines = kHeapChecks && bytes % kCacheLine == 0;
  const std::uint64_t needed = bytes + (lines ? kCacheLine : kPadding);
  const bool small = needed <= kMostSmall;
  Offset block = small ? blocks_.Take(ClassOf(needed), me) : TakeLarge(needed, me);
  if (block == 0) {
    blocks_.Reclaim(me);
    block = small ? blocks_.Take(ClassOf(needed), me) : TakeLarge(needed, me);
    if (block == 0) return 0;
  }
  if constexpr (kHeapChecks) *At<std::uint64_t>(block + SizeOf(block)) = kCanary;
  return block;
}

Offset Heap::TakeLarge(std::uint64_t bytes, participant::ParticipantId me) {
  const std::uint64_t units = RoundUp(bytes, kUnitBytes) / kUnitBytes;
  if (units > spans_.units()) return 0;
  const std::uint32_t unit = runs_.Take(RunWord::Make(RunKind::kLarge, static_cast<std::uint32_t>(units)), me);
  return unit == RunAllocator::kNone ? 0 : spans_.OffsetOf(unit);
}

void Heap::Zero(Offset block, std::uint64_t bytes) const {
  std::uint64_t from = block;
  const std::uint64_t end = block + bytes;
  if (bytes >= kLeastDiscarded) {
    // Whole pages of any system; the system zeroes what it gives back.
    const std::uint64_t begin = RoundUp(block, HeapLayout::kPage);
    const std::uint64_t whole = (end - begin) / HeapLayout::kPage * HeapLayout::kPage;
    if (mapping_.Discard(begin, whole)) {
      std::memset(mapping_.data() + from, 0, begin - from);
      from = begin + whole;
    }
  }
  std::memset(mapping_.data() + from, 0, end - from);
}

void Heap::Free(Offset block, participant::ParticipantId me) {
  if constexpr (kHeapChecks) {
    ALLCORES_CHECK(spans_.Contains(block));
    const bool block_was_not_overrun = *At<std::uint64_t>(block + SizeOf(block)) == kCanary;
    ALLCORES_CHECK(block_was_not_overrun);
  }
  const std::uint32_t unit = spans_.UnitOf(block);
  const RunWord word = spans_.At(unit).Run();
  if (word.kind() == RunKind::kLarge) {
    runs_.Give(unit, me);
  } else {
    blocks_.Give(block, word.kind() == RunKind::kSmall ? unit : unit - word.distance(), me);
  }
}

void Heap::Reach(Offset block) const {
  std::uint32_t unit = spans_.UnitOf(block);
  RunWord word = spans_.At(unit).Run();
  if (word.kind() == RunKind::kInside) {
    unit -= word.distance();
    word = spans_.At(unit).Run();
  }
  if (word.kind() != RunKind::kSmall) return;
  const SizeClass& size_class = kSizeClasses[word.size_class()];
  static_cast<void>(
      spans_.LinkOf(unit, size_class.IndexOf(block - spans_.OffsetOf(unit))).load(std::memory_order_relaxed));
}

std::uint64_t Heap::SizeOf(Offset block) const {
  const std::uint32_t unit = spans_.UnitOf(block);
  RunWord word = spans_.At(unit).Run();
  if (word.kind() == RunKind::kLarge) return word.units() * kUnitBytes - kPadding;
  if (word.kind() == RunKind::kInside) word = spans_.At(unit - word.distance()).Run();
  if constexpr (kHeapChecks) {
    const bool block_is_allocated = word.kind() == RunKind::kSmall;
    ALLCORES_CHECK(block_is_allocated);
  }
  return kSizeClasses[word.size_class()].bytes - kPadding;
}

std::byte* Heap::root() const { return header_->root.data(); }

HeapStats Heap::Stats() const {
  HeapStats stats{};
  stats.limit = spans_.units() * kUnitBytes;
  spans_.ForEachRun([&](std::uint32_t unit, RunWord word) {
    const std::uint64_t bytes = word.units() * kUnitBytes;
    if (word.kind() == RunKind::kDirty) {
      stats.committed += bytes;
    } else if (word.kind() == RunKind::kLarge) {
      stats.committed += bytes;
      stats.live += bytes;
      ++stats.blocks;
    } else if (word.kind() == RunKind::kSmall) {
      const BlockWord blocks = SpanBlocks(spans_, unit).Load();
      const std::uint64_t size = kSizeClasses[word.size_class()].bytes;
      stats.committed += word.warm() ? bytes : blocks.fresh() * size;
      stats.live += blocks.used() * size;
      stats.blocks += blocks.used();
    }
  });
  return stats;
}

}  // namespace allcores::memory
