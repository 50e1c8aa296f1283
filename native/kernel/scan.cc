#include "kernel/scan.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>

namespace allcores::kernel {
namespace {

using executor::Parallel;

// Elements whose sums are carried from one to the next.
constexpr std::size_t kUnit = 2048;
// Units that are summed side by side, each waiting for its own additions only.
constexpr std::size_t kChains = 8;

template <typename T>
constexpr bool kFloat = std::is_floating_point_v<T>;

// What elements are summed in: integers without a sign, so that they wrap around.
template <typename T>
struct SumOf {
  using Type = std::make_unsigned_t<T>;
};
template <>
struct SumOf<float> {
  using Type = double;
};
template <>
struct SumOf<double> {
  using Type = double;
};
template <typename T>
using SumType = typename SumOf<T>::Type;

// Calls step(chain, place) for the elements of kChains units. Both passes add in the same order, so that what the first
// one finds for a unit is the last sum of the second one.
template <typename Step>
void EachOfChains(Step step) {
  for (std::size_t i = 0; i < kUnit; ++i) {
    for (std::size_t k = 0; k < kChains; ++k) step(k, k * kUnit + i);
  }
}

template <typename T>
SumType<T> UnitTotal(const T* data, std::size_t count) {
  SumType<T> sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum = static_cast<SumType<T>>(sum + static_cast<SumType<T>>(data[i]));
  return sum;
}

template <typename T>
void ScanUnit(const T* in, T* out, std::size_t count, SumType<T> offset) {
  SumType<T> sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum = static_cast<SumType<T>>(sum + static_cast<SumType<T>>(in[i]));
    out[i] = static_cast<T>(offset + sum);
  }
}

template <typename T>
void ChainTotals(const T* data, SumType<T>* totals) {
  SumType<T> sums[kChains] = {};
  EachOfChains([&](std::size_t k, std::size_t i) { sums[k] += static_cast<SumType<T>>(data[i]); });
  for (std::size_t k = 0; k < kChains; ++k) totals[k] = sums[k];
}

template <typename T>
void ScanChains(const T* in, T* out, const SumType<T>* given) {
  SumType<T> sums[kChains] = {};
  SumType<T> offsets[kChains];
  for (std::size_t k = 0; k < kChains; ++k) offsets[k] = given[k];
  EachOfChains([&](std::size_t k, std::size_t i) {
    sums[k] += static_cast<SumType<T>>(in[i]);
    out[i] = static_cast<T>(offsets[k] + sums[k]);
  });
}

// Calls many(unit, begin) for kChains full units, one(unit, begin, count) for others. Integers need no chains:
// compilers vectorize their totals.
template <typename T, typename Many, typename One>
void EachUnit(const Parallel& parallel, std::size_t length, Many many, One one) {
  const std::size_t units = length / kUnit + (length % kUnit != 0 ? 1 : 0);
  const std::size_t groups = units / kChains + (units % kChains != 0 ? 1 : 0);
  parallel.For(groups, 16 / sizeof(T), [&](std::size_t first, std::size_t last) {
    for (std::size_t group = first; group < last && !parallel.aborted(); ++group) {
      std::size_t unit = group * kChains;
      if (kFloat<T> && unit * kUnit + kChains * kUnit <= length) {
        many(unit, unit * kUnit);
        continue;
      }
      for (const std::size_t end = std::min(units, unit + kChains); unit < end; ++unit) {
        one(unit, unit * kUnit, std::min(kUnit, length - unit * kUnit));
      }
    }
  });
}

template <typename T>
Status Scan(const Parallel& parallel, const T* in, T* out, std::size_t length) {
  const std::size_t units = length / kUnit + (length % kUnit != 0 ? 1 : 0);
  // Of each unit its total, and then the sum of those before it.
  const std::unique_ptr<SumType<T>[]> offsets(new (std::nothrow) SumType<T>[units]);
  if (offsets == nullptr) return Status::kNoMemory;
  if (units > 1) {
    EachUnit<T>(
        parallel, length, [&](std::size_t unit, std::size_t begin) { ChainTotals(in + begin, &offsets[unit]); },
        [&](std::size_t unit, std::size_t begin, std::size_t count) { offsets[unit] = UnitTotal(in + begin, count); });
    if (parallel.aborted()) return Status::kAborted;
  }
  SumType<T> before = 0;
  for (std::size_t unit = 0; unit < units; ++unit) {
    const SumType<T> total = offsets[unit];
    offsets[unit] = before;
    before = static_cast<SumType<T>>(before + total);
  }
  EachUnit<T>(
      parallel, length,
      [&](std::size_t unit, std::size_t begin) { ScanChains(in + begin, out + begin, &offsets[unit]); },
      [&](std::size_t unit, std::size_t begin, std::size_t count) {
        ScanUnit(in + begin, out + begin, count, offsets[unit]);
      });
  return parallel.aborted() ? Status::kAborted : Status::kDone;
}

}  // namespace

Status PrefixSum(const Parallel& parallel, Call& call) {
  const View& input = call.inputs[0];
  const View& output = call.outputs[0];
  return VisitType(input.dtype,
                   [&]<typename T>() { return Scan<T>(parallel, input.As<T>(), output.As<T>(), input.length); });
}

}  // namespace allcores::kernel
