#pragma once

#include "kernel/call.h"

namespace allcores::kernel {

// Sets every element of outputs[0] to arguments[0], converted by Scalar::To. Cost: as fast as memory.
Status Fill(const executor::Parallel& parallel, Call& call);

// Copies inputs[0] to outputs[0], which is as long.
//
// Of one dtype: they may overlap, in any way (then one thread copies), and NaN keeps its bits. Of two: the result is
// unspecified if they overlap, unless their elements have the same size and they begin at the same place. Converted is
// as typed arrays of JavaScript do, which is not as Scalar::To does: a float becomes an integer by truncation and
// modulo 2^n, whatever its magnitude, NaN and infinities become 0; integers wrap around; a double that is too large for
// a float becomes infinite. JavaScript has no conversion between numbers and elements of 64 bits: here integers that
// are no floats are rounded to the nearest, ties to even.
//
// Cost: of one dtype as fast as memory; floats to integers some 1 ns an element.
Status Copy(const executor::Parallel& parallel, Call& call);

// outputs[0][i] = inputs[0][inputs[1][i]].
//
// inputs[0]: the source; inputs[1]: indices, of any dtype of integers; outputs[0]: of the source's dtype, as long as
// the indices, and of other memory than both. For an index below 0 or not below the source's length nothing is written;
// the others are, and it returns kOutOfRange: results[0] is the first place of such an index (Uint), results[1] the
// index (Int or Uint, as the dtype is). Cost: some 1 ns an element, or a cache miss.
Status Gather(const executor::Parallel& parallel, Call& call);

// outputs[0][inputs[1][i]] = inputs[0][i].
//
// inputs[0]: the values; inputs[1]: indices, of any dtype of integers, as many; outputs[0]: of the values' dtype, and
// of other memory than both. If an index is below 0 or not below the output's length, nothing at all is written, and it
// returns kOutOfRange as Gather does. Of equal indices one has its value stored; which one is unspecified. Indices that
// change meanwhile never lead outside of the output. Cost: the indices are read twice; some 2 ns an element, or a cache
// miss.
Status Scatter(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
