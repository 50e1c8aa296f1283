#pragma once

#include <atomic>
#include <cstdint>

#include "memory/heap.h"

namespace allcores::memory {

// Runs of memory in a heap, by number, that threads and processes hand to one another: what SegmentTable is within one
// process. A segment lives while it has holders; a number whose segment is gone names nothing, also when its place is
// used again (2047 times: then the generation comes round).
//
// A number: bit 31 set, 11 bits of generation, 20 bits of place in the table. The table is made in the heap, page by
// page, as it is needed, and stays. Vacant places are a Treiber stack (R. K. Treiber, 1986) with a tag against its ABA
// problem: finding one takes the same time however many there are, and whoever gives one back.
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

  // Where all begins. All-zero is an empty table.
  struct Table {
    std::atomic<Offset> pages;           // offsets of the table's pages; 0: there are none yet
    std::atomic<std::uint64_t> vacant;   // bits 0-31 the first vacant place + 1, 32-63 the tag
    std::atomic<std::uint32_t> touched;  // places that were ever used; those behind are vacant, too
  };

  // `table` lies in the heap; both outlive this view.
  SharedSegments(Heap& heap, Table& table) : heap_(heap), table_(table) {}

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
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Place;

  // A block of zeroes that `word` names, made if it names none; 0 when the heap is full.
  Offset Made(std::atomic<Offset>& word, std::uint64_t bytes, participant::ParticipantId me);
  // False when the heap is full.
  bool MakePlace(std::uint32_t index, participant::ParticipantId me);
  // Of a place that was made.
  [[nodiscard]] Place& At(std::uint32_t index) const;
  // Null while nobody has used that part of the table.
  [[nodiscard]] Place* PlaceOf(std::uint32_t id) const;
  // A vacant place, the caller's from here on; kNone when the heap or the table is full.
  std::uint32_t TakePlace(participant::ParticipantId me);
  void GivePlace(std::uint32_t index);

  Heap& heap_;
  Table& table_;
};

}  // namespace allcores::memory
