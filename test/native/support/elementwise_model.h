#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "kernel/elementwise.h"

namespace allcores::testing {

using kernel::ElementwiseOp;
using kernel::OperandKind;
using kernel::Scalar;
using kernel::View;

__extension__ using Wide = __int128;

template <typename T>
using Compute = std::conditional_t<std::is_floating_point_v<T>, T,
                                   std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;

inline constexpr Scalar kNoOperand{};

inline Scalar Of(ElementwiseOp op) { return Scalar::Uint(static_cast<std::uint32_t>(op)); }
inline Scalar Of(OperandKind kind) { return Scalar::Uint(static_cast<std::uint32_t>(kind)); }

// A program, step by step.
struct Program {
  std::vector<Scalar> arguments;

  Program& Then(ElementwiseOp op, OperandKind kind_a = OperandKind::kNone, Scalar a = kNoOperand,
                OperandKind kind_b = OperandKind::kNone, Scalar b = kNoOperand) {
    arguments.insert(arguments.end(), {Of(op), Of(kind_a), a, Of(kind_b), b});
    return *this;
  }
  Program& ThenNumber(ElementwiseOp op, Scalar a) { return Then(op, OperandKind::kNumber, a); }
  Program& ThenVector(ElementwiseOp op, std::uint64_t a) { return Then(op, OperandKind::kVector, Scalar::Uint(a)); }
};

template <typename C>
C FloatStep(ElementwiseOp op, C x, C a, C b) {
  switch (op) {
    case ElementwiseOp::kAdd:
      return x + a;
    case ElementwiseOp::kSub:
      return x - a;
    case ElementwiseOp::kMul:
      return x * a;
    case ElementwiseOp::kDiv:
      return x / a;
    case ElementwiseOp::kMod:
      return std::fmod(x, a);
    case ElementwiseOp::kPow:
      return std::pow(x, a);
    case ElementwiseOp::kMin:
      if (std::isnan(x) || std::isnan(a)) return std::numeric_limits<C>::quiet_NaN();
      return x < a ? x : a;
    case ElementwiseOp::kMax:
      if (std::isnan(x) || std::isnan(a)) return std::numeric_limits<C>::quiet_NaN();
      return x > a ? x : a;
    case ElementwiseOp::kAbs:
      return std::abs(x);
    case ElementwiseOp::kNeg:
      return -x;
    case ElementwiseOp::kSqrt:
      return std::sqrt(x);
    case ElementwiseOp::kExp:
      return std::exp(x);
    case ElementwiseOp::kLog:
      return std::log(x);
    case ElementwiseOp::kSin:
      return std::sin(x);
    case ElementwiseOp::kCos:
      return std::cos(x);
    case ElementwiseOp::kTan:
      return std::tan(x);
    case ElementwiseOp::kTanh:
      return std::tanh(x);
    case ElementwiseOp::kFloor:
      return std::floor(x);
    case ElementwiseOp::kCeil:
      return std::ceil(x);
    case ElementwiseOp::kRound:
      return std::rint(x);
    case ElementwiseOp::kClamp:
      if (x < a) x = a;
      return x > b ? b : x;
    case ElementwiseOp::kWhere:
      break;
  }
  return a != 0 ? x : b;
}

// In 128 bits where that holds all results.
template <typename C>
C IntegerStep(ElementwiseOp op, C x, C a, C b) {
  const auto wrap = [](Wide value) { return static_cast<C>(static_cast<std::uint64_t>(value)); };
  switch (op) {
    case ElementwiseOp::kAdd:
      return wrap(Wide{x} + a);
    case ElementwiseOp::kSub:
      return wrap(Wide{x} - a);
    case ElementwiseOp::kMul:
      return static_cast<C>(static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(a));
    case ElementwiseOp::kDiv:
      return a == 0 ? 0 : wrap(Wide{x} / a);
    case ElementwiseOp::kMod:
      return a == 0 ? 0 : wrap(Wide{x} % a);
    case ElementwiseOp::kPow: {
      if (Wide{a} < 0) return x == 1 ? 1 : Wide{x} != -1 ? 0 : a % 2 == 0 ? 1 : x;
      // From the highest bit down.
      std::uint64_t result = 1;
      for (int bit = 63; bit >= 0; --bit) {
        result *= result;
        if ((static_cast<std::uint64_t>(a) >> bit & 1) != 0) result *= static_cast<std::uint64_t>(x);
      }
      return static_cast<C>(result);
    }
    case ElementwiseOp::kMin:
      return std::min(x, a);
    case ElementwiseOp::kMax:
      return std::max(x, a);
    case ElementwiseOp::kAbs:
      return wrap(Wide{x} < 0 ? -Wide{x} : Wide{x});
    case ElementwiseOp::kNeg:
      return wrap(-Wide{x});
    case ElementwiseOp::kClamp:
      return std::min(std::max(x, a), b);
    case ElementwiseOp::kWhere:
      return a != 0 ? x : b;
    default:
      return x;
  }
}

template <typename C>
C Step(ElementwiseOp op, C x, C a, C b) {
  if constexpr (std::is_floating_point_v<C>) {
    return FloatStep(op, x, a, b);
  } else {
    return IntegerStep(op, x, a, b);
  }
}

template <typename C>
C LoadAt(const View& view, std::size_t i) {
  return kernel::VisitType(view.dtype, [&]<typename T>() {
    const T value = view.As<T>()[i];
    if constexpr (std::is_floating_point_v<T>) return Scalar::Float(value).template To<C>();
    return static_cast<C>(value);
  });
}

inline bool TrueAt(const View& view, std::size_t i) {
  return kernel::VisitType(view.dtype, [&]<typename T>() { return view.As<T>()[i] != 0; });
}

// The plain meaning of a program, one element at a time.
template <typename T>
std::vector<T> Expected(const std::vector<View>& inputs, const Program& program) {
  using C = Compute<T>;
  std::vector<T> out(inputs[0].length);
  for (std::size_t i = 0; i < out.size(); ++i) {
    C x = LoadAt<C>(inputs[0], i);
    for (std::size_t at = 0; at < program.arguments.size(); at += 5) {
      const Scalar* step = &program.arguments[at];
      const auto operand = [&](const Scalar& kind, const Scalar& value) -> C {
        if (kind.as_uint == 0) return 0;
        return kind.as_uint == 1 ? value.To<C>() : LoadAt<C>(inputs[value.as_uint], i);
      };
      const auto op = static_cast<ElementwiseOp>(step[0].as_uint);
      C a = operand(step[1], step[2]);
      if (op == ElementwiseOp::kWhere) {
        a = step[1].as_uint == 2 ? TrueAt(inputs[step[2].as_uint], i)
                                 : (step[2].kind == Scalar::Kind::kFloat ? step[2].as_float != 0 : step[2].as_int != 0);
      }
      x = Step(op, x, a, operand(step[3], step[4]));
    }
    out[i] = static_cast<T>(x);
  }
  return out;
}

}  // namespace allcores::testing
