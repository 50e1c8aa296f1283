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
#include "kernel/sort_key.h"
#include "support/element_types.h"

namespace allcores::kernel::testing {

using allcores::testing::ElementTypes;

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

// What is in order, or nearly so.
enum class Shape : std::uint8_t {
  kAscending,
  kDescending,
  kEqual,
  kAscendingButTwo,
  kDescendingButTwo,
  kOrganPipe,
  kFewAscending,
  kFewDescending,
};
inline constexpr Shape kShapes[] = {Shape::kAscending,       Shape::kDescending,   Shape::kEqual,
                                    Shape::kAscendingButTwo, Shape::kOrganPipe,    Shape::kDescendingButTwo,
                                    Shape::kFewAscending,    Shape::kFewDescending};

// Around the bounds of what is looked at first, sorted alone, and checked by other threads.
inline constexpr std::size_t kShapedLengths[] = {0, 1, 2, 3, 25, 32, 33, 34, 1000, 8192, 8193, 100'003};

// Elements of all bits in the order of Sort, that of NaNs too, and moved into the shape. Those of kFew... are runs of
// equal ones, and the two that are exchanged are neighbours.
template <typename T>
std::vector<T> Shaped(std::size_t length, Shape shape, std::uint64_t seed) {
  using Key = typename SortKey<T>::Key;
  std::mt19937_64 random(seed);
  const bool few = shape == Shape::kFewAscending || shape == Shape::kFewDescending;
  const Key kinds[] = {static_cast<Key>(random()), static_cast<Key>(random()), static_cast<Key>(random())};
  std::vector<Key> keys(length);
  for (Key& key : keys)
    key = shape == Shape::kEqual ? kinds[0] : few ? kinds[random() % 3] : static_cast<Key>(random());
  std::sort(keys.begin(), keys.end());
  if (shape == Shape::kDescending || shape == Shape::kFewDescending || shape == Shape::kDescendingButTwo) {
    std::reverse(keys.begin(), keys.end());
  }
  const bool but_two = shape == Shape::kAscendingButTwo || shape == Shape::kDescendingButTwo;
  if (but_two && length >= 2) {
    const std::size_t place = random() % (length - 1);
    std::swap(keys[place], keys[place + 1]);
  }
  if (shape == Shape::kOrganPipe) std::reverse(keys.begin() + static_cast<std::ptrdiff_t>(length / 2), keys.end());
  std::vector<T> elements(length);
  for (std::size_t i = 0; i < length; ++i) SortKey<T>::Store(&elements[i], keys[i]);
  return elements;
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
