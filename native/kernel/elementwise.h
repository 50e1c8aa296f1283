#pragma once

#include <cstdint>

#include "kernel/call.h"

namespace allcores::kernel {

// Steps of a Map: what becomes of an element x. Where nothing else is said, floats follow IEEE 754, and integers are of
// 64 bits and wrap around. The numbers are part of the interface.
enum class ElementwiseOp : std::uint32_t {
  kAdd,    // x + A
  kSub,    // x - A
  kMul,    // x * A
  kDiv,    // x / A; integers truncate, by zero give 0
  kMod,    // the remainder of the truncated quotient (std::fmod): sign of x; integers by zero give 0
  kPow,    // x to the A-th; integers to a negative power give 0 unless x is 1 or -1
  kMin,    // the lesser one; NaN if either is NaN; of two zeros A
  kMax,    // the greater one; as above
  kAbs,    // of the lowest signed integer itself
  kNeg,    // -x
  kSqrt,   // this and what follows to kRound is for floats: integers stay as they are
  kExp,    //
  kLog,    //
  kSin,    //
  kCos,    //
  kTan,    //
  kTanh,   //
  kFloor,  //
  kCeil,   //
  kRound,  // to the nearest integer, ties to the even one (std::nearbyint)
  kClamp,  // A if x < A, then B if that > B: where A > B it is B. NaN stays; a bound that is NaN does not bind
  kWhere,  // x where A is not 0 (NaN is not), else B
};

inline constexpr std::uint32_t kElementwiseOps = 22;

// How a step names an operand.
enum class OperandKind : std::uint32_t { kNone, kNumber, kVector };

// A chain of element-wise steps in one pass, without temporaries in memory.
//
// inputs[0]: the vector x; the others: vectors of operands, each as long. outputs[0]: the result, as long, of any
// dtype. It may be the memory of any input whose elements have the same size and begin at the same place; of memory
// that overlaps otherwise the result is unspecified. arguments: five for each step: Uint ElementwiseOp, Uint
// OperandKind of A, A, Uint OperandKind of B, B; an operand that is a vector is a Uint, its place in inputs. No steps:
// a conversion.
//
// Computed is in double for kFloat64, in float for kFloat32, else in 64 bits, signed as the output is. What is loaded
// is converted to that: floats to integers as Scalar::To does, integers to integers wrap around, to floats are rounded.
// Only A of kWhere is tested as it is. Integers are stored wrapping around.
//
// Errors: + - * / and sqrt are rounded correctly, % and what follows kTanh is exact; the rest is as good as the C
// library, some 1 ulp. Which bits a NaN has is unspecified.
//
// Cost: one pass over memory; each step some 0.5 ns an element, functions and powers 10 ns, integers' divisions 5 ns.
// One
// + - * / of floats of one type is as fast as memory.
Status Map(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
