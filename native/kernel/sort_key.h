#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

namespace allcores::kernel {

template <std::size_t kBytes>
struct UnsignedOfSize;
template <>
struct UnsignedOfSize<1> {
  using Type = std::uint8_t;
};
template <>
struct UnsignedOfSize<2> {
  using Type = std::uint16_t;
};
template <>
struct UnsignedOfSize<4> {
  using Type = std::uint32_t;
};
template <>
struct UnsignedOfSize<8> {
  using Type = std::uint64_t;
};

// Elements of type T as unsigned integers of the same size, in the order of T: a bijection of their bits. Floats: those
// below 0 upwards, -0, +0, those above 0, NaN with a clear sign, NaN with a set one.
template <typename T>
struct SortKey {
  using Key = typename UnsignedOfSize<sizeof(T)>::Type;

  static constexpr Key kSign = static_cast<Key>(Key{1} << (8 * sizeof(T) - 1));
  // All bits of the significand: what is left of -Infinity when all bits are flipped.
  static constexpr Key kSignificand =
      std::is_floating_point_v<T> ? static_cast<Key>((Key{1} << (std::numeric_limits<T>::digits - 1)) - 1) : Key{0};
  // Of +Infinity. Keys above it are those of NaNs.
  static constexpr Key kInfinity = static_cast<Key>(~kSignificand - kSignificand);

  // Reads the bits, so that no NaN becomes another.
  static Key Load(const T* element) {
    Key bits;
    std::memcpy(&bits, element, sizeof(bits));
    if constexpr (std::is_floating_point_v<T>) {
      const Key flip = static_cast<Key>(Key{0} - (bits >> (8 * sizeof(T) - 1))) | kSign;
      // The flip puts NaNs with a set sign below -Infinity. The subtraction wraps them around to the end.
      return (bits ^ flip) - kSignificand;
    } else if constexpr (std::is_signed_v<T>) {
      return bits ^ kSign;
    } else {
      return bits;
    }
  }

  // All NaNs as one.
  static Key LoadOneNaN(const T* element) {
    const Key key = Load(element);
    if constexpr (std::is_floating_point_v<T>) return std::min<Key>(key, kInfinity + 1);
    return key;
  }

  static void Store(T* element, Key key) {
    Key bits = key;
    if constexpr (std::is_floating_point_v<T>) {
      const Key flipped = key + kSignificand;
      bits = flipped ^ (static_cast<Key>((flipped >> (8 * sizeof(T) - 1)) - 1) | kSign);
    } else if constexpr (std::is_signed_v<T>) {
      bits = key ^ kSign;
    }
    std::memcpy(element, &bits, sizeof(bits));
  }
};

// What sorting moves about: a key alone, or with the index that it comes from.
struct IndexedKey {
  std::uint64_t key;
  std::uint32_t index;
};

template <typename Key>
Key KeyOf(Key item) {
  return item;
}
inline std::uint64_t KeyOf(const IndexedKey& item) { return item.key; }

template <typename Item>
using KeyOfItem = decltype(KeyOf(std::declval<Item>()));

}  // namespace allcores::kernel
