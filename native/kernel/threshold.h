#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "kernel/call.h"
#include "kernel/compare.h"

namespace allcores::kernel {

// A comparison of elements of type T with a number of any kind, as one with a number of type T, or as an answer that is
// the same for all elements. It is exact: the number is not rounded.
template <typename T>
struct Threshold {
  enum class Kind : std::uint8_t { kCompare, kNever, kAlways };

  Kind kind = Kind::kCompare;
  CompareOp op = CompareOp::kEqual;
  T number{};

  static Threshold Of(CompareOp op, const Scalar& operand) {
    if (operand.kind == Scalar::Kind::kInt) return OfInteger(op, operand.as_int);
    if (operand.kind == Scalar::Kind::kUint) return OfInteger(op, operand.as_uint);
    return OfFloat(op, operand.as_float);
  }

 private:
  static Threshold Exactly(CompareOp op, T number) { return {.op = op, .number = number}; }

  // The operand is above `lower` and below whatever T has next.
  static Threshold Above(CompareOp op, T lower) {
    switch (op) {
      case CompareOp::kLess:
      case CompareOp::kLessEqual:
        return {.op = CompareOp::kLessEqual, .number = lower};
      case CompareOp::kGreater:
      case CompareOp::kGreaterEqual:
        return {.op = CompareOp::kGreater, .number = lower};
      case CompareOp::kEqual:
        return {.kind = Kind::kNever};
      case CompareOp::kNotEqual:
        break;
    }
    return {.kind = Kind::kAlways};
  }

  // The operand is below all that an integer T has.
  static Threshold BelowAll(CompareOp op) {
    const bool always = op == CompareOp::kGreater || op == CompareOp::kGreaterEqual || op == CompareOp::kNotEqual;
    return {.kind = always ? Kind::kAlways : Kind::kNever};
  }

  template <typename Integer>
  static Threshold OfInteger(CompareOp op, Integer operand) {
    if constexpr (std::is_integral_v<T>) {
      if (std::in_range<T>(operand)) return Exactly(op, static_cast<T>(operand));
      if (std::cmp_less(operand, std::numeric_limits<T>::min())) return BelowAll(op);
      return Above(op, std::numeric_limits<T>::max());
    } else {
      // Where it was rounded, `nearest` is an integer; rounded up, it may be the first one above the type.
      const T nearest = static_cast<T>(operand);
      const T end = std::ldexp(T{1}, std::numeric_limits<Integer>::digits);
      const bool above = nearest >= end || static_cast<Integer>(nearest) > operand;
      if (above) return Above(op, std::nextafter(nearest, -std::numeric_limits<T>::infinity()));
      return static_cast<Integer>(nearest) == operand ? Exactly(op, nearest) : Above(op, nearest);
    }
  }

  static Threshold OfFloat(CompareOp op, double operand) {
    if constexpr (std::is_same_v<T, double>) {
      return Exactly(op, operand);
    } else if constexpr (std::is_same_v<T, float>) {
      // Infinities and NaN are floats.
      if (!std::isfinite(operand)) return Exactly(op, static_cast<float>(operand));
      constexpr float kMax = std::numeric_limits<float>::max();
      if (operand > kMax) return Above(op, kMax);
      if (operand < -kMax) return Above(op, -std::numeric_limits<float>::infinity());
      const auto nearest = static_cast<float>(operand);
      if (nearest == operand) return Exactly(op, nearest);
      return Above(op, nearest < operand ? nearest : std::nextafter(nearest, -std::numeric_limits<float>::infinity()));
    } else {
      if (std::isnan(operand)) return {.kind = op == CompareOp::kNotEqual ? Kind::kAlways : Kind::kNever};
      // Both bounds are exact as doubles.
      constexpr auto kLow = static_cast<double>(std::numeric_limits<T>::min());
      const double end = std::ldexp(1.0, std::numeric_limits<T>::digits);
      const double lower = std::floor(operand);
      if (lower < kLow) return BelowAll(op);
      if (lower >= end) return Above(op, std::numeric_limits<T>::max());
      return lower == operand ? Exactly(op, static_cast<T>(lower)) : Above(op, static_cast<T>(lower));
    }
  }
};

}  // namespace allcores::kernel
