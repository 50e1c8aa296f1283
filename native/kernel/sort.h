#pragma once

#include "kernel/call.h"

namespace allcores::kernel {

// Sorts outputs[0], of any type, in place, ascending. Floats are in the order of JavaScript's typed arrays: -0 before
// +0, NaN last; NaNs keep their bits, and those with a set sign come after the others.
//
// Aborted, and without memory (kNoMemory), it holds its elements either in their old order or sorted. Elements that
// others change meanwhile may be in wrong places.
//
// Cost: about three passes over the memory; a scratch copy and two bytes for each element. Types of 8 and 16 bits: two
// passes, and counters. Elements in ascending order are read once, and those in descending order
// reversed in place, except that bytes are counted all the same.
Status Sort(const executor::Parallel& parallel, Call& call);

// Writes to outputs[0], kUint32, the indices of the elements of inputs[0], any type, in the order of the elements,
// ascending; equal ones by index. The order is that of Sort, with -0 before +0, but all NaNs are equal, and last. Both
// are of one length, below 2^32, and do not overlap. Aborted, outputs[0] is as it was, or complete.
//
// Cost: as of Sort, with a scratch copy of 8 bytes for each element, or 16 when elements have 64 bits.
// Elements in ascending order, or in descending order with no two equal, are read once and need no scratch.
Status ArgSort(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
