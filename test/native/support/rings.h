#pragma once

#include <memory>

#include "queue/result_ring.h"
#include "queue/task_ring.h"

namespace allcores::testing {

// Zeroed memory for a TaskRing, whose positions may be made to start shortly before they wrap around.
template <std::uint32_t kCapacity>
struct TaskRingMemory {
  explicit TaskRingMemory(std::uint32_t start = 0) {
    ends.tail.store(start, std::memory_order_relaxed);
    ends.head.store(start, std::memory_order_relaxed);
  }
  queue::TaskRing ring() { return {&ends, entries, kCapacity}; }

  queue::TaskRingEnds ends{};
  std::atomic<std::uint32_t> entries[kCapacity]{};
};

// The same for a ResultRing. `start` is a multiple of 8.
template <std::uint32_t kCapacity>
struct ResultRingMemory {
  explicit ResultRingMemory(std::uint32_t start = 0) {
    ends.tail.store(start, std::memory_order_relaxed);
    ends.head.store(start, std::memory_order_relaxed);
  }
  queue::ResultRing ring() { return {&ends, bytes, kCapacity}; }

  queue::ResultRingEnds ends{};
  alignas(8) std::byte bytes[kCapacity]{};
};

}  // namespace allcores::testing
