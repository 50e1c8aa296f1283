#include "container/list.h"

#include <algorithm>
#include <vector>

#include "container/list_change.h"

namespace allcores::container {
namespace {

using object::ObjectLock;

// Of a vector that no list refers to any more, without a guard.
void FreeContents(Program& program, Offset vector, ParticipantId me) {
  if (vector == 0) return;
  program.HandsOf(me).Take(object::in_hand::Of(object::ObjectKind::kList, vector));
  FreeVector(program, vector, me);
}

void Close(Program& program, Offset object, ParticipantId me) {
  ListObject& list = *program.At<ListObject>(object);
  Offset vector = 0;
  {
    const ObjectLock lock(program, object, me);
    vector = list.vector.exchange(0, std::memory_order_release);
  }
  FreeContents(program, vector, me);
}

void Destroy(Program& program, Offset object, ParticipantId me) {
  FreeContents(program, program.At<ListObject>(object)->vector.exchange(0, std::memory_order_relaxed), me);
}

}  // namespace

Offset CreateList(Program& program, Offset manager, ParticipantId me) {
  return program.Create(object::ObjectKind::kList, sizeof(ListObject), manager, me);
}

Outcome ListAppend(Program& program, Offset object, ParticipantId me, const ValueView& value) {
  return ListExtend(program, object, me, {&value, 1});
}

Outcome ListExtend(Program& program, Offset object, ParticipantId me, std::span<const ValueView> values) {
  return ListReplace(program, object, me, kListEnd, kListEnd, values);
}

Outcome ListAt(Program& program, Offset object, ParticipantId me, std::int64_t index, ReadValue* value) {
  value->GiveBack();
  ListObject& list = *program.At<ListObject>(object);
  const ObjectLock lock(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  ListChange change(program, list, me);
  std::uint64_t at = 0;
  if (!change.Locate(index, &at)) return Outcome::kBadIndex;
  value->Share(change.Get(at), list.version);
  return Outcome::kDone;
}

Outcome ListSet(Program& program, Offset object, ParticipantId me, std::int64_t index, const ValueView& value,
                std::uint64_t version) {
  Slot slot = object::MakeSlot(program, value.bytes, value.links, me);
  if (slot == 0) return Outcome::kNoMemory;
  const Outcome outcome = ChangeList(program, object, me, version, [&](ListChange& change) {
    std::uint64_t at = 0;
    if (!change.Locate(index, &at)) return Outcome::kBadIndex;
    static_cast<void>(change.Get(at));  // reached: see Heap::Reach
    object::PutFromHand(program, slot, me);
    slot = change.Set(at, slot);
    object::TakeInHand(program, slot, me);
    return Outcome::kDone;
  });
  object::FreeSlot(program, slot, me);
  return outcome;
}

Outcome ListInsert(Program& program, Offset object, ParticipantId me, std::int64_t index, const ValueView& value) {
  return ListReplace(program, object, me, index, index, {&value, 1});
}

Outcome ListPop(Program& program, Offset object, ParticipantId me, std::int64_t index, ReadValue* value) {
  value->GiveBack();
  Slot slot = 0;
  std::uint64_t version = 0;
  const Outcome outcome = ChangeList(program, object, me, kAnyVersion, [&](ListChange& change) {
    std::uint64_t at = 0;
    if (change.length() == 0) return Outcome::kNotPresent;
    if (!change.Locate(index, &at)) return Outcome::kBadIndex;
    slot = change.Get(at);
    version = change.version();
    if (!change.Splice(at, at + 1, {})) return Outcome::kNoMemory;
    object::TakeInHand(program, slot, me);
    return Outcome::kDone;
  });
  if (outcome == Outcome::kDone) value->Adopt(slot, version);
  return outcome;
}

Outcome ListRemoveIf(Program& program, Offset object, ParticipantId me, std::int64_t index, std::uint64_t version) {
  Slot slot = 0;
  const Outcome outcome = ChangeList(program, object, me, version, [&](ListChange& change) {
    std::uint64_t at = 0;
    if (!change.Locate(index, &at)) return Outcome::kBadIndex;
    slot = change.Get(at);
    if (!change.Splice(at, at + 1, {})) return Outcome::kNoMemory;
    object::TakeInHand(program, slot, me);
    return Outcome::kDone;
  });
  if (outcome == Outcome::kDone) object::FreeSlot(program, slot, me);
  return outcome;
}

Outcome ListReplace(Program& program, Offset object, ParticipantId me, std::int64_t start, std::int64_t stop,
                    std::span<const ValueView> values, std::uint64_t version) {
  HeldSlots fresh(program, me);
  if (!fresh.Make(values)) return Outcome::kNoMemory;
  HeldSlots former(program, me);
  return ChangeList(program, object, me, version, [&](ListChange& change) {
    const std::uint64_t from = change.Clamp(start);
    const std::uint64_t to = std::max(change.Clamp(stop), from);
    former.Note(to - from);
    for (std::uint64_t i = from; i < to; ++i) former.Adopt(change.Get(i));
    change.Exchange(&fresh, &former);
    if (change.Splice(from, to, fresh.slots())) {
      fresh.Disown();
      return Outcome::kDone;
    }
    former.Disown();
    return Outcome::kNoMemory;
  });
}

Outcome ListPermute(Program& program, Offset object, ParticipantId me, std::span<const std::uint32_t> order,
                    std::uint64_t version) {
  std::vector<bool> named(order.size());
  bool whole = true;
  for (const std::uint32_t index : order) {
    whole = whole && index < order.size() && !named[index];
    if (!whole) break;
    named[index] = true;
  }
  return ChangeList(program, object, me, version, [&](ListChange& change) {
    if (!whole || order.size() != change.length()) return Outcome::kBadIndex;
    return change.Rearrange([&](std::uint64_t i) { return std::uint64_t{order[i]}; }) ? Outcome::kDone
                                                                                      : Outcome::kNoMemory;
  });
}

Outcome ListReverse(Program& program, Offset object, ParticipantId me) {
  return ChangeList(program, object, me, kAnyVersion, [&](ListChange& change) {
    const std::uint64_t last = change.length() - 1;
    return change.Rearrange([last](std::uint64_t i) { return last - i; }) ? Outcome::kDone : Outcome::kNoMemory;
  });
}

Outcome ListClear(Program& program, Offset object, ParticipantId me) {
  Offset vector = 0;
  const Outcome outcome = ChangeList(program, object, me, kAnyVersion, [&](ListChange& change) {
    vector = change.Detach();
    return Outcome::kDone;
  });
  FreeContents(program, vector, me);
  return outcome;
}

Outcome ListLength(Program& program, Offset object, ParticipantId me, std::uint64_t* length) {
  const ObjectLock lock(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  *length = ListChange(program, *program.At<ListObject>(object), me).length();
  return Outcome::kDone;
}

Outcome ListSnapshotOf(Program& program, Offset object, ParticipantId me, std::int64_t start, std::int64_t stop,
                       ListSnapshot* snapshot) {
  snapshot->values.GiveBack();
  ListObject& list = *program.At<ListObject>(object);
  const ObjectLock lock(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  ListChange change(program, list, me);
  const std::uint64_t from = change.Clamp(start);
  const std::uint64_t to = std::max(change.Clamp(stop), from);
  snapshot->version = list.version;
  snapshot->start = from;
  snapshot->length = change.length();
  snapshot->values.Note(to - from);
  for (std::uint64_t i = from; i < to; ++i) snapshot->values.Share(change.Get(i));
  return Outcome::kDone;
}

object::ObjectType ListObjectType() {
  return {.destroy = Destroy, .recover = nullptr, .close = Close, .repair = nullptr, .discard = FreeContents};
}

}  // namespace allcores::container
