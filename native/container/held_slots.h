#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "container/list_vector.h"
#include "container/read_value.h"

namespace allcores::container {

// Slots outside of any container: a reference each, given back at the end of the scope, when no guard is held.
//
// A few of them are in their participant's hand one by one, as everything is; of many Note makes a vector in the heap,
// which is in hand instead (participant/hands.h).
class HeldSlots {
 public:
  HeldSlots(Program& program, ParticipantId me) : program_(program), me_(me) {}
  HeldSlots(const HeldSlots&) = delete;
  HeldSlots& operator=(const HeldSlots&) = delete;
  ~HeldSlots() { GiveBack(); }

  // There will be so many, so that a kill loses none. To be called while there are none. Without memory they are held
  // nevertheless.
  void Note(std::size_t count);

  // The slot's reference becomes this one's with TakeInHand.
  void Adopt(Slot slot);
  // Adds a reference; the container's guard is held.
  void Share(Slot slot);
  // Makes a slot of each value, which is in hand. False when the heap is full.
  bool Make(std::span<const ValueView> values);

  // Of all of them: what was taken out of a container just now, what goes into one next.
  void TakeInHand();
  void PutFromHand();
  // The slots belong to somebody else from here on, and are not in hand any more.
  void Disown();
  void GiveBack();
  void Reserve(std::size_t count) { slots_.reserve(count); }

  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  // Not of those that were noted.
  [[nodiscard]] std::vector<Slot>& slots() { return slots_; }

 private:
  // The last one is in hand from here on.
  void NoteLast();
  [[nodiscard]] ListVector& Vector() const { return *program_.At<ListVector>(vector_); }

  Program& program_;
  ParticipantId me_;
  std::vector<Slot> slots_;
  Offset vector_ = 0;  // where they are noted; its window is what is in hand
};

}  // namespace allcores::container
