#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "executor/parallel.h"

namespace allcores::kernel {

// The order in which keys are found.
enum class Presorted : std::uint8_t { kNo, kAscending, kDescending };

// How load(i), the keys of [0, length), are ordered: ascending, equal ones included, or descending; with kStrictly no
// two that are equal are descending. No keys, one, and equal ones are ascending. Aborted: kNo, unless it was too late
// for it.
//
// One pass on several threads, which ends as soon as both orders are disproved: after a few keys, unless most are in
// order.
template <bool kStrictly, typename Load>
Presorted FindOrder(const executor::Parallel& parallel, std::size_t length, const Load& load) {
  using Key = std::decay_t<decltype(load(0))>;
  constexpr unsigned kAscending = 1;
  constexpr unsigned kDescending = 2;
  constexpr std::size_t kFirst = 32;
  constexpr std::size_t kStep = 1024;
  constexpr std::size_t kGrain = std::size_t{1} << 15;

  // Relaxed, all of it: what is disproved stays so, and the loop's end publishes it.
  std::atomic<unsigned> possible{kAscending | kDescending};
  // Keys [begin, end), each with the one before it.
  const auto check = [&](std::size_t begin, std::size_t end) {
    while (begin < end && possible.load(std::memory_order_relaxed) != 0 && !parallel.aborted()) {
      const std::size_t last = std::min(end, begin + kStep);
      // As wide as keys, for the compiler's vectors.
      Key falls = 0;
      Key rises = 0;
      for (; begin < last; ++begin) {
        const Key before = load(begin - 1);
        const Key key = load(begin);
        falls |= static_cast<Key>(before > key ? 1 : 0);
        rises |= static_cast<Key>((kStrictly ? before <= key : before < key) ? 1 : 0);
      }
      const unsigned disproved = (falls != 0 ? kAscending : 0) | (rises != 0 ? kDescending : 0);
      if (disproved != 0) possible.fetch_and(~disproved, std::memory_order_relaxed);
    }
  };

  if (length < 2) return Presorted::kAscending;
  const std::size_t first = std::min(length, kFirst);
  check(1, first);
  if (possible.load(std::memory_order_relaxed) != 0) {
    parallel.For(length - first, kGrain,
                 [&](std::size_t begin, std::size_t end) { check(first + begin, first + end); });
  }
  const unsigned found = possible.load(std::memory_order_relaxed);
  if (found == 0 || parallel.aborted()) return Presorted::kNo;
  return (found & kAscending) != 0 ? Presorted::kAscending : Presorted::kDescending;
}

}  // namespace allcores::kernel
