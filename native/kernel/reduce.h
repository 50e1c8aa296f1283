#pragma once

#include "kernel/call.h"

namespace allcores::kernel {

// Sums. inputs[0]: a vector of any type and length. Read once, at about the speed of memory, on several threads; the
// same bits however many take part. kNoMemory, for floats: no room for a double for each 4096 elements.
//
// Integers are summed exactly. Floats, of either type, are summed in double: blocks of 4096 elements by 16 interleaved
// accumulators, the sums of the blocks pairwise. With u = 2^-53 the error is at most about (260 + log2(n / 4096)) · u ·
// sum |x|. NaN and infinities come out as of a plain loop: NaN of a NaN and of infinities of both signs. A sum of
// zeros, or of nothing, is +0. A part of a sum that overflows a double makes the sum infinite or NaN.

// results[0]: the sum; of integers modulo 2^64, Int of signed types and Uint of others; of floats Float.
Status Sum(const executor::Parallel& parallel, Call& call);

// inputs[1]: a vector of the same type and length; may be the same. results[0]: the sum of products, as of Sum.
// Products of float32 are exact; those of float64 are rounded, or not if the compiler fuses them with the addition.
Status Dot(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
