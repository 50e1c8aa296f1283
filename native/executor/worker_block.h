#pragma once

#include <atomic>
#include <cstdint>

#include "base/cache_line.h"
#include "queue/result_ring.h"
#include "queue/task_ring.h"

namespace allcores::executor {

enum class WorkerStatus : std::uint32_t {
  kVacant = 0,    // no worker has this slot
  kStarting = 1,  // given to a worker that has not yet reported
  kServing = 2,   // takes tasks
  kDead = 3,      // its thread or process is past running JavaScript; set once, by whoever knows
};

// Everything about one worker, in the pool's segment. Lines are grouped by who writes them.
struct WorkerBlock {
  static constexpr std::uint32_t kMailboxCapacity = 16;
  static constexpr std::uint32_t kMostClaims = 64;
  static constexpr std::uint32_t kHistogramBuckets = 32;

  static constexpr std::uint32_t kStop = 1;    // bit of `command`: finish what has begun, then end
  static constexpr std::uint32_t kSignal = 2;  // bit of `command`: an abort flag was raised on the running task

  // Touched by both sides, rarely.
  alignas(kCacheLine) std::atomic<std::uint32_t> park;  // sync::Parker of the worker
  std::atomic<std::uint32_t> status;
  std::atomic<std::uint32_t> command;
  std::atomic<std::uint32_t> exit_code;  // 1 + code given to process.exit, 0 while unknown
  std::atomic<std::uint32_t> room;       // sync::EventCount: the worker waits for room in its result ring

  // Claimed and perhaps not begun: written by the worker, read by those that look for work to take over.
  alignas(kCacheLine) std::atomic<std::uint32_t> claim_count;
  alignas(kCacheLine) std::atomic<std::uint32_t> claims[kMostClaims];

  // Tasks for this worker alone.
  queue::TaskRingEnds mailbox_ends;
  alignas(kCacheLine) std::atomic<std::uint32_t> mailbox[kMailboxCapacity];

  // Figures, written by the worker alone. Times in nanoseconds.
  alignas(kCacheLine) double entered_at;  // when it last asked for work
  double claimed_at;                      // when it last got some
  double cost;                            // moving average of one task's time, 0 while unknown
  double busy;                            // time spent in tasks
  std::uint32_t completed;
  std::uint32_t failed;
  // Bucket b counts tasks of [2^b, 2^(b+1)) times 64 ns; the first and the last are open.
  std::uint32_t wait_histogram[kHistogramBuckets];
  std::uint32_t run_histogram[kHistogramBuckets];

  queue::ResultRingEnds result_ends;
};

}  // namespace allcores::executor
