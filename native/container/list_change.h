#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "container/list.h"
#include "container/list_vector.h"

namespace allcores::container {

// Looks at a list and changes it while its guard is held. What a change leaves behind, a vector, is freed by the
// destructor, which therefore runs after the guard was given back (ChangeList). Slots are the caller's business.
class ListChange {
 public:
  ListChange(Program& program, ListObject& list, ParticipantId me) : program_(program), list_(list), me_(me) {}
  ListChange(const ListChange&) = delete;
  ListChange& operator=(const ListChange&) = delete;
  ~ListChange() {
    if (former_ == 0) return;
    program_.Free(former_, object::in_hand::Raw(former_), me_);
  }

  [[nodiscard]] std::uint64_t length() const {
    const Offset vector = list_.vector.load(std::memory_order_relaxed);
    return vector == 0 ? 0 : program_.At<ListVector>(vector)->Length();
  }
  [[nodiscard]] std::uint64_t version() const { return list_.version; }
  [[nodiscard]] Slot Get(std::uint64_t index) const { return Vector().At(index).load(std::memory_order_relaxed); }

  // An index, negative from the end. False if it is outside.
  bool Locate(std::int64_t index, std::uint64_t* at) const;
  // An end of a slice.
  [[nodiscard]] std::uint64_t Clamp(std::int64_t end) const;

  // What goes in with the next change and what comes out: out of hand right before it is committed, and in hand right
  // after.
  void Exchange(HeldSlots* fresh, HeldSlots* former) {
    fresh_ = fresh;
    former_slots_ = former;
  }

  // Each of these commits by one store. False: the heap is full, and nothing was changed.
  Slot Set(std::uint64_t index, Slot slot);
  // Puts `slots` in the place of [from, to).
  bool Splice(std::uint64_t from, std::uint64_t to, std::span<const Slot> slots);
  template <typename Source>
  bool Rearrange(Source source) {
    const std::uint64_t count = length();
    if (count < 2) return true;
    return Rebuild(count, Roomy(count), [&](std::uint64_t i) { return Get(source(i)); });
  }
  // Empties the list; the vector and its slots are the caller's.
  Offset Detach();

 private:
  [[nodiscard]] ListVector& Vector() const {
    return *program_.At<ListVector>(list_.vector.load(std::memory_order_relaxed));
  }
  static constexpr std::uint64_t kMuchSpace = 64;  // elements

  // Space for some more than there are now, in proportion.
  static std::uint64_t Roomy(std::uint64_t length) { return length + length / 8 + 4; }
  bool SpliceInPlace(std::uint64_t from, std::uint64_t to, std::span<const Slot> slots);

  template <typename Store>
  void Commit(Store store) {
    if (fresh_ != nullptr) fresh_->PutFromHand();
    store();
    if (former_slots_ != nullptr) former_slots_->TakeInHand();
  }

  template <typename Element>
  bool Rebuild(std::uint64_t count, std::uint64_t capacity, Element element) {
    if (count > ListVector::kMostElements) return false;
    capacity = std::min(capacity, ListVector::kMostElements);
    const Offset offset = program_.Allocate(sizeof(ListVector) + capacity * sizeof(Slot), me_);
    if (offset == 0) return false;
    auto* const vector = new (program_.At<ListVector>(offset)) ListVector();
    vector->capacity = capacity;
    for (std::uint64_t i = 0; i < count; ++i) {
      new (&vector->Slots()[i]) std::atomic<Slot>(element(i));
    }
    vector->SetWindow(0, count);
    former_ = list_.vector.load(std::memory_order_relaxed);
    ++list_.version;
    Commit([&] {
      program_.HandsOf(me_).Put(object::in_hand::Raw(offset));
      // Release: the vector is complete for whoever inherits the guard.
      list_.vector.store(offset, std::memory_order_release);
      if (former_ != 0) program_.HandsOf(me_).Take(object::in_hand::Raw(former_));
    });
    return true;
  }

  Program& program_;
  ListObject& list_;
  ParticipantId me_;
  Offset former_ = 0;
  HeldSlots* fresh_ = nullptr;
  HeldSlots* former_slots_ = nullptr;
};

// Does something to a list under its guard, unless it is closed or has another version.
template <typename Body>
Outcome ChangeList(Program& program, Offset object, ParticipantId me, std::uint64_t version, Body body) {
  ListObject& list = *program.At<ListObject>(object);
  ListChange change(program, list, me);  // outlives the lock
  const object::ObjectLock lock(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  if (version != kAnyVersion && version != list.version) return Outcome::kConflict;
  return body(change);
}

}  // namespace allcores::container
