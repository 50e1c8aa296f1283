#include "memory/shared_segments.h"

namespace allcores::memory {
namespace {

constexpr std::uint32_t kIndexMask = SharedSegments::kPlaces - 1;
constexpr std::uint32_t kGenerationMask = 0x7ff;
constexpr std::uint32_t kGenerationShift = 20;
constexpr std::uint32_t kPageLength = 512;
constexpr std::uint32_t kPages = SharedSegments::kPlaces / kPageLength;

}  // namespace

// `state`: bits 0-31 holders, 32-42 generation. A place without holders is vacant. What else is in a place belongs to
// whoever made the state leave 0 holders, until the next such change.
struct SharedSegments::Place {
  static constexpr std::uint64_t kClaimed = 0xffffffff;  // holders, while the place is being filled in

  std::atomic<std::uint64_t> state;
  std::atomic<Offset> begin;
  std::atomic<std::uint64_t> bytes;
  std::uint64_t reserved;

  static constexpr std::uint32_t Holders(std::uint64_t state) { return static_cast<std::uint32_t>(state); }
  static constexpr std::uint32_t Generation(std::uint64_t state) { return static_cast<std::uint32_t>(state >> 32); }
  static constexpr std::uint64_t Pack(std::uint32_t generation, std::uint64_t holders) {
    return std::uint64_t{generation} << 32 | holders;
  }
};

Offset SharedSegments::Made(std::atomic<Offset>& word, std::uint64_t bytes, participant::ParticipantId me) {
  // Acquire pairs with the release below: it is all zeroes.
  Offset found = word.load(std::memory_order_acquire);
  if (found != 0) return found;
  const Offset made = heap_.Allocate(bytes, me);
  if (made == 0) return 0;
  heap_.Zero(made, bytes);
  if (word.compare_exchange_strong(found, made, std::memory_order_acq_rel)) return made;
  heap_.Free(made, me);
  return found;
}

SharedSegments::Place* SharedSegments::MadePlace(std::uint32_t index, participant::ParticipantId me) {
  const Offset pages = Made(table_, kPages * sizeof(std::atomic<Offset>), me);
  if (pages == 0) return nullptr;
  const Offset page = Made(heap_.At<std::atomic<Offset>>(pages)[index / kPageLength], kPageLength * sizeof(Place), me);
  return page == 0 ? nullptr : heap_.At<Place>(page) + index % kPageLength;
}

SharedSegments::Place* SharedSegments::PlaceOf(std::uint32_t id) const {
  const Offset pages = table_.load(std::memory_order_acquire);
  if (pages == 0 || (id & kShared) == 0) return nullptr;
  const std::uint32_t index = id & kIndexMask;
  const Offset page = heap_.At<std::atomic<Offset>>(pages)[index / kPageLength].load(std::memory_order_acquire);
  return page == 0 ? nullptr : heap_.At<Place>(page) + index % kPageLength;
}

SharedSegments::Overhead SharedSegments::TableSize() const {
  const Offset pages = table_.load(std::memory_order_acquire);
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
  // Relaxed: only where the search begins.
  const std::uint32_t first = lowest_.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < kPlaces; ++i) {
    const std::uint32_t index = (first + i) & kIndexMask;
    Place* const made = MadePlace(index, me);
    if (made == nullptr) break;
    Place& place = *made;
    std::uint64_t state = place.state.load(std::memory_order_relaxed);
    if (Place::Holders(state) != 0) continue;
    const std::uint32_t generation = (Place::Generation(state) + 1) & kGenerationMask;
    // Acquire pairs with the release of the last holder: it has read what we overwrite.
    if (!place.state.compare_exchange_strong(state, Place::Pack(generation, Place::kClaimed), std::memory_order_acquire,
                                             std::memory_order_relaxed)) {
      continue;
    }
    place.begin.store(begin, std::memory_order_relaxed);
    place.bytes.store(bytes, std::memory_order_relaxed);
    // Release: whoever retains it sees where it is. Nobody can before: a claimed place is refused.
    place.state.store(Place::Pack(generation, 1), std::memory_order_release);
    lowest_.store((index + 1) & kIndexMask, std::memory_order_relaxed);
    return kShared | generation << kGenerationShift | index;
  }
  heap_.Free(begin, me);
  return 0;
}

SharedSegments::Extent SharedSegments::Find(std::uint32_t id) const {
  const Place* const place = PlaceOf(id);
  if (place == nullptr) return {};
  const std::uint64_t state = place->state.load(std::memory_order_acquire);
  if (Place::Generation(state) != ((id >> kGenerationShift) & kGenerationMask)) return {};
  if (Place::Holders(state) == 0 || Place::Holders(state) == Place::kClaimed) return {};
  return {.begin = place->begin.load(std::memory_order_relaxed), .bytes = place->bytes.load(std::memory_order_relaxed)};
}

bool SharedSegments::Retain(std::uint32_t id) {
  Place* const place = PlaceOf(id);
  if (place == nullptr) return false;
  std::uint64_t state = place->state.load(std::memory_order_acquire);
  while (Place::Generation(state) == ((id >> kGenerationShift) & kGenerationMask) && Place::Holders(state) != 0 &&
         Place::Holders(state) != Place::kClaimed) {
    // Acquire: where it is, for Find.
    if (place->state.compare_exchange_weak(state, state + 1, std::memory_order_acquire)) return true;
  }
  return false;
}

void SharedSegments::Release(std::uint32_t id, participant::ParticipantId me) {
  const Extent extent = Find(id);
  if (extent.begin == 0) return;
  // Read while it is held: with the last holder the place may be another's at once. Acquire and release: what other
  // holders did with the memory comes before it is freed.
  const std::uint64_t before = PlaceOf(id)->state.fetch_sub(1, std::memory_order_acq_rel);
  if (Place::Holders(before) != 1) return;
  heap_.Free(extent.begin, me);
  if ((id & kIndexMask) < lowest_.load(std::memory_order_relaxed)) {
    lowest_.store(id & kIndexMask, std::memory_order_relaxed);
  }
}

}  // namespace allcores::memory
