#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

#include "executor/parallel.h"
#include "kernel/call.h"

namespace allcores::kernel::testing {

using ElementTypes = ::testing::Types<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t,
                                      std::uint32_t, std::int64_t, std::uint64_t, float, double>;

// What a sort meets: the ways in which elements are spread.
enum class Spread : std::uint8_t { kBits, kUniform, kSorted, kReversed, kFew, kEqual, kHalfEqual, kSteep };
inline constexpr Spread kSpreads[] = {Spread::kBits, Spread::kUniform, Spread::kSorted,    Spread::kReversed,
                                      Spread::kFew,  Spread::kEqual,   Spread::kHalfEqual, Spread::kSteep};

template <typename T>
T FromBits(std::uint64_t bits) {
  T value;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

template <typename T>
std::vector<T> Elements(std::size_t length, Spread spread, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<T> elements(length);
  for (std::size_t i = 0; i < length; ++i) {
    const std::uint64_t bits = random();
    const double unit = static_cast<double>(bits >> 11) * 0x1p-53;
    const bool equal = spread == Spread::kEqual || (spread == Spread::kHalfEqual && i % 2 == 0);
    if (equal) {
      elements[i] = T{7};
    } else if (spread == Spread::kFew) {
      elements[i] = static_cast<T>(bits % 10);
    } else if (spread == Spread::kSorted || spread == Spread::kReversed) {
      const std::size_t place = spread == Spread::kSorted ? i : length - i;
      elements[i] = static_cast<T>(sizeof(T) > 2 ? place : place * 100 / (length + 1));
    } else if (spread == Spread::kSteep) {
      elements[i] = static_cast<T>(100 * std::pow(unit, 20));
    } else if (std::is_floating_point_v<T> && spread != Spread::kBits) {
      elements[i] = static_cast<T>(unit);
    } else {
      elements[i] = FromBits<T>(bits);  // of floats: all NaNs, infinities and subnormal numbers too
    }
    if constexpr (std::is_floating_point_v<T>) {
      using Limits = std::numeric_limits<T>;
      constexpr T kSpecial[] = {
          T(-0.0), T(0), Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(), -Limits::quiet_NaN()};
      if (spread != Spread::kEqual && bits % 16 == 0) elements[i] = kSpecial[bits / 16 % 6];
    }
  }
  return elements;
}

// -0 before +0, all NaNs equal and last.
template <typename T>
bool Before(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return !std::isnan(a) && std::isnan(b);
    return a < b || (a == b && std::signbit(a) && !std::signbit(b));
  }
  return a < b;
}

template <typename T>
std::uint64_t BitsOf(T value) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(value));
  return bits;
}

template <typename T>
std::vector<std::uint64_t> AllBits(const std::vector<T>& elements) {
  std::vector<std::uint64_t> all;
  all.reserve(elements.size());
  for (const T& element : elements) all.push_back(BitsOf(element));
  return all;
}

// The same elements, NaNs by their bits as well.
template <typename T>
bool IsPermutation(const std::vector<T>& a, const std::vector<T>& b) {
  std::vector<std::uint64_t> x = AllBits(a);
  std::vector<std::uint64_t> y = AllBits(b);
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  return x == y;
}

// Around the bounds of what is sorted by insertion, alone, and in several parts.
inline constexpr std::size_t kLengths[] = {0, 1, 2, 3, 23, 24, 25, 26, 100, 1000, 8191, 8192, 8193, 20'011, 200'003};

}  // namespace allcores::kernel::testing
