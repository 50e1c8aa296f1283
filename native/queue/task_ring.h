#pragma once

#include <atomic>
#include <cstdint>

#include "base/cache_line.h"
#include "base/check.h"
#include "base/schedule_point.h"

namespace allcores::queue {

// The two ends of a TaskRing, as they lie in shared memory. Positions count entries ever pushed or claimed and wrap
// around at 2^32; an entry's place is its position modulo the capacity. All-zero is an empty ring.
struct TaskRingEnds {
  alignas(kCacheLine) std::atomic<std::uint32_t> tail;  // written by the producer alone
  alignas(kCacheLine) std::atomic<std::uint32_t> head;  // advanced by whoever claims
};

// A bounded lock-free queue of 32-bit entries: one producer, many consumers, batch claims.
//
// Scheme: the claim side of the run queue of Go's scheduler (`runqgrab`) and of tokio: consumers read entries first and
// then compare-and-swap the head over them. Use it where one thread feeds many; for many producers it is wrong.
// Guarantees: entries are claimed in the order in which they were pushed, each by one consumer, none is lost. The
// producer is wait-free; a consumer that fails a swap fails because another one made progress.
// Memory: 4 bytes an entry and two cache lines.
//
// A consumer that sleeps between reading and swapping for exactly 2^32 pushes could swap successfully over entries that
// it read long ago. Entries of the pool are hints (see executor/task_record.h), for which that is harmless.
class TaskRing {
 public:
  // `capacity` is a power of two. `entries` outlives the ring.
  TaskRing(TaskRingEnds* ends, std::atomic<std::uint32_t>* entries, std::uint32_t capacity)
      : ends_(ends), entries_(entries), capacity_(capacity), mask_(capacity - 1) {
    ALLCORES_CHECK(capacity > 0 && (capacity & mask_) == 0);
  }

  // Producer only. False when full.
  bool TryPush(std::uint32_t entry) {
    // Relaxed: only this thread writes the tail.
    const std::uint32_t tail = ends_->tail.load(std::memory_order_relaxed);
    // Acquire pairs with the swap in TryClaim: a consumer has read the entries behind the head before it moved it, so
    // the place may be written again. Weaker, and the store below could become visible before that read.
    if (tail - ends_->head.load(std::memory_order_acquire) == capacity_) return false;
    // Relaxed: published by the store of the tail. Atomic at all because a consumer whose swap is going to fail may
    // read this place at the same moment.
    entries_[tail & mask_].store(entry, std::memory_order_relaxed);
    ALLCORES_SCHEDULE_POINT();
    // Linearization point. Sequentially consistent, because the pusher next looks for sleepers and a consumer that
    // goes to sleep next looks here: at least one must see the other (executor/README.md, "Sleeping").
    ends_->tail.store(tail + 1, std::memory_order_seq_cst);
    return true;
  }

  // Takes up to `most` entries, oldest first, into `out`; gives their number.
  std::uint32_t TryClaim(std::uint32_t* out, std::uint32_t most) {
    // Acquire: the tail read next must not be older than this head, or their difference would be nonsense.
    std::uint32_t head = ends_->head.load(std::memory_order_acquire);
    for (;;) {
      ALLCORES_SCHEDULE_POINT();
      // Sequentially consistent for the sleeper's last look; also acquires the entries up to it.
      const std::uint32_t tail = ends_->tail.load(std::memory_order_seq_cst);
      const std::uint32_t waiting = tail - head;
      if (waiting == 0) return 0;
      if (waiting > capacity_) {  // the head is stale: others claimed and the producer went on in between
        head = ends_->head.load(std::memory_order_acquire);
        continue;
      }
      const std::uint32_t count = waiting < most ? waiting : most;
      for (std::uint32_t i = 0; i < count; ++i) {
        out[i] = entries_[(head + i) & mask_].load(std::memory_order_relaxed);
      }
      ALLCORES_SCHEDULE_POINT();
      // Linearization point. Release orders the reads above before the new head, which lets the producer overwrite
      // them; acquire on failure, as for the first load.
      if (ends_->head.compare_exchange_weak(head, head + count, std::memory_order_acq_rel, std::memory_order_acquire)) {
        return count;
      }
    }
  }

  // Entries that wait. Exact for the producer as an upper bound, for others a moment's estimate.
  [[nodiscard]] std::uint32_t size() const {
    const std::uint32_t head = ends_->head.load(std::memory_order_acquire);
    const std::uint32_t tail = ends_->tail.load(std::memory_order_seq_cst);
    const std::uint32_t waiting = tail - head;
    return waiting > capacity_ ? capacity_ : waiting;
  }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }

 private:
  TaskRingEnds* ends_;
  std::atomic<std::uint32_t>* entries_;
  std::uint32_t capacity_;
  std::uint32_t mask_;
};

}  // namespace allcores::queue
