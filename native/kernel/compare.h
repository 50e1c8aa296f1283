#pragma once

#include <cstdint>

#include "kernel/call.h"

namespace allcores::kernel {

// The numbers are part of the interface.
enum class CompareOp : std::uint32_t { kLess, kLessEqual, kGreater, kGreaterEqual, kEqual, kNotEqual };

// outputs[0][i] = 1 where inputs[0][i] stands in the relation to the operand, else 0.
//
// inputs[0]: any dtype. arguments[0]: Uint CompareOp. The operand: if there is inputs[1], its elements, of the same
// dtype and as many, else arguments[1], a number of any kind. outputs[0]: kUint8, as long; it may be the memory of an
// input of kUint8 or kInt8. A number is compared as what it is in mathematics, without being rounded to the elements'
// type: no element of kInt64 equals 2.5, and all of kUint64 are above -1. NaN, on either side, is only not equal. -0
// equals 0. Cost: as fast as memory.
Status Compare(const executor::Parallel& parallel, Call& call);

// results[0]: how many elements of inputs[0], of any dtype, are not 0 (Uint). NaN is not, -0 is. Cost: as fast as
// memory.
Status Count(const executor::Parallel& parallel, Call& call);

// The elements of inputs[0], of any dtype, where inputs[1] is not 0, in their order.
//
// inputs[1]: the mask, kUint8, as long. outputs[0]: of the dtype of inputs[0], and of other memory than both; what the
// elements do not fill stays as it is, and those it has no room for are left out. Without outputs they are only
// counted. results[0]: how many the mask selects (Uint), with or without room. A mask that changes meanwhile makes the
// elements unspecified, but nothing is written beyond the output. kNoMemory: for 8 bytes for each 16384 elements. Cost:
// the mask is read twice; some 1 ns an element.
Status Filter(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
