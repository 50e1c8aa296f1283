#pragma once

#include "kernel/call.h"

namespace allcores::kernel {

// Moments: of inputs[0], a vector of any type and length. The same bits however many threads take part. kNoMemory: no
// room for two doubles for each 4096 elements. u = 2^-53.

// results[0]: Float, the mean; of an empty vector NaN. Of integers the exact sum (128 bits) is rounded once, then
// divided, which is exact to 2u. Of floats it is Sum (reduce.h) divided: its error bound, its NaN, infinite where it
// is. Reads the vector once.
Status Mean(const executor::Parallel& parallel, Call& call);

// arguments[0]: Uint, the delta degrees of freedom, d. results[0]: Float, the sum of squares of deviations from the
// mean, divided by n - d; NaN if n <= d, or if an element or the mean is not finite; infinite if squares overflow;
// never negative. Reads the vector twice: for the mean, then for the deviations, with the term that corrects for the
// mean's rounding (Chan, Golub and LeVeque, 1983). Beside the rounding of each deviation the relative error is at most
// about (260 + log2(n / 4096)) · u. Integers of 64 bits are subtracted before they are rounded, so large ones lose
// nothing.
Status Variance(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
