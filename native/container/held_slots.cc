#include "container/held_slots.h"

namespace allcores::container {
namespace {

constexpr std::size_t kMostInHand = 4;  // one by one

}  // namespace

void HeldSlots::Note(std::size_t count) {
  slots_.reserve(count);
  if (count <= kMostInHand) return;
  vector_ = MakeVector(program_, count, me_);
}

void HeldSlots::Adopt(Slot slot) {
  if (vector_ != 0) new (&Vector().Slots()[slots_.size()]) std::atomic<Slot>(slot);
  slots_.push_back(slot);
}

void HeldSlots::Share(Slot slot) {
  Adopt(slot);  // and so where it is noted has been reached
  if (!object::IsInline(slot)) {
    // Relaxed: the guard orders it against the container's own giving back.
    program_.At<object::ValueBlock>(slot)->references.fetch_add(1, std::memory_order_relaxed);
  }
  NoteLast();
}

void HeldSlots::NoteLast() {
  if (vector_ != 0) return Vector().SetWindow(0, slots_.size());
  object::TakeInHand(program_, slots_.back(), me_);
}

bool HeldSlots::Make(std::span<const ValueView> values) {
  Note(values.size());
  for (const ValueView& value : values) {
    const Slot slot = object::MakeSlot(program_, value.bytes, value.links, me_);
    if (slot == 0) return false;
    Adopt(slot);
    if (vector_ == 0) continue;
    object::PutFromHand(program_, slot, me_);
    NoteLast();
  }
  return true;
}

void HeldSlots::TakeInHand() {
  if (vector_ != 0) return Vector().SetWindow(0, slots_.size());
  for (const Slot slot : slots_) object::TakeInHand(program_, slot, me_);
}

void HeldSlots::PutFromHand() {
  if (vector_ != 0) return Vector().SetWindow(0, 0);
  for (const Slot slot : slots_) object::PutFromHand(program_, slot, me_);
}

void HeldSlots::Disown() {
  slots_.clear();
  if (vector_ == 0) return;
  Vector().SetWindow(0, 0);
  FreeVector(program_, vector_, me_);
  vector_ = 0;
}

void HeldSlots::GiveBack() {
  if (vector_ != 0) {
    TakeInHand();  // whatever of them was not in hand is ours alike
    FreeVector(program_, vector_, me_);
    vector_ = 0;
  } else {
    for (const Slot slot : slots_) object::FreeSlot(program_, slot, me_);
  }
  slots_.clear();
}

}  // namespace allcores::container
