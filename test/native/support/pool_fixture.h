#pragma once

#include <cstdint>
#include <memory>

#include "executor/pool_core.h"

namespace allcores::testing {

inline constexpr executor::PoolSize kSmallPool{.slots = 4, .records = 64, .result_bytes = 4096, .arena_bytes = 0};

// A pool whose first `workers` slots are in use.
inline std::shared_ptr<executor::PoolCore> MakePool(const executor::PoolSize& size, std::uint32_t workers) {
  auto pool = executor::PoolCore::Create(size);
  pool->control().slot_limit.store(workers, std::memory_order_seq_cst);
  return pool;
}

// What the tests send back for a task. `number` is the task's own, which it carries in TaskRecord::function.
struct TestResult {
  std::uint32_t entry;
  std::uint32_t number;
  std::uint32_t slot;
  std::uint32_t padding;  // bytes that follow, each the low byte of `number`
};

}  // namespace allcores::testing
