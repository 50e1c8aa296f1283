#pragma once

#include <algorithm>
#include <cstddef>

#include "executor/parallel.h"

namespace allcores::kernel {

// Reductions work on blocks of this many elements (the last one may be shorter), wherever parts of a loop begin: what
// comes of a block does not depend on who does it.
inline constexpr std::size_t kBlock = 4096;

inline constexpr std::size_t BlockCount(std::size_t length) { return length / kBlock + (length % kBlock != 0 ? 1 : 0); }

// How many blocks are worth a claim: 256 KiB, which take some 15 µs to read.
template <typename T>
inline constexpr std::size_t kBlockGrain = (std::size_t{1} << 18) / (kBlock * sizeof(T));

// Calls body(block, begin, count) for the blocks [first, last) of a vector, in order; ends early when aborted.
template <typename Body>
void EachBlock(const executor::Parallel& parallel, std::size_t length, std::size_t first, std::size_t last,
               Body&& body) {
  for (std::size_t block = first; block < last && !parallel.aborted(); ++block) {
    body(block, block * kBlock, std::min(kBlock, length - block * kBlock));
  }
}

// The parts put together by +, as a balanced tree over their places: an order of their number only. Overwrites them.
template <typename Part>
Part AddPairwise(Part* parts, std::size_t count) {
  for (std::size_t step = 1; step < count; step *= 2) {
    for (std::size_t i = 0; i + step < count; i += 2 * step) parts[i] = parts[i] + parts[i + step];
  }
  return count == 0 ? Part{} : parts[0];
}

}  // namespace allcores::kernel
