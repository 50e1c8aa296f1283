#include "kernel/sort.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "kernel/counting_sort.h"
#include "kernel/drain.h"
#include "kernel/presorted.h"
#include "kernel/sample_sort.h"
#include "kernel/sort_key.h"

namespace allcores::kernel {
namespace {

// Shorter ones are sorted without tables of all values of 16 bits.
constexpr std::size_t kCountingLength = 8192;

template <typename Item, typename Load, typename Store>
Status SortItems(const executor::Parallel& parallel, std::size_t length, const Load& load, const Store& store) {
  return SampleSort<Item, Load, Store>(parallel, length, load, store).Run();
}

// Calls body(begin, end) for parts of [0, length), all of them, aborted or not: what is begun is finished.
template <typename Body>
Status DrainRange(const executor::Parallel& parallel, std::size_t length, const Body& body) {
  constexpr std::size_t kPart = std::size_t{1} << 15;
  if (parallel.aborted()) return Status::kAborted;
  Drain(parallel, length / kPart + 1,
        [&](std::size_t part, std::size_t) { body(part * kPart, std::min(length, (part + 1) * kPart)); });
  return parallel.aborted() ? Status::kAborted : Status::kDone;
}

template <typename T>
Status Reverse(const executor::Parallel& parallel, T* data, std::size_t length) {
  return DrainRange(parallel, length / 2, [data, length](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      // By their bits, so that no NaN becomes another.
      typename SortKey<T>::Key low;
      typename SortKey<T>::Key high;
      std::memcpy(&low, data + i, sizeof(low));
      std::memcpy(&high, data + length - 1 - i, sizeof(high));
      std::memcpy(data + i, &high, sizeof(high));
      std::memcpy(data + length - 1 - i, &low, sizeof(low));
    }
  });
}

}  // namespace

Status Sort(const executor::Parallel& parallel, Call& call) {
  const View& vector = call.outputs[0];
  return VisitType(vector.dtype, [&]<typename T>() {
    using Key = typename SortKey<T>::Key;
    T* const data = vector.As<T>();
    const bool counts = sizeof(T) <= 2 && vector.length > kCountingLength;
    // Bytes are counted as fast as it is found out whether they need it.
    const bool checks = sizeof(T) != 1 || !counts;
    const auto load = [data](std::size_t i) { return SortKey<T>::Load(data + i); };
    switch (checks ? FindOrder<false>(parallel, vector.length, load) : Presorted::kNo) {
      case Presorted::kAscending:
        return parallel.aborted() ? Status::kAborted : Status::kDone;
      case Presorted::kDescending:
        // Elements with equal keys have equal bits, so nobody can see that their order is reversed too.
        return Reverse(parallel, data, vector.length);
      case Presorted::kNo:
        break;
    }
    if constexpr (sizeof(T) <= 2) {
      if (counts) return CountingSort(parallel, data, vector.length);
    }
    return SortItems<Key>(parallel, vector.length, load,
                          [data](std::size_t i, Key key) { SortKey<T>::Store(data + i, key); });
  });
}

Status ArgSort(const executor::Parallel& parallel, Call& call) {
  const View& vector = call.inputs[0];
  auto* const indices = call.outputs[0].As<std::uint32_t>();
  return VisitType(vector.dtype, [&]<typename T>() {
    const T* const data = vector.As<T>();
    const std::size_t length = vector.length;
    // Equal elements keep their order, so those that descend are reversed only if no two are equal.
    const auto order =
        FindOrder<true>(parallel, length, [data](std::size_t i) { return SortKey<T>::LoadOneNaN(data + i); });
    if (order != Presorted::kNo) {
      const bool ascending = order == Presorted::kAscending;
      return DrainRange(parallel, length, [=](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          indices[i] = static_cast<std::uint32_t>(ascending ? i : length - 1 - i);
        }
      });
    }
    if constexpr (sizeof(T) == 8) {
      return SortItems<IndexedKey>(
          parallel, length,
          [data](std::size_t i) {
            return IndexedKey{.key = SortKey<T>::LoadOneNaN(data + i), .index = static_cast<std::uint32_t>(i)};
          },
          [indices](std::size_t i, const IndexedKey& item) { indices[i] = item.index; });
    } else {
      // The index is a part of the key, so no two are equal.
      return SortItems<std::uint64_t>(
          parallel, length, [data](std::size_t i) { return std::uint64_t{SortKey<T>::LoadOneNaN(data + i)} << 32 | i; },
          [indices](std::size_t i, std::uint64_t item) { indices[i] = static_cast<std::uint32_t>(item); });
    }
  });
}

}  // namespace allcores::kernel
