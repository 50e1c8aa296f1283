#include "kernel/extremes.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <mutex>
#include <type_traits>

#include "kernel/blocks.h"

namespace allcores::kernel {
namespace {

using executor::Parallel;

enum class Which { kLeast, kGreatest };

template <typename T>
constexpr bool kFloat = std::is_floating_point_v<T>;

// Accumulators of one loop: four registers of 128 bits.
template <typename T>
constexpr std::size_t kLanes = 64 / sizeof(T);

// The greatest is found as the least of what is in the opposite order. Its own inverse.
template <Which kWhich, typename T>
T Key(T value) {
  if constexpr (kWhich == Which::kLeast) {
    return value;
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(~value);
  } else {
    return -value;
  }
}

// NaN if one of them is, and -0 of zeros of both signs: where neither is less the two choices differ, and the bits of
// both together make a NaN of a NaN and anything, and -0 of both zeros. No branch, and no call.
template <typename T>
T Lesser(T a, T b) {
  if constexpr (kFloat<T>) {
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    return std::bit_cast<T>(std::bit_cast<Bits>(a < b ? a : b) | std::bit_cast<Bits>(b < a ? b : a));
  } else {
    return a < b ? a : b;
  }
}

// Takes the keys of whole rows of elements into the lanes.
template <Which kWhich, typename T>
void TakeRows(const T* data, std::size_t count, T* lanes) {
  T local[kLanes<T>];  // what nothing points to is kept in registers
  std::copy_n(lanes, kLanes<T>, local);
  for (std::size_t i = 0; i < count; i += kLanes<T>) {
    for (std::size_t k = 0; k < kLanes<T>; ++k) local[k] = Lesser(local[k], Key<kWhich>(data[i + k]));
  }
  std::copy_n(local, kLanes<T>, lanes);
}

#if defined(__GNUC__)
// The same by vectors of the compiler, on all processors: GCC does not vectorize comparisons of floats by itself.
template <Which kWhich, typename T>
  requires kFloat<T>
void TakeRows(const T* data, std::size_t count, T* lanes) {
  using Bits [[gnu::vector_size(16)]] = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  using Pack [[gnu::vector_size(16)]] = T;
  constexpr std::size_t kInPack = sizeof(Pack) / sizeof(T);
  constexpr std::size_t kPacks = kLanes<T> / kInPack;
  Pack packs[kPacks];
  std::memcpy(packs, lanes, sizeof(packs));
  for (std::size_t i = 0; i < count; i += kLanes<T>) {
    for (std::size_t k = 0; k < kPacks; ++k) {
      Pack a;
      std::memcpy(&a, data + i + k * kInPack, sizeof(a));  // which need not be aligned
      a = Key<kWhich>(a);
      const Pack b = packs[k];
      packs[k] = reinterpret_cast<Pack>(reinterpret_cast<Bits>(a < b ? a : b) | reinterpret_cast<Bits>(b < a ? b : a));
    }
  }
  std::memcpy(lanes, packs, sizeof(packs));
}
#endif

// The least key of a block, which is not empty.
template <Which kWhich, typename T>
T LeastOfBlock(const T* data, std::size_t count) {
  const std::size_t whole = count - count % kLanes<T>;
  T lanes[kLanes<T>];
  std::fill_n(lanes, kLanes<T>, Key<kWhich>(data[0]));
  TakeRows<kWhich>(data, whole, lanes);
  T least = lanes[0];
  for (std::size_t k = 1; k < kLanes<T>; ++k) least = Lesser(least, lanes[k]);
  for (std::size_t i = whole; i < count; ++i) least = Lesser(least, Key<kWhich>(data[i]));
  return least;
}

// The least key of some blocks, and the first of those that have it.
template <typename T>
struct Extreme {
  static constexpr std::size_t kNowhere = ~std::size_t{0};

  T key = {};
  std::size_t block = kNowhere;

  // In any order.
  void Add(const Extreme& other) {
    if (other.block == kNowhere) return;
    if (block == kNowhere) {
      *this = other;
      return;
    }
    const bool nan = key != key;
    const bool other_nan = other.key != other.key;
    if ((other_nan && !nan) || other.key < key) {
      block = other.block;
    } else if ((other_nan && nan) || other.key == key) {
      block = std::min(block, other.block);
    }
    key = Lesser(key, other.key);
  }
};

template <Which kWhich, typename T>
Extreme<T> Find(const Parallel& parallel, const T* data, std::size_t length) {
  std::mutex mutex;
  Extreme<T> total;
  parallel.For(BlockCount(length), kBlockGrain<T>, [&](std::size_t first, std::size_t last) {
    Extreme<T> part;
    EachBlock(parallel, length, first, last, [&](std::size_t block, std::size_t begin, std::size_t count) {
      part.Add({.key = LeastOfBlock<kWhich>(data + begin, count), .block = block});
    });
    const std::lock_guard lock(mutex);
    total.Add(part);
  });
  return total;
}

template <Which kWhich>
Status Value(const Parallel& parallel, Call& call) {
  const View& view = call.inputs[0];
  return VisitType(view.dtype, [&]<typename T>() {
    const Extreme<T> found = Find<kWhich>(parallel, view.As<T>(), view.length);
    if (parallel.aborted()) return Status::kAborted;
    if (view.length == 0) return Status::kDone;
    // One NaN for all: which bits come together depends on the order of the parts.
    const bool nan = found.key != found.key;
    call.results[0] = Scalar::Of(nan ? std::numeric_limits<T>::quiet_NaN() : Key<kWhich>(found.key));
    return Status::kDone;
  });
}

template <Which kWhich>
Status Index(const Parallel& parallel, Call& call) {
  const View& view = call.inputs[0];
  return VisitType(view.dtype, [&]<typename T>() {
    const T* data = view.As<T>();
    const Extreme<T> found = Find<kWhich>(parallel, data, view.length);
    if (parallel.aborted()) return Status::kAborted;
    if (view.length == 0) return Status::kDone;
    const T value = Key<kWhich>(found.key);
    const T* begin = data + found.block * kBlock;
    const T* end = begin + std::min(kBlock, view.length - found.block * kBlock);
    const T* place =
        std::find_if(begin, end, [=](T each) { return each == value || (each != each && value != value); });
    // At the end only if the vector has been changed meanwhile.
    call.results[0] = Scalar::Uint(static_cast<std::uint64_t>((place == end ? begin : place) - data));
    return Status::kDone;
  });
}

}  // namespace

Status Min(const Parallel& parallel, Call& call) { return Value<Which::kLeast>(parallel, call); }

Status Max(const Parallel& parallel, Call& call) { return Value<Which::kGreatest>(parallel, call); }

Status ArgMin(const Parallel& parallel, Call& call) { return Index<Which::kLeast>(parallel, call); }

Status ArgMax(const Parallel& parallel, Call& call) { return Index<Which::kGreatest>(parallel, call); }

}  // namespace allcores::kernel
