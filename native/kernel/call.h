#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>

#include "base/check.h"
#include "executor/parallel.h"
#include "kernel/dtype.h"

namespace allcores::kernel {

// A vector that a kernel reads or writes. `data` is aligned for its elements; it may change while it is read, by
// whoever else has the memory, and then the result is unspecified, but nothing else happens.
struct View {
  DType dtype = DType::kFloat64;
  void* data = nullptr;
  std::size_t length = 0;

  template <typename T>
  [[nodiscard]] T* As() const {
    ALLCORES_CHECK(dtype == kDTypeOf<T>);
    return static_cast<T*>(data);
  }
};

// One number: an argument of a kernel, or a result. Integers of 64 bits stay exact.
struct Scalar {
  enum class Kind : std::uint8_t { kNone, kFloat, kInt, kUint };

  Kind kind = Kind::kNone;
  union {
    double as_float = 0;
    std::int64_t as_int;
    std::uint64_t as_uint;
  };

  static Scalar Float(double value) { return {.kind = Kind::kFloat, .as_float = value}; }
  static Scalar Int(std::int64_t value) { return {.kind = Kind::kInt, .as_int = value}; }
  static Scalar Uint(std::uint64_t value) { return {.kind = Kind::kUint, .as_uint = value}; }
  template <typename T>
  static Scalar Of(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      return Float(value);
    } else if constexpr (std::is_signed_v<T>) {
      return Int(value);
    } else {
      return Uint(value);
    }
  }

  // As an element of a vector. Integers that do not fit wrap around; of a float they are truncated, NaN and what does
  // not fit becomes 0.
  template <typename T>
  [[nodiscard]] T To() const;
};

enum class Status : std::uint8_t {
  kDone,
  kAborted,
  kNoMemory,    // for scratch space
  kOutOfRange,  // of an index: results[0] is its place, results[1] the index
  kFailed,      // a kernel of somebody else says so: results[0] is its number, `message` its reason
};

// One call of a kernel. Which vectors and numbers it takes each kernel says; whoever calls it has checked them.
struct Call {
  std::span<const View> inputs;
  std::span<const View> outputs;
  std::span<const Scalar> arguments;
  std::array<Scalar, 4> results;
  std::string message{};
};

using Kernel = Status (*)(const executor::Parallel&, Call&);

template <typename T>
T Scalar::To() const {
  if (kind == Kind::kInt) return static_cast<T>(as_int);
  if (kind == Kind::kUint) return static_cast<T>(as_uint);
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(as_float);
  } else {
    // Both bounds are exact as doubles, and NaN fails the first comparison.
    constexpr double kLow = std::is_signed_v<T> ? -static_cast<double>(std::uint64_t{1} << (8 * sizeof(T) - 1)) : 0;
    constexpr double kHigh =
        std::is_signed_v<T> ? -kLow : 2.0 * static_cast<double>(std::uint64_t{1} << (8 * sizeof(T) - 1));
    return (as_float >= kLow || as_float > kLow - 1) && as_float < kHigh ? static_cast<T>(as_float) : T{0};
  }
}

}  // namespace allcores::kernel
