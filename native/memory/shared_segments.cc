#include "memory/shared_segments.h"

#include "base/schedule_point.h"

namespace allcores::memory {
namespace {

constexpr std::uint32_t kIndexMask = SharedSegments::kPlaces - 1;
constexpr std::uint32_t kGenerationMask = 0x7ff;
constexpr std::uint32_t kGenerationShift = 20;
constexpr std::uint32_t kPageLength = 512;
constexpr std::uint32_t kPages = SharedSegments::kPlaces / kPageLength;

constexpr std::uint32_t GenerationOf(std::uint32_t id) { return (id >> kGenerationShift) & kGenerationMask; }

constexpr std::uint64_t kTag = std::uint64_t{1} << 32;
constexpr std::uint32_t FirstOf(std::uint64_t vacant) { return static_cast<std::uint32_t>(vacant); }
constexpr std::uint64_t TagOf(std::uint64_t vacant) { return vacant & ~(kTag - 1); }

}  // namespace

// `state`: bits 0-31 holders, 32-42 generation. Without holders it is nobody's who has a number: on the stack, or in
// the hands of whoever is making or has ended a segment. A killed one takes it along.
struct SharedSegments::Place {
  std::atomic<std::uint64_t> state;
  std::atomic<Offset> begin;
  std::atomic<std::uint64_t> bytes;
  std::atomic<std::uint32_t> next;  // on the stack: the one below + 1
  std::uint32_t reserved;

  static constexpr std::uint32_t Holders(std::uint64_t state) { return static_cast<std::uint32_t>(state); }
  static constexpr std::uint32_t Generation(std::uint64_t state) { return static_cast<std::uint32_t>(state >> 32); }
  static constexpr std::uint64_t Pack(std::uint32_t generation, std::uint32_t holders) {
    return std::uint64_t{generation} << 32 | holders;
  }
  static constexpr bool IsNamedBy(std::uint64_t state, std::uint32_t id) {
    return Generation(state) == GenerationOf(id) && Holders(state) != 0;
  }
};

Offset SharedSegments::Made(std::atomic<Offset>& word, std::uint64_t bytes, participant::ParticipantId me) {
  // Acquire pairs with the release below: it is all zeroes.
  Offset found = word.load(std::memory_order_acquire);
  if (found != 0) return found;
  const Offset made = heap_.Allocate(bytes, me);
  if (made == 0) return 0;
  heap_.Zero(made, bytes);
  ALLCORES_SCHEDULE_POINT();
  if (word.compare_exchange_strong(found, made, std::memory_order_acq_rel)) return made;
  heap_.Free(made, me);
  return found;
}

bool SharedSegments::MakePlace(std::uint32_t index, participant::ParticipantId me) {
  const Offset pages = Made(table_.pages, kPages * sizeof(std::atomic<Offset>), me);
  if (pages == 0) return false;
  return Made(heap_.At<std::atomic<Offset>>(pages)[index / kPageLength], kPageLength * sizeof(Place), me) != 0;
}

SharedSegments::Place& SharedSegments::At(std::uint32_t index) const {
  // Acquire: the zeroes of whoever made the page.
  const Offset pages = table_.pages.load(std::memory_order_acquire);
  const Offset page = heap_.At<std::atomic<Offset>>(pages)[index / kPageLength].load(std::memory_order_acquire);
  return heap_.At<Place>(page)[index % kPageLength];
}

SharedSegments::Place* SharedSegments::PlaceOf(std::uint32_t id) const {
  if ((id & kShared) == 0) return nullptr;
  // Acquire: whoever took the place had made its page before.
  const std::uint32_t touched = table_.touched.load(std::memory_order_acquire);
  return (id & kIndexMask) < touched ? &At(id & kIndexMask) : nullptr;
}

std::uint32_t SharedSegments::TakePlace(participant::ParticipantId me) {
  // Acquire pairs with GivePlace: its last holder has read what the next one overwrites, and its link is written.
  std::uint64_t seen = table_.vacant.load(std::memory_order_acquire);
  while (FirstOf(seen) != 0) {
    const std::uint32_t index = FirstOf(seen) - 1;
    ALLCORES_SCHEDULE_POINT();
    // Somebody may have taken it meanwhile, and even given it back: then the tag is another one, and the swap fails.
    const std::uint64_t next = TagOf(seen) | At(index).next.load(std::memory_order_relaxed);
    if (table_.vacant.compare_exchange_weak(seen, next, std::memory_order_acquire, std::memory_order_acquire)) {
      return index;
    }
  }
  std::uint32_t index = table_.touched.load(std::memory_order_relaxed);
  while (index < kPlaces) {
    // Made first, so that a place that counts as touched has a page.
    if (!MakePlace(index, me)) return kNone;
    ALLCORES_SCHEDULE_POINT();
    // Release: that page.
    if (table_.touched.compare_exchange_weak(index, index + 1, std::memory_order_release, std::memory_order_relaxed)) {
      return index;
    }
  }
  return kNone;
}

void SharedSegments::GivePlace(std::uint32_t index) {
  Place& place = At(index);
  std::uint64_t seen = table_.vacant.load(std::memory_order_relaxed);
  std::uint64_t next = 0;
  do {
    place.next.store(FirstOf(seen), std::memory_order_relaxed);
    next = (TagOf(seen) + kTag) | (index + 1);
    ALLCORES_SCHEDULE_POINT();
    // Release: the link above, and all that was read of the place.
  } while (!table_.vacant.compare_exchange_weak(seen, next, std::memory_order_release, std::memory_order_relaxed));
}

SharedSegments::Overhead SharedSegments::TableSize() const {
  const Offset pages = table_.pages.load(std::memory_order_acquire);
  if (pages == 0) return {};
  Overhead sum{.blocks = 1, .bytes = heap_.SizeOf(pages)};
  for (std::uint32_t i = 0; i < kPages; ++i) {
    const Offset page = heap_.At<std::atomic<Offset>>(pages)[i].load(std::memory_order_acquire);
    if (page == 0) continue;
    ++sum.blocks;
    sum.bytes += heap_.SizeOf(page);
  }
  return sum;
}

std::uint32_t SharedSegments::Create(std::uint64_t bytes, bool zero, participant::ParticipantId me) {
  const Offset begin = heap_.Allocate(bytes == 0 ? 1 : bytes, me);
  if (begin == 0) return 0;
  if (zero) heap_.Zero(begin, bytes);
  const std::uint32_t index = TakePlace(me);
  if (index == kNone) {
    heap_.Free(begin, me);
    return 0;
  }
  Place& place = At(index);
  place.begin.store(begin, std::memory_order_relaxed);
  place.bytes.store(bytes, std::memory_order_relaxed);
  ALLCORES_SCHEDULE_POINT();
  // Nobody else changes the state of a place without holders: so a store will do.
  const std::uint32_t generation =
      (Place::Generation(place.state.load(std::memory_order_relaxed)) + 1) & kGenerationMask;
  // Release: whoever finds it by its number sees where it is.
  place.state.store(Place::Pack(generation, 1), std::memory_order_release);
  return kShared | generation << kGenerationShift | index;
}

SharedSegments::Extent SharedSegments::Find(std::uint32_t id) const {
  const Place* const place = PlaceOf(id);
  if (place == nullptr || !Place::IsNamedBy(place->state.load(std::memory_order_acquire), id)) return {};
  return {.begin = place->begin.load(std::memory_order_relaxed), .bytes = place->bytes.load(std::memory_order_relaxed)};
}

bool SharedSegments::Retain(std::uint32_t id) {
  Place* const place = PlaceOf(id);
  if (place == nullptr) return false;
  std::uint64_t state = place->state.load(std::memory_order_relaxed);
  while (Place::IsNamedBy(state, id)) {
    ALLCORES_SCHEDULE_POINT();
    // Acquire: where it is, for Find.
    if (place->state.compare_exchange_weak(state, state + 1, std::memory_order_acquire, std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

void SharedSegments::Release(std::uint32_t id, participant::ParticipantId me) {
  const Extent extent = Find(id);
  if (extent.begin == 0) return;
  // Acquire and release: what other holders did with the memory comes before it is freed.
  const std::uint64_t before = PlaceOf(id)->state.fetch_sub(1, std::memory_order_acq_rel);
  if (Place::Holders(before) != 1) return;
  ALLCORES_SCHEDULE_POINT();
  heap_.Free(extent.begin, me);
  ALLCORES_SCHEDULE_POINT();
  GivePlace(id & kIndexMask);
}

}  // namespace allcores::memory
