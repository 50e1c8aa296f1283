#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>

#include "kernel/blocks.h"
#include "kernel/call.h"

namespace allcores::kernel {

inline constexpr std::size_t kLanes = 16;

template <typename T>
inline constexpr bool kFloat = std::is_floating_point_v<T>;

template <typename T, typename Signed, typename Unsigned>
using BySign = std::conditional_t<std::is_signed_v<T>, Signed, Unsigned>;

// What a lane sums elements in. It takes 256 of them in a block, which fit exactly: 256 · -128 is the least of 16 bits.
template <typename T>
using SumLane = std::conditional_t<
    kFloat<T>, double,
    std::conditional_t<sizeof(T) == 1, BySign<T, std::int16_t, std::uint16_t>,
                       std::conditional_t<sizeof(T) == 2, BySign<T, std::int32_t, std::uint32_t>, std::uint64_t>>>;

// The sum of term(0) ... term(count - 1): of doubles by a fixed tree over the lanes, of integers modulo 2^64. What is
// left over has lanes of its own: an index that is not constant would keep the others out of registers.
template <typename Lane, typename Term>
auto SumTerms(std::size_t count, Term term) {
  static_assert(kBlock / kLanes <= 256);
  std::array<Lane, kLanes> lanes = {};
  std::array<Lane, kLanes> rest = {};
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) lanes[k] = static_cast<Lane>(lanes[k] + term(i + k));
  }
  for (std::size_t k = 0; i < count; ++i, ++k) rest[k] = static_cast<Lane>(term(i));
  using Total = std::conditional_t<kFloat<Lane>, double, std::uint64_t>;
  std::array<Total, kLanes> totals = {};
  for (std::size_t k = 0; k < kLanes; ++k) totals[k] = static_cast<Total>(lanes[k]) + static_cast<Total>(rest[k]);
  return AddPairwise(totals.data(), kLanes);
}

// Puts parts, of blocks of floats, together in a fixed order. of_block(begin, count) makes them.
template <typename T, typename Part, typename OfBlock>
Status ReduceInOrder(const executor::Parallel& parallel, std::size_t length, OfBlock of_block, Part* result) {
  const std::size_t blocks = BlockCount(length);
  const std::unique_ptr<Part[]> parts(new (std::nothrow) Part[blocks]);
  if (parts == nullptr) return Status::kNoMemory;
  parallel.For(blocks, kBlockGrain<T>, [&](std::size_t first, std::size_t last) {
    EachBlock(parallel, length, first, last,
              [&](std::size_t block, std::size_t begin, std::size_t count) { parts[block] = of_block(begin, count); });
  });
  if (parallel.aborted()) return Status::kAborted;
  *result = AddPairwise(parts.get(), blocks);
  return Status::kDone;
}

template <typename T>
auto SumOfBlock(const T* data, std::size_t count) {
  return SumTerms<SumLane<T>>(count, [data](std::size_t i) { return static_cast<SumLane<T>>(data[i]); });
}

}  // namespace allcores::kernel
