#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/cache_line.h"
#include "base/schedule_point.h"

namespace allcores::executor {

// A loop over [0, length) that several threads share: each index is claimed once.
//
// Scheme: guided self-scheduling (Polychronopoulos and Kuck, 1987). A claim takes a part of what is left, so parts get
// smaller towards the end and threads finish together, whatever an index costs. About 2 · width · ln(length / (grain ·
// width)) claims in all, each one compare-and-swap.
class RangeLoop {
 public:
  using Body = void (*)(void* context, std::size_t begin, std::size_t end);

  // Before anybody else sees it. `grain`: the shortest part that is worth a claim; the last one may be shorter.
  void Begin(std::size_t length, std::size_t grain, std::uint32_t width, Body body, void* context,
             const std::atomic<std::uint32_t>* abort) {
    length_ = length;
    grain_ = std::max<std::size_t>(grain, 1);
    width_ = std::max(width, 1U);
    body_ = body;
    context_ = context;
    abort_ = abort;
    next_.store(0, std::memory_order_relaxed);  // relaxed: whoever shows it to others publishes it
  }

  // Runs parts until there are none left, or the loop is aborted.
  void Work() {
    std::size_t begin = 0;
    std::size_t end = 0;
    while (Claim(&begin, &end)) body_(context_, begin, end);
  }

 private:
  bool Claim(std::size_t* begin, std::size_t* end) {
    // Relaxed: a stop that is seen a part later is as good.
    if (abort_ != nullptr && abort_->load(std::memory_order_relaxed) != 0) return false;
    // Relaxed, here and below: claims hand out numbers. What the parts write is published by those who leave the loop.
    std::size_t seen = next_.load(std::memory_order_relaxed);
    for (;;) {
      const std::size_t left = length_ - seen;
      if (left == 0) return false;
      const std::size_t part = std::min(left, std::max(grain_, left / (2 * std::size_t{width_})));
      ALLCORES_SCHEDULE_POINT();
      if (!next_.compare_exchange_weak(seen, seen + part, std::memory_order_relaxed)) continue;
      *begin = seen;
      *end = seen + part;
      return true;
    }
  }

  std::size_t length_ = 0;
  std::size_t grain_ = 1;
  std::uint32_t width_ = 1;
  Body body_ = nullptr;
  void* context_ = nullptr;
  const std::atomic<std::uint32_t>* abort_ = nullptr;
  alignas(kCacheLine) std::atomic<std::size_t> next_{0};
};

}  // namespace allcores::executor
