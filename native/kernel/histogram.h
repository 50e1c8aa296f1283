#pragma once

#include "kernel/call.h"

namespace allcores::kernel {

// Counts the elements of inputs[0], a vector of any type, by bins of equal width.
//
// arguments[0], [1]: low < high, both Float and finite. outputs[0]: the counts, kUint32 or kUint64, one for each bin,
// at least one; overwritten. kUint32 wraps around after 2^32 - 1. With b bins, edge i is low + i · (high - low) / b,
// computed in double in this order (halved, where it would overflow), the last one high itself; bin i has those v for
// which edge i <= v < edge i + 1, and the last one high too. Of edges that are rounded to the same double the last one
// counts. Others and NaN are left out. Elements are compared as doubles, so integers of 64 bits are rounded first.
//
// Reads once, on several threads, some ns an element. Needs room for b + 1 doubles and, for each part of the work, of
// which there are few, for the counts: no more than for 1/4 of the elements and once the counts. kNoMemory without it.
Status Histogram(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
