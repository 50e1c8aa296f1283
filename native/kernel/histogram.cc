#include "kernel/histogram.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <new>

namespace allcores::kernel {
namespace {

using executor::Parallel;

// Elements that are worth a claim of a loop, and between looks at whether it is aborted.
constexpr std::size_t kGrain = 1 << 14;
// Parts for each thread: some may be late.
constexpr std::size_t kPartsPerThread = 4;
// Between the counts of two parts: 128 bytes at least, so that no line is written by two threads.
constexpr std::size_t kGap = 32;

// Which bin a value belongs to.
class Bins {
 public:
  Bins(double low, double high, std::size_t count)
      : low_(low),
        high_(high),
        count_(count),
        scale_(static_cast<double>(count) / (high - low)),
        edges_(new(std::nothrow) double[count + 1]) {
    if (edges_ == nullptr) return;
    const auto bins = static_cast<double>(count);
    const bool fits = std::isfinite((high - low) * bins);
    for (std::size_t i = 0; i < count; ++i) {
      const auto place = static_cast<double>(i);
      const double edge =
          fits ? low + place * (high - low) / bins : 2 * (low / 2 + place * ((high / bins - low / bins) / 2));
      edges_[i] = std::min(edge, high);
    }
    edges_[count] = high;
  }

  [[nodiscard]] bool valid() const { return edges_ != nullptr; }
  [[nodiscard]] bool Has(double value) const { return value >= low_ && value <= high_; }

  // Of a value that it has. The guess is off by rounding at most, except where edges are too near to each other, or too
  // far apart, for doubles: then they are searched.
  [[nodiscard]] std::size_t Find(double value) const {
    const double guess = (value - low_) * scale_;
    // Not a number where the scale is 0 or infinite.
    std::size_t bin =
        guess < static_cast<double>(count_) ? static_cast<std::size_t>(static_cast<std::int64_t>(guess)) : count_ - 1;
    bin -= value < edges_[bin] ? 1 : 0;  // edge 0 is low
    bin += value >= edges_[bin + 1] && bin + 1 < count_ ? 1 : 0;
    const bool enclosed = value >= edges_[bin] && (value < edges_[bin + 1] || bin + 1 == count_);
    return enclosed ? bin : Search(value);
  }

 private:
  [[nodiscard]] std::size_t Search(double value) const {
    const double* above = std::upper_bound(edges_.get(), edges_.get() + count_, value);
    return static_cast<std::size_t>(above - edges_.get()) - 1;
  }

  const double low_;
  const double high_;
  const std::size_t count_;
  const double scale_;
  const std::unique_ptr<double[]> edges_;
};

template <typename T, typename Count>
void CountSome(const Bins& bins, const T* data, std::size_t count, Count* counts) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<double>(data[i]);
    if (bins.Has(value)) ++counts[bins.Find(value)];
  }
}

// Parts of the same length, whoever takes them, each with counts of its own, which are added at the end.
template <typename T, typename Count>
Status CountAll(const Parallel& parallel, const View& input, const View& output, double low, double high) {
  const T* data = input.As<T>();
  auto* total = output.As<Count>();
  const Bins bins(low, high, output.length);
  if (!bins.valid()) return Status::kNoMemory;
  // Counts of few elements would cost more than they save.
  const std::size_t worth = input.length / std::max(kGrain, 4 * output.length);
  const std::size_t parts = std::clamp<std::size_t>(worth, 1, kPartsPerThread * parallel.width());
  const std::size_t stride = output.length + kGap;
  const std::unique_ptr<Count[]> counts(new (std::nothrow) Count[parts * stride]);
  if (counts == nullptr) return Status::kNoMemory;
  const std::size_t share = input.length / parts;
  parallel.For(parts, 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t part = first; part < last; ++part) {
      Count* own = counts.get() + part * stride;
      std::fill_n(own, output.length, Count{0});
      const std::size_t end = part + 1 == parts ? input.length : (part + 1) * share;
      for (std::size_t i = part * share; i < end && !parallel.aborted(); i += kGrain) {
        CountSome(bins, data + i, std::min(kGrain, end - i), own);
      }
    }
  });
  if (parallel.aborted()) return Status::kAborted;
  parallel.For(output.length, kGrain, [&](std::size_t first, std::size_t last) {
    std::copy(counts.get() + first, counts.get() + last, total + first);
    for (std::size_t part = 1; part < parts; ++part) {
      const Count* own = counts.get() + part * stride;
      for (std::size_t i = first; i < last; ++i) total[i] += own[i];
    }
  });
  return parallel.aborted() ? Status::kAborted : Status::kDone;
}

}  // namespace

Status Histogram(const Parallel& parallel, Call& call) {
  const View& input = call.inputs[0];
  const View& output = call.outputs[0];
  const auto low = call.arguments[0].To<double>();
  const auto high = call.arguments[1].To<double>();
  return VisitType(input.dtype, [&]<typename T>() {
    return output.dtype == DType::kUint32 ? CountAll<T, std::uint32_t>(parallel, input, output, low, high)
                                          : CountAll<T, std::uint64_t>(parallel, input, output, low, high);
  });
}

}  // namespace allcores::kernel
