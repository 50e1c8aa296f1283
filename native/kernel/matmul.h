#pragma once

#include "kernel/call.h"

namespace allcores::kernel {

// outputs[0] = inputs[0] · inputs[1]: c (m × n) = a (m × k) · b (k × n), row by row, all kFloat32 or all kFloat64.
// arguments: m, k and n (kUint); lengths are their products. c overlaps neither a nor b.
//
// A large product is left to a BLAS where one is installed (blas.h), which sums as it likes, maybe in another order on
// another machine, and cannot be aborted before it is done. All others are as MatMulBlocked gives them.
Status MatMul(const executor::Parallel& parallel, Call& call);

// The same without a library. An element is summed in its own type: blocks of 256 products one after another, whose
// sums are added in their order, whatever the number of threads. So its error is below (256 + k / 256) · epsilon · (|a|
// · |b|), to the first order. NaN and infinities as those sums give them. With k = 0 all elements are 0. Aborted, c
// holds anything.
//
// Cost: m · k · n multiplications, by vectors; scratch space of 2 MB at most for a part of b.
Status MatMulBlocked(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
