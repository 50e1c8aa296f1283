#include "kernel/reduce.h"

#include <atomic>

#include "kernel/block_sums.h"

namespace allcores::kernel {
namespace {

using executor::Parallel;

// What elements are multiplied in; only products of 64 bits may wrap around.
template <typename T>
using Product = std::conditional_t<
    kFloat<T>, double,
    std::conditional_t<sizeof(T) <= 2, BySign<T, std::int32_t, std::uint32_t>,
                       std::conditional_t<sizeof(T) == 4, BySign<T, std::int64_t, std::uint64_t>, std::uint64_t>>>;

template <typename T>
using ProductLane = std::conditional_t<kFloat<T> || sizeof(T) == 1, Product<T>, std::uint64_t>;

// Sums parts modulo 2^64.
template <typename T, typename OfBlock>
Status ReduceModulo(const Parallel& parallel, std::size_t length, OfBlock of_block, Scalar* result) {
  std::atomic<std::uint64_t> total{0};
  parallel.For(BlockCount(length), kBlockGrain<T>, [&](std::size_t first, std::size_t last) {
    std::uint64_t part = 0;
    EachBlock(parallel, length, first, last,
              [&](std::size_t, std::size_t begin, std::size_t count) { part += of_block(begin, count); });
    // Relaxed: the end of the loop publishes it.
    total.fetch_add(part, std::memory_order_relaxed);
  });
  if (parallel.aborted()) return Status::kAborted;
  const std::uint64_t sum = total.load(std::memory_order_relaxed);
  *result = std::is_signed_v<T> ? Scalar::Int(static_cast<std::int64_t>(sum)) : Scalar::Uint(sum);
  return Status::kDone;
}

template <typename T, typename OfBlock>
Status Reduce(const Parallel& parallel, std::size_t length, OfBlock of_block, Scalar* result) {
  if constexpr (kFloat<T>) {
    double sum = 0;
    const Status status = ReduceInOrder<T>(parallel, length, of_block, &sum);
    if (status == Status::kDone) *result = Scalar::Float(sum);
    return status;
  } else {
    return ReduceModulo<T>(parallel, length, of_block, result);
  }
}

}  // namespace

Status Sum(const Parallel& parallel, Call& call) {
  const View& view = call.inputs[0];
  return VisitType(view.dtype, [&]<typename T>() {
    const T* data = view.As<T>();
    return Reduce<T>(
        parallel, view.length, [data](std::size_t begin, std::size_t count) { return SumOfBlock(data + begin, count); },
        &call.results[0]);
  });
}

Status Dot(const Parallel& parallel, Call& call) {
  const View& view = call.inputs[0];
  return VisitType(view.dtype, [&]<typename T>() {
    const T* a = view.As<T>();
    const T* b = call.inputs[1].As<T>();
    return Reduce<T>(
        parallel, view.length,
        [a, b](std::size_t begin, std::size_t count) {
          return SumTerms<ProductLane<T>>(count, [p = a + begin, q = b + begin](std::size_t i) {
            const auto product = static_cast<Product<T>>(p[i]) * static_cast<Product<T>>(q[i]);
            return static_cast<ProductLane<T>>(product);
          });
        },
        &call.results[0]);
  });
}

}  // namespace allcores::kernel
