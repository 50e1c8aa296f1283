#include "kernel/compare.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "kernel/threshold.h"

namespace allcores::kernel {
namespace {

constexpr std::size_t kGrain = 16'384;
// Of Filter: fixed, so each element has the same place on any number of threads.
constexpr std::size_t kBlock = 16'384;
// Elements counted in lanes as wide as they are: fewer than a lane of 8 bits can hold.
constexpr std::size_t kChunk = 128;

Status End(const executor::Parallel& parallel) { return parallel.aborted() ? Status::kAborted : Status::kDone; }

// Calls visit with the relation.
template <typename T, typename Visit>
void VisitRelation(CompareOp op, Visit&& visit) {
  switch (op) {
    case CompareOp::kLess:
      return visit(std::less<T>());
    case CompareOp::kLessEqual:
      return visit(std::less_equal<T>());
    case CompareOp::kGreater:
      return visit(std::greater<T>());
    case CompareOp::kGreaterEqual:
      return visit(std::greater_equal<T>());
    case CompareOp::kEqual:
      return visit(std::equal_to<T>());
    case CompareOp::kNotEqual:
      return visit(std::not_equal_to<T>());
  }
}

template <typename T>
void CompareVectors(const executor::Parallel& parallel, const Call& call, CompareOp op) {
  const T* x = call.inputs[0].As<T>();
  const T* y = call.inputs[1].As<T>();
  auto* out = call.outputs[0].As<std::uint8_t>();
  VisitRelation<T>(op, [&](auto relation) {
    parallel.For(call.inputs[0].length, kGrain, [=](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) out[i] = static_cast<std::uint8_t>(relation(x[i], y[i]));
    });
  });
}

template <typename T>
void CompareNumber(const executor::Parallel& parallel, const Call& call, const Threshold<T>& threshold) {
  using Kind = typename Threshold<T>::Kind;
  const T* x = call.inputs[0].As<T>();
  auto* out = call.outputs[0].As<std::uint8_t>();
  const std::size_t length = call.inputs[0].length;
  if (threshold.kind != Kind::kCompare) {
    const std::uint8_t answer = threshold.kind == Kind::kAlways ? 1 : 0;
    parallel.For(length, kGrain,
                 [=](std::size_t begin, std::size_t end) { std::fill(out + begin, out + end, answer); });
    return;
  }
  const T number = threshold.number;
  VisitRelation<T>(threshold.op, [&](auto relation) {
    parallel.For(length, kGrain, [=](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) out[i] = static_cast<std::uint8_t>(relation(x[i], number));
    });
  });
}

template <typename T>
std::size_t CountPart(const T* data, std::size_t length) {
  using Lane = std::conditional_t<sizeof(T) == 1, std::uint8_t,
                                  std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                                     std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
  std::size_t total = 0;
  std::size_t at = 0;
  for (; length - at >= kChunk; at += kChunk) {
    Lane count = 0;
    for (std::size_t i = 0; i < kChunk; ++i) count = static_cast<Lane>(count + (data[at + i] != T{0} ? 1 : 0));
    total += count;
  }
  for (; at < length; ++at) total += data[at] != T{0} ? 1 : 0;
  return total;
}

// Of one block, at most `room` elements: as many as were counted, or as there is room for.
template <typename T>
void FilterBlock(const T* data, const std::uint8_t* mask, std::size_t length, T* out, std::size_t room) {
  if (room == length) {
    std::copy_n(data, length, out);
    return;
  }
  // Without a branch for each element: what is not selected is overwritten by the next one, or stopped by `room`.
  for (std::size_t i = 0, to = 0; i < length && to < room; ++i) {
    out[to] = data[i];
    to += mask[i] != 0 ? 1 : 0;
  }
}

}  // namespace

Status Compare(const executor::Parallel& parallel, Call& call) {
  const auto op = static_cast<CompareOp>(call.arguments[0].as_uint);
  VisitType(call.inputs[0].dtype, [&]<typename T>() {
    if (call.inputs.size() == 2) {
      CompareVectors<T>(parallel, call, op);
    } else {
      CompareNumber<T>(parallel, call, Threshold<T>::Of(op, call.arguments[1]));
    }
  });
  return End(parallel);
}

Status Count(const executor::Parallel& parallel, Call& call) {
  std::atomic<std::uint64_t> total{0};
  VisitType(call.inputs[0].dtype, [&]<typename T>() {
    const T* data = call.inputs[0].As<T>();
    parallel.For(call.inputs[0].length, kGrain, [&](std::size_t begin, std::size_t end) {
      // Relaxed: a sum, which the end of the loop publishes.
      total.fetch_add(CountPart(data + begin, end - begin), std::memory_order_relaxed);
    });
  });
  call.results[0] = Scalar::Uint(total.load(std::memory_order_relaxed));
  return End(parallel);
}

Status Filter(const executor::Parallel& parallel, Call& call) {
  const std::size_t length = call.inputs[1].length;
  const std::uint8_t* mask = call.inputs[1].As<std::uint8_t>();
  const std::size_t blocks = (length + kBlock - 1) / kBlock;
  // One more: counts first, then the place of each block's first element, and of the end.
  const std::unique_ptr<std::uint64_t[]> places(new (std::nothrow) std::uint64_t[blocks + 1]());
  if (places == nullptr) return Status::kNoMemory;
  parallel.For(blocks, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t block = begin; block < end; ++block) {
      const std::size_t at = block * kBlock;
      places[block] = CountPart(mask + at, std::min(kBlock, length - at));
    }
  });
  if (parallel.aborted()) return Status::kAborted;
  std::uint64_t total = 0;
  for (std::size_t block = 0; block <= blocks; ++block) total += std::exchange(places[block], total);
  call.results[0] = Scalar::Uint(total);
  if (call.outputs.empty()) return Status::kDone;
  const std::size_t space = call.outputs[0].length;
  VisitType(call.inputs[0].dtype, [&]<typename T>() {
    const T* data = call.inputs[0].As<T>();
    T* out = call.outputs[0].As<T>();
    parallel.For(blocks, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t block = begin; block < end && places[block] < space; ++block) {
        const std::size_t at = block * kBlock;
        const std::size_t room = std::min<std::size_t>(places[block + 1], space) - places[block];
        FilterBlock(data + at, mask + at, std::min(kBlock, length - at), out + places[block], room);
      }
    });
  });
  return End(parallel);
}

}  // namespace allcores::kernel
