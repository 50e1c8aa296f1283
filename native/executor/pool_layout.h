#pragma once

#include <cstdint>

#include "executor/task_record.h"
#include "executor/worker_block.h"

namespace allcores::executor {

// Words that all participants of a pool share, each group on its own line.
struct PoolControl {
  alignas(kCacheLine) std::atomic<std::uint32_t> owner;     // sync::EventCount: the owner waits for results
  std::atomic<std::uint32_t> owner_in_loop;                 // 1: and is to be poked in its event loop
  std::atomic<std::uint32_t> shutdown;                      // 1: every wait ends at once and workers leave
  std::atomic<std::uint32_t> deaths;                        // workers that died so far
  std::atomic<std::uint32_t> slot_limit;                    // one past the highest slot ever used
  alignas(kCacheLine) std::atomic<std::uint32_t> sleepers;  // idle workers that announced sleep and were not notified
  queue::TaskRingEnds ring_ends;
};

struct PoolSize {
  std::uint32_t slots;         // workers at one time, replacements that overlap included
  std::uint32_t records;       // tasks published at one time: a power of two, at most 65,536
  std::uint32_t result_bytes;  // of each result ring: a power of two
  std::uint32_t arena_bytes;   // for encoded arguments
};

// Offsets of the parts of a pool's segment, in bytes.
struct PoolLayout {
  explicit constexpr PoolLayout(const PoolSize& size)
      : control(0),
        entries(RoundUp(sizeof(PoolControl), kCacheLine)),
        records(RoundUp(entries + std::uint64_t{4} * EntryCapacity(size), kCacheLine)),
        workers(records + sizeof(TaskRecord) * size.records),
        results(workers + sizeof(WorkerBlock) * size.slots),
        arena(results + std::uint64_t{size.result_bytes} * size.slots),
        total(RoundUp(arena + size.arena_bytes, 4096)) {}

  // Twice the records, so that hints pushed again after a crash do not find the ring full.
  static constexpr std::uint32_t EntryCapacity(const PoolSize& size) { return size.records * 2; }

  std::uint64_t control;
  std::uint64_t entries;
  std::uint64_t records;
  std::uint64_t workers;
  std::uint64_t results;
  std::uint64_t arena;
  std::uint64_t total;
};

}  // namespace allcores::executor
