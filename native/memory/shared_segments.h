#pragma once

#include <atomic>
#include <cstdint>

#include "memory/heap.h"

namespace allcores::memory {

// Runs of memory in a heap, by number, that threads and processes hand to one another: what SegmentTable is within one
// process. A segment lives while it has holders; a number whose segment is gone names nothing, also when its place is
// used again.
//
// A number: bit 31 set, 11 bits of generation, 20 bits of place in the table. The table is made in the heap, page by
// page, as it is needed, and stays. All-zero is an empty table.
class SharedSegments {
 public:
  static constexpr std::uint32_t kShared = 0x80000000;  // tells these numbers from SegmentTable's
  static constexpr std::uint32_t kPlaces = 1U << 20;    // at one time

  struct Extent {
    Offset begin = 0;  // 0: no such segment
    std::uint64_t bytes = 0;
  };

  struct Overhead {
    std::uint64_t blocks = 0;
    std::uint64_t bytes = 0;
  };

  // `table` lies in the heap; both outlive this view.
  SharedSegments(Heap& heap, std::atomic<Offset>& table) : heap_(heap), table_(table) {}

  // A number with one holder; 0 when the heap or the table is full. Of zeroes if told so.
  std::uint32_t Create(std::uint64_t bytes, bool zero, participant::ParticipantId me);
  // For a holder: where it is.
  [[nodiscard]] Extent Find(std::uint32_t id) const;
  // False for a number that names nothing any more.
  bool Retain(std::uint32_t id);
  // One holder gives it back; with the last one the memory goes.
  void Release(std::uint32_t id, participant::ParticipantId me);
  // What the table itself takes.
  [[nodiscard]] Overhead TableSize() const;

 private:
  struct Place;

  // A block of zeroes that `word` names, made if it names none; 0 when the heap is full.
  Offset Made(std::atomic<Offset>& word, std::uint64_t bytes, participant::ParticipantId me);
  Place* MadePlace(std::uint32_t index, participant::ParticipantId me);
  // Null while nobody has used that part of the table.
  [[nodiscard]] Place* PlaceOf(std::uint32_t id) const;

  Heap& heap_;
  std::atomic<Offset>& table_;
  std::atomic<std::uint32_t> lowest_{0};  // no place below is vacant, as far as this process knows
};

}  // namespace allcores::memory
