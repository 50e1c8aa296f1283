#include "kernel/moments.h"

#include <bit>
#include <cmath>
#include <limits>
#include <mutex>

#include "kernel/block_sums.h"
#include "kernel/wide_sum.h"

namespace allcores::kernel {
namespace {

using executor::Parallel;

// Exact. Halves of 64 bits are summed apart, as numbers without a sign: 2^63 more each, if they have one.
template <typename T>
void AddBlock(const T* data, std::size_t count, WideSum* sum) {
  if constexpr (sizeof(T) < 8) {
    sum->Add(static_cast<std::int64_t>(SumOfBlock(data, count)));
  } else {
    constexpr std::uint64_t kBias = std::is_signed_v<T> ? std::uint64_t{1} << 63 : 0;
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t value = static_cast<std::uint64_t>(data[i]) ^ kBias;
      low += value & 0xffff'ffff;
      high += value >> 32;
    }
    sum->Add(static_cast<std::int64_t>(low));
    sum->AddHigh(high);
    if constexpr (kBias != 0) sum->SubtractTop(count);
  }
}

template <typename T>
Status MeanOf(const Parallel& parallel, const T* data, std::size_t length, double* mean) {
  if (length == 0) {
    *mean = std::numeric_limits<double>::quiet_NaN();
    return Status::kDone;
  }
  if constexpr (kFloat<T>) {
    const Status status = ReduceInOrder<T>(
        parallel, length, [data](std::size_t begin, std::size_t count) { return SumOfBlock(data + begin, count); },
        mean);
    if (status != Status::kDone) return status;
    *mean /= static_cast<double>(length);
  } else {
    std::mutex mutex;
    WideSum total;
    parallel.For(BlockCount(length), kBlockGrain<T>, [&](std::size_t first, std::size_t last) {
      WideSum part;
      EachBlock(parallel, length, first, last,
                [&](std::size_t, std::size_t begin, std::size_t count) { AddBlock(data + begin, count, &part); });
      const std::lock_guard lock(mutex);
      total.Add(part);
    });
    if (parallel.aborted()) return Status::kAborted;
    *mean = total.ToDouble() / static_cast<double>(length);
  }
  return Status::kDone;
}

struct Moments {
  double sum = 0;
  double squares = 0;

  Moments operator+(const Moments& other) const { return {sum + other.sum, squares + other.squares}; }
};

// What deviations are measured from: the mean, or an integer next to it.
template <typename T>
auto PivotOf(double mean) {
  if constexpr (kFloat<T> || sizeof(T) < 8) {
    return mean;
  } else {
    // One more than the greatest value is a double; a mean may be rounded to it.
    constexpr double kAbove = std::is_signed_v<T> ? 0x1p63 : 0x1p64;
    return mean < kAbove ? static_cast<T>(mean) : std::numeric_limits<T>::max();
  }
}

template <typename T, typename Pivot>
double Deviation(T value, Pivot pivot) {
  if constexpr (kFloat<Pivot>) {
    return static_cast<double>(value) - pivot;
  } else {
    const std::uint64_t up = static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(pivot);
    // Without a branch on the sign, which cannot be predicted.
    const std::uint64_t minus = value < pivot ? 1 : 0;
    const auto magnitude = static_cast<double>((up ^ (0 - minus)) + minus);
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(magnitude) | minus << 63);
  }
}

// Two loops over a block, which is in the cache by the second: compilers vectorize each, but not both in one.
template <typename T, typename Pivot>
Moments MomentsOfBlock(const T* data, std::size_t count, Pivot pivot) {
  return {.sum = SumTerms<double>(count, [=](std::size_t i) { return Deviation(data[i], pivot); }),
          .squares = SumTerms<double>(count, [=](std::size_t i) {
            const double deviation = Deviation(data[i], pivot);
            return deviation * deviation;
          })};
}

}  // namespace

Status Mean(const Parallel& parallel, Call& call) {
  const View& view = call.inputs[0];
  double mean = 0;
  const Status status =
      VisitType(view.dtype, [&]<typename T>() { return MeanOf(parallel, view.As<T>(), view.length, &mean); });
  if (status != Status::kDone) return status;
  if (parallel.aborted()) return Status::kAborted;
  call.results[0] = Scalar::Float(mean);
  return Status::kDone;
}

Status Variance(const Parallel& parallel, Call& call) {
  const View& view = call.inputs[0];
  const auto missing = call.arguments[0].To<std::uint64_t>();
  double variance = std::numeric_limits<double>::quiet_NaN();
  const Status status = VisitType(view.dtype, [&]<typename T>() {
    if (view.length <= missing) return Status::kDone;
    const T* data = view.As<T>();
    double mean = 0;
    const Status first = MeanOf(parallel, data, view.length, &mean);
    if (first != Status::kDone || !std::isfinite(mean)) return first;
    Moments moments;
    const auto pivot = PivotOf<T>(mean);
    const Status second = ReduceInOrder<T>(
        parallel, view.length,
        [=](std::size_t begin, std::size_t count) { return MomentsOfBlock(data + begin, count, pivot); }, &moments);
    if (second != Status::kDone) return second;
    const double squares = moments.squares - moments.sum * moments.sum / static_cast<double>(view.length);
    variance = (squares < 0 ? 0 : squares) / static_cast<double>(view.length - missing);
    return Status::kDone;
  });
  if (status != Status::kDone) return status;
  if (parallel.aborted()) return Status::kAborted;
  call.results[0] = Scalar::Float(variance);
  return Status::kDone;
}

}  // namespace allcores::kernel
