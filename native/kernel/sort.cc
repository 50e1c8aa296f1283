#include "kernel/sort.h"

#include <cstddef>
#include <cstdint>

#include "kernel/counting_sort.h"
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

}  // namespace

Status Sort(const executor::Parallel& parallel, Call& call) {
  const View& vector = call.outputs[0];
  return VisitType(vector.dtype, [&]<typename T>() {
    using Key = typename SortKey<T>::Key;
    T* const data = vector.As<T>();
    const auto sort = [&] {
      return SortItems<Key>(
          parallel, vector.length, [data](std::size_t i) { return SortKey<T>::Load(data + i); },
          [data](std::size_t i, Key key) { SortKey<T>::Store(data + i, key); });
    };
    if constexpr (sizeof(T) <= 2) {
      return vector.length > kCountingLength ? CountingSort(parallel, data, vector.length) : sort();
    } else {
      return sort();
    }
  });
}

Status ArgSort(const executor::Parallel& parallel, Call& call) {
  const View& vector = call.inputs[0];
  auto* const indices = call.outputs[0].As<std::uint32_t>();
  return VisitType(vector.dtype, [&]<typename T>() {
    const T* const data = vector.As<T>();
    if constexpr (sizeof(T) == 8) {
      return SortItems<IndexedKey>(
          parallel, vector.length,
          [data](std::size_t i) {
            return IndexedKey{.key = SortKey<T>::LoadOneNaN(data + i), .index = static_cast<std::uint32_t>(i)};
          },
          [indices](std::size_t i, const IndexedKey& item) { indices[i] = item.index; });
    } else {
      // The index is a part of the key, so no two are equal.
      return SortItems<std::uint64_t>(
          parallel, vector.length,
          [data](std::size_t i) { return std::uint64_t{SortKey<T>::LoadOneNaN(data + i)} << 32 | i; },
          [indices](std::size_t i, std::uint64_t item) { indices[i] = static_cast<std::uint32_t>(item); });
    }
  });
}

}  // namespace allcores::kernel
