#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

#include "executor/parallel.h"
#include "kernel/call.h"
#include "kernel/drain.h"
#include "kernel/sort_key.h"

namespace allcores::kernel {

// Sorts elements of 8 or 16 bits in place by counting each value. Each element is read once and counted once, so the
// counts add up to the length even if elements change meanwhile. Aborted before it writes it has changed nothing;
// once it writes it finishes.
template <typename T>
Status CountingSort(const executor::Parallel& parallel, T* data, std::size_t length) {
  using Key = typename SortKey<T>::Key;
  constexpr std::size_t kValues = std::size_t{1} << (8 * sizeof(T));
  constexpr std::size_t kMinPart = std::size_t{1} << 18;
  constexpr std::size_t kMaxParts = 16;
  constexpr std::size_t kBlock = std::size_t{1} << 16;
  if (length == 0) return Status::kDone;
  const std::size_t parts = std::clamp<std::size_t>(length / kMinPart, 1, kMaxParts);
  const std::size_t part_length = (length - 1) / parts + 1;
  const std::unique_ptr<std::size_t[]> counts(new (std::nothrow) std::size_t[parts * kValues]);
  const std::unique_ptr<std::size_t[]> ends(new (std::nothrow) std::size_t[kValues]);
  if (!counts || !ends) return Status::kNoMemory;

  parallel.For(parts, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      std::size_t* const mine = counts.get() + part * kValues;
      std::fill_n(mine, kValues, 0);
      const std::size_t last = std::min(length, (part + 1) * part_length);
      for (std::size_t i = std::min(length, part * part_length); i < last; ++i) ++mine[SortKey<T>::Load(data + i)];
    }
  });
  if (parallel.aborted()) return Status::kAborted;
  std::size_t before = 0;
  for (std::size_t value = 0; value < kValues; ++value) {
    for (std::size_t part = 0; part < parts; ++part) before += counts[part * kValues + value];
    ends[value] = before;
  }
  // By place and not by value: then parts are of one length however often a value occurs.
  Drain(parallel, (length - 1) / kBlock + 1, [&](std::size_t block, std::size_t) {
    std::size_t at = block * kBlock;
    const std::size_t last = std::min(length, at + kBlock);
    std::size_t value = static_cast<std::size_t>(std::upper_bound(ends.get(), ends.get() + kValues, at) - ends.get());
    for (; at < last; ++value) {
      T element;
      SortKey<T>::Store(&element, static_cast<Key>(value));
      const std::size_t end = std::min(last, ends[value]);
      if (at < end) std::fill(data + at, data + end, element);
      at = std::max(at, end);
    }
  });
  return parallel.aborted() ? Status::kAborted : Status::kDone;
}

}  // namespace allcores::kernel
