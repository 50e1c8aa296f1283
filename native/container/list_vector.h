#pragma once

#include <atomic>
#include <cstdint>

#include "object/stored_value.h"

namespace allcores::container {

using object::Offset;
using object::Slot;

// The elements of a list: a window on an array, which both ends may grow into and shrink from by one store.
struct ListVector {
  static constexpr std::uint64_t kMostElements = 0xffffffff;

  std::uint64_t capacity;
  std::atomic<std::uint64_t> window;  // where it begins, and in the low 32 bits how many there are

  static std::uint64_t Window(std::uint64_t begin, std::uint64_t length) { return begin << 32 | length; }
  [[nodiscard]] std::uint64_t Begin() const { return window.load(std::memory_order_relaxed) >> 32; }
  [[nodiscard]] std::uint64_t Length() const { return window.load(std::memory_order_relaxed) & 0xffffffff; }
  // Release: should we die right after, the elements are there for whoever inherits the guard.
  void SetWindow(std::uint64_t begin, std::uint64_t length) {
    window.store(Window(begin, length), std::memory_order_release);
  }

  // By the array, not the window.
  [[nodiscard]] std::atomic<Slot>* Slots() { return reinterpret_cast<std::atomic<Slot>*>(this + 1); }
  [[nodiscard]] std::atomic<Slot>& At(std::uint64_t index) { return Slots()[Begin() + index]; }
};

// One with room for so many slots and none in it, in the caller's hand; 0 when the heap is full.
Offset MakeVector(object::Program&, std::uint64_t capacity, object::ParticipantId me);
// Of a vector that is in no list and in our hand, without a guard: frees what its window shows, and the vector.
void FreeVector(object::Program&, Offset vector, object::ParticipantId me);

// Truth is `vector`, 0 for an empty list, and what it holds: each change is one store to it, to its window or to one of
// its slots. Nothing is derived, so there is nothing to repair.
struct ListObject {
  object::ObjectHeader header;
  std::atomic<Offset> vector;
  std::uint64_t version;  // counts up before each change: should we die between, a new version is harmless
};

}  // namespace allcores::container
