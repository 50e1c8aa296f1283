#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "kernel/call.h"

namespace allcores::kernel {

// Of a finite number the integer part modulo 2^64, exactly; 0 of NaN and of infinities.
inline std::uint64_t WrapFloat(double value) {
  constexpr double kBound = 9223372036854775808.0;  // 2^63
  if (value > -kBound && value < kBound) return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
  // An integer of 53 bits times a power of two, which is 2^11 at least.
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t shift = (bits >> 52 & 0x7ff) - 1023 - 52;
  if (shift >= 64) return 0;
  const std::uint64_t whole = ((bits & ((std::uint64_t{1} << 52) - 1)) | std::uint64_t{1} << 52) << shift;
  return bits >> 63 != 0 ? 0 - whole : whole;
}

// As storing into a typed array of JavaScript does: floats to integers are truncated and wrap around.
template <typename Target, typename From>
Target ConvertWrapping(From value) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<Target>) {
    return static_cast<Target>(WrapFloat(value));
  } else {
    return static_cast<Target>(value);
  }
}

// As Scalar::To does: of floats, what does not fit an integer becomes 0.
template <typename Target, typename From>
Target ConvertOrZero(From value) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<Target>) {
    return Scalar::Float(value).template To<Target>();
  } else {
    return static_cast<Target>(value);
  }
}

}  // namespace allcores::kernel
