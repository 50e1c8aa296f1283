#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernel/elementwise.h"

namespace allcores::kernel {

// What a step takes beside x: a block of numbers, or one number for all elements.
template <typename C>
struct Operand {
  const C* block = nullptr;
  C number{};
};

// One step for one element. C: double, float, std::int64_t or std::uint64_t.
template <typename C>
struct StepMath {
  static constexpr bool kFloat = std::is_floating_point_v<C>;

  static C Add(C x, C y) {
    if constexpr (kFloat) return x + y;
    return static_cast<C>(Bits(x) + Bits(y));
  }
  static C Sub(C x, C y) {
    if constexpr (kFloat) return x - y;
    return static_cast<C>(Bits(x) - Bits(y));
  }
  static C Mul(C x, C y) {
    if constexpr (kFloat) return x * y;
    return static_cast<C>(Bits(x) * Bits(y));
  }
  static C Neg(C x) {
    if constexpr (kFloat) return -x;
    return static_cast<C>(0 - Bits(x));
  }
  static C Abs(C x) {
    if constexpr (kFloat) {
      return std::fabs(x);
    } else {
      return x < C{0} ? Neg(x) : x;
    }
  }
  static C Div(C x, C y) {
    if constexpr (kFloat) {
      return x / y;
    } else {
      if (y == 0) return 0;
      if (IsMinusOne(y)) return Neg(x);  // the lowest integer by -1 would trap
      return x / y;
    }
  }
  static C Mod(C x, C y) {
    if constexpr (kFloat) {
      return std::fmod(x, y);
    } else {
      return y == 0 || IsMinusOne(y) ? 0 : x % y;
    }
  }
  static C Pow(C x, C y) {
    if constexpr (kFloat) {
      return std::pow(x, y);
    } else {
      if (y < C{0}) {
        if (IsMinusOne(x)) return (Bits(y) & 1) != 0 ? x : C{1};
        return x == 1 ? C{1} : C{0};
      }
      std::uint64_t result = 1;
      std::uint64_t square = Bits(x);
      for (std::uint64_t left = Bits(y); left != 0; left >>= 1) {
        if ((left & 1) != 0) result *= square;
        square *= square;
      }
      return static_cast<C>(result);
    }
  }
  // Of a NaN the first comparison gives x itself, or the second one y.
  static C Min(C x, C y) { return x != x ? x : (x < y ? x : y); }  // NOLINT(misc-redundant-expression)
  static C Max(C x, C y) { return x != x ? x : (x > y ? x : y); }  // NOLINT(misc-redundant-expression)
  static C Clamp(C x, C low, C high) {
    const C raised = x < low ? low : x;
    return raised > high ? high : raised;
  }
  static C Where(C x, C condition, C other) { return condition != C{0} ? x : other; }

 private:
  static std::uint64_t Bits(C x) { return static_cast<std::uint64_t>(x); }
  static bool IsMinusOne(C x) { return std::is_signed_v<C> && x == static_cast<C>(-1); }
};

template <typename C, typename F>
void EachOf(C* __restrict x, std::size_t count, F f) {
  for (std::size_t i = 0; i < count; ++i) x[i] = f(x[i]);
}

template <typename C, typename F>
void EachOf(C* __restrict x, std::size_t count, const Operand<C>& a, F f) {
  if (a.block == nullptr) return EachOf(x, count, [f, y = a.number](C v) { return f(v, y); });
  const C* __restrict y = a.block;
  for (std::size_t i = 0; i < count; ++i) x[i] = f(x[i], y[i]);
}

template <typename C, typename F>
void EachOf(C* __restrict x, std::size_t count, const Operand<C>& a, const Operand<C>& b, F f) {
  if (b.block == nullptr) return EachOf(x, count, a, [f, z = b.number](C v, C y) { return f(v, y, z); });
  if (a.block == nullptr) return EachOf(x, count, b, [f, y = a.number](C v, C z) { return f(v, y, z); });
  const C* __restrict y = a.block;
  const C* __restrict z = b.block;
  for (std::size_t i = 0; i < count; ++i) x[i] = f(x[i], y[i], z[i]);
}

// A step that integers do not have.
template <typename C>
void ApplyFunction(ElementwiseOp op, C* x, std::size_t count) {
  switch (op) {
    case ElementwiseOp::kSqrt:
      return EachOf(x, count, [](C v) { return std::sqrt(v); });
    case ElementwiseOp::kExp:
      return EachOf(x, count, [](C v) { return std::exp(v); });
    case ElementwiseOp::kLog:
      return EachOf(x, count, [](C v) { return std::log(v); });
    case ElementwiseOp::kSin:
      return EachOf(x, count, [](C v) { return std::sin(v); });
    case ElementwiseOp::kCos:
      return EachOf(x, count, [](C v) { return std::cos(v); });
    case ElementwiseOp::kTan:
      return EachOf(x, count, [](C v) { return std::tan(v); });
    case ElementwiseOp::kTanh:
      return EachOf(x, count, [](C v) { return std::tanh(v); });
    case ElementwiseOp::kFloor:
      return EachOf(x, count, [](C v) { return std::floor(v); });
    case ElementwiseOp::kCeil:
      return EachOf(x, count, [](C v) { return std::ceil(v); });
    case ElementwiseOp::kRound:
      return EachOf(x, count, [](C v) { return std::nearbyint(v); });
    default:
      return;
  }
}

// A step for a block, in place. The blocks of operands are other memory.
template <typename C>
void ApplyStep(ElementwiseOp op, C* x, std::size_t count, const Operand<C>& a, const Operand<C>& b) {
  using Math = StepMath<C>;
  switch (op) {
    case ElementwiseOp::kAdd:
      return EachOf(x, count, a, [](C v, C y) { return Math::Add(v, y); });
    case ElementwiseOp::kSub:
      return EachOf(x, count, a, [](C v, C y) { return Math::Sub(v, y); });
    case ElementwiseOp::kMul:
      return EachOf(x, count, a, [](C v, C y) { return Math::Mul(v, y); });
    case ElementwiseOp::kDiv:
      return EachOf(x, count, a, [](C v, C y) { return Math::Div(v, y); });
    case ElementwiseOp::kMod:
      return EachOf(x, count, a, [](C v, C y) { return Math::Mod(v, y); });
    case ElementwiseOp::kPow:
      return EachOf(x, count, a, [](C v, C y) { return Math::Pow(v, y); });
    case ElementwiseOp::kMin:
      return EachOf(x, count, a, [](C v, C y) { return Math::Min(v, y); });
    case ElementwiseOp::kMax:
      return EachOf(x, count, a, [](C v, C y) { return Math::Max(v, y); });
    case ElementwiseOp::kAbs:
      return EachOf(x, count, [](C v) { return Math::Abs(v); });
    case ElementwiseOp::kNeg:
      return EachOf(x, count, [](C v) { return Math::Neg(v); });
    case ElementwiseOp::kClamp:
      return EachOf(x, count, a, b, [](C v, C low, C high) { return Math::Clamp(v, low, high); });
    case ElementwiseOp::kWhere:
      return EachOf(x, count, a, b, [](C v, C condition, C other) { return Math::Where(v, condition, other); });
    default:
      if constexpr (Math::kFloat) ApplyFunction(op, x, count);
      return;
  }
}

}  // namespace allcores::kernel
