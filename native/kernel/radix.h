#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <utility>

#include "kernel/sort_key.h"

namespace allcores::kernel {

// Up to here an insertion sort is faster.
inline constexpr std::size_t kInsertionLength = 24;
// More counters than 2^10 need more of the first cache than they save passes.
inline constexpr int kMaxDigitBits = 10;
// How many more bits are taken than tell as many keys apart as there are: then a few pairs agree in them, if keys are
// spread evenly.
inline constexpr int kSpareBits = 5;

template <typename Item>
void InsertionSort(Item* items, std::size_t length) {
  for (std::size_t i = 1; i < length; ++i) {
    const Item item = items[i];
    std::size_t at = i;
    for (; at > 0 && KeyOf(item) < KeyOf(items[at - 1]); --at) items[at] = items[at - 1];
    items[at] = item;
  }
}

// Sorts items by their keys, stably, for what fits into a cache. `spare` has room for as many. Both are memory that
// nobody else writes: places are counted in one pass and taken in another.
//
// Scheme: the leading bits in which the keys differ, about as many as tell the keys apart, are sorted by two passes of
// radix sort. Keys that agree in them are neighbours then; each such run is sorted by itself, in the same way unless it
// is short. So evenly spread keys cost two passes whatever their size, and others at most one more call for each digit.
template <typename Item>
void RadixSort(Item* items, Item* spare, std::size_t length) {
  using Key = KeyOfItem<Item>;
  if (length <= kInsertionLength) return InsertionSort(items, length);
  Key low = KeyOf(items[0]);
  Key high = low;
  for (std::size_t i = 1; i < length; ++i) {
    low = std::min(low, KeyOf(items[i]));
    high = std::max(high, KeyOf(items[i]));
  }
  if (low == high) return;
  const int width = static_cast<int>(std::bit_width(static_cast<Key>(high - low)));
  const int taken = std::min({width, static_cast<int>(std::bit_width(length)) + kSpareBits, 2 * kMaxDigitBits});
  const int shift = width - taken;
  const int low_bits = taken / 2;
  const std::size_t mask = (std::size_t{1} << low_bits) - 1;
  const auto prefix = [low, shift](const Item& item) {
    return static_cast<std::size_t>(static_cast<Key>(KeyOf(item) - low) >> shift);
  };

  {
    std::array<std::size_t, std::size_t{1} << kMaxDigitBits> lows;
    std::array<std::size_t, std::size_t{1} << kMaxDigitBits> highs;
    const std::size_t high_digits = std::size_t{1} << (taken - low_bits);
    std::fill_n(lows.begin(), mask + 1, 0);
    std::fill_n(highs.begin(), high_digits, 0);
    for (std::size_t i = 0; i < length; ++i) {
      const std::size_t digits = prefix(items[i]);
      ++lows[digits & mask];
      ++highs[digits >> low_bits];
    }
    std::size_t before = 0;
    for (std::size_t i = 0; i <= mask; ++i) before += std::exchange(lows[i], before);
    before = 0;
    for (std::size_t i = 0; i < high_digits; ++i) before += std::exchange(highs[i], before);
    for (std::size_t i = 0; i < length; ++i) spare[lows[prefix(items[i]) & mask]++] = items[i];
    for (std::size_t i = 0; i < length; ++i) items[highs[prefix(spare[i]) >> low_bits]++] = spare[i];
  }

  if (shift == 0) return;
  for (std::size_t i = 1; i < length; ++i) {
    if (prefix(items[i]) != prefix(items[i - 1])) continue;
    const std::size_t begin = i - 1;
    while (i < length && prefix(items[i]) == prefix(items[begin])) ++i;
    RadixSort(items + begin, spare + begin, i - begin);
  }
}

}  // namespace allcores::kernel
