#pragma once

#include "kernel/call.h"

namespace allcores::kernel {

// Inclusive prefix sums: outputs[0][i] = inputs[0][0] + ... + inputs[0][i], of the same type and length. Both may be
// the same memory, but may not overlap otherwise. Reads twice and writes once, on several threads; the same bits
// however many take part. Aborted, the output is a mixture of old and new. kNoMemory: no room for 8 bytes for each 2048
// elements.
//
// Integers wrap around in their type.
//
// Floats, of both types, are summed in double: in order within units of 2048 elements from 0 on, the sums of units in
// order too; an element is the rounded sum of both. With u = 2^-53 its error is at most about (2048 + n / 2048) · u ·
// sum |x|, and of float32 beside that one rounding to float32. Of elements that are not negative the result never
// decreases. From a NaN on, and from where infinities of both signs have been met, all is NaN. A sum of zeros is +0.
Status PrefixSum(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
