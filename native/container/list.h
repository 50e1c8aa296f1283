#pragma once

#include <cstdint>
#include <span>

#include "container/held_slots.h"
#include "sync/wait_node.h"

namespace allcores::container {

using sync::Outcome;

// A part of a list at one moment.
struct ListSnapshot {
  ListSnapshot(Program& program, ParticipantId me) : values(program, me) {}

  HeldSlots values;
  std::uint64_t version = 0;
  std::uint64_t start = 0;   // where in the list `values` begins
  std::uint64_t length = 0;  // of the whole list
};

// Matches every version.
inline constexpr std::uint64_t kAnyVersion = ~std::uint64_t{0};
// As an end of a slice: the end of the list.
inline constexpr std::int64_t kListEnd = INT64_MAX;

// A new empty list with one reference; 0 when the heap is full.
Offset CreateList(Program&, Offset manager, ParticipantId me);

// Every operation happens at one moment for all others. Indices and ends of slices that are negative count from the
// end. kBadIndex: outside of the list. kClosed: its manager was shut down. kNoMemory: nothing was changed.
//
// The version changes with every change of the list. An operation that is given one does nothing but say kConflict
// if the list has another by now.
Outcome ListAppend(Program&, Offset list, ParticipantId me, const ValueView& value);
Outcome ListExtend(Program&, Offset list, ParticipantId me, std::span<const ValueView> values);
Outcome ListAt(Program&, Offset list, ParticipantId me, std::int64_t index, ReadValue* value);
Outcome ListSet(Program&, Offset list, ParticipantId me, std::int64_t index, const ValueView& value,
                std::uint64_t version = kAnyVersion);
// Before `index`, which is clamped to the list as in Python.
Outcome ListInsert(Program&, Offset list, ParticipantId me, std::int64_t index, const ValueView& value);
// Takes an element out. kNotPresent: the list is empty.
Outcome ListPop(Program&, Offset list, ParticipantId me, std::int64_t index, ReadValue* value);
Outcome ListRemoveIf(Program&, Offset list, ParticipantId me, std::int64_t index, std::uint64_t version);
// Replaces list[start:stop], both clamped as in Python, by any number of values.
Outcome ListReplace(Program&, Offset list, ParticipantId me, std::int64_t start, std::int64_t stop,
                    std::span<const ValueView> values, std::uint64_t version = kAnyVersion);
// What was at order[i] is at i afterwards. kBadIndex: `order` does not name each index of the list once.
Outcome ListPermute(Program&, Offset list, ParticipantId me, std::span<const std::uint32_t> order,
                    std::uint64_t version);
Outcome ListReverse(Program&, Offset list, ParticipantId me);
Outcome ListClear(Program&, Offset list, ParticipantId me);
Outcome ListLength(Program&, Offset list, ParticipantId me, std::uint64_t* length);
// list[start:stop], both clamped as in Python.
Outcome ListSnapshotOf(Program&, Offset list, ParticipantId me, std::int64_t start, std::int64_t stop,
                       ListSnapshot* snapshot);

object::ObjectType ListObjectType();

}  // namespace allcores::container
