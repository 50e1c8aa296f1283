#include "container/list_vector.h"

#include "base/schedule_point.h"

namespace allcores::container {
namespace {

std::uint64_t InHand(Offset vector) { return object::in_hand::Of(object::ObjectKind::kList, vector); }

}  // namespace

Offset MakeVector(object::Program& program, std::uint64_t capacity, object::ParticipantId me) {
  const Offset offset = program.Allocate(sizeof(ListVector) + capacity * sizeof(Slot), me);
  if (offset == 0) return 0;
  auto* const vector = new (program.At<ListVector>(offset)) ListVector();
  vector->capacity = capacity;
  program.HandsOf(me).Become(object::in_hand::Raw(offset), InHand(offset));
  return offset;
}

void FreeVector(object::Program& program, Offset offset, object::ParticipantId me) {
  ListVector& vector = *program.At<ListVector>(offset);
  // Each leaves the window before it is freed, so that whoever goes on after a kill frees none twice.
  while (vector.Length() != 0) {
    const Slot slot = vector.At(0).load(std::memory_order_relaxed);
    object::Reach(program, slot);
    ALLCORES_SCHEDULE_POINT();
    vector.SetWindow(vector.Begin() + 1, vector.Length() - 1);
    object::FreeSlot(program, slot, me);
  }
  program.Free(offset, InHand(offset), me);
}

}  // namespace allcores::container
