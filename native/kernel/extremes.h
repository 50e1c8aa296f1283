#pragma once

#include "kernel/call.h"

namespace allcores::kernel {

// The least and the greatest element of inputs[0], a vector of any type. Read once, at about the speed of memory, on
// several threads; the result does not depend on how many. Of an empty vector results[0] stays kNone.

// results[0]: the element, as a Scalar of its type. A NaN anywhere gives NaN; -0 is less than +0 (as Math.min).
Status Min(const executor::Parallel& parallel, Call& call);
Status Max(const executor::Parallel& parallel, Call& call);

// results[0]: Uint, the index of the first of the least or greatest elements; of the first NaN where there is one (as
// NumPy). -0 and +0 are equal here.
Status ArgMin(const executor::Parallel& parallel, Call& call);
Status ArgMax(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
