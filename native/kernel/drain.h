#pragma once

#include <atomic>
#include <cstddef>

#include "executor/parallel.h"

namespace allcores::kernel {

// Calls body(i, worker) for each i of [0, count), once, on several threads; returns when all are done, aborted or not:
// for work that must not stop half way. Calls at the same time have different `worker`s, below parallel.width().
template <typename Body>
void Drain(const executor::Parallel& parallel, std::size_t count, const Body& body) {
  // Relaxed: it hands out numbers. What is done is published by the loop's end.
  std::atomic<std::size_t> next{0};
  const auto work = [&](std::size_t worker) {
    for (std::size_t i = 0; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) body(i, worker);
  };
  parallel.For(parallel.width(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t worker = begin; worker < end; ++worker) work(worker);
  });
  // An aborted loop may have begun nothing.
  work(0);
}

}  // namespace allcores::kernel
