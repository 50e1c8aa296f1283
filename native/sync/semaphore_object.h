#pragma once

#include "sync/fairness.h"
#include "sync/waiting.h"

namespace allcores::sync {

// What a participant took of a semaphore and has not given back. In one word, so that one store commits an acquire
// and a release; the semaphore's value is what the records leave of `total`.
struct PermitRecord {
  std::atomic<std::uint64_t> word;  // high half: permits, low half: participant. No permits: vacant
  std::uint64_t since;              // order of first acquires, to find the longest holder by

  static constexpr std::uint64_t Pack(ParticipantId holder, std::uint32_t permits) {
    return std::uint64_t{permits} << 32 | holder;
  }
  [[nodiscard]] std::uint32_t permits() const {
    return static_cast<std::uint32_t>(word.load(std::memory_order_relaxed) >> 32);
  }
  [[nodiscard]] ParticipantId holder() const {
    return static_cast<ParticipantId>(word.load(std::memory_order_relaxed));
  }
};

// More records, when those in the semaphore do not suffice. Lives as long as the semaphore.
struct PermitBlock {
  static constexpr std::uint32_t kRecords = 15;

  std::atomic<Offset> next;
  std::uint64_t reserved;
  PermitRecord records[kRecords];
};

// Permits, counted. Any participant may give back what another took: a release by one that holds none is charged to
// whoever has held longest, and raises the value beyond the initial one when nobody holds any.
//
// What a dead one had taken comes back, but never beyond the initial value: a permit above it was a message, and that
// one was read. The next acquire that profits gets kRecovered in its result.
struct SemaphoreObject {
  static constexpr std::uint32_t kAcquire = 0;               // op: takes one permit
  static constexpr std::uint32_t kMostPermits = 0x7fffffff;  // of value and initial value
  static constexpr std::uint32_t kRecords = 4;

  object::ObjectHeader header;
  std::uint32_t initial;                 // constant
  std::uint32_t bounded;                 // constant: the value never exceeds the initial one
  std::atomic<std::uint32_t> total;      // permits in existence: available or held
  std::atomic<std::uint32_t> value;      // available: total minus all that is held; derived
  std::atomic<std::uint32_t> abandoned;  // permits of a dead one came back: the next one to acquire is told
  std::uint32_t reserved;
  // A death that leaves fewer permits, while it is entered: in the high half the `total` after it, in the low half who
  // died. 0: none. Whoever inherits the guard completes it.
  std::atomic<std::uint64_t> forfeit;
  std::uint64_t acquires;  // numbers records
  WaitQueue waiters;
  std::atomic<Offset> more;  // PermitBlocks
  PermitRecord records[kRecords];
};

// 0 when the heap is full. `value` up to kMostPermits.
Offset CreateSemaphore(Program&, std::uint32_t value, bool bounded, Offset manager, ParticipantId me);
// kOverReleased, and nothing changed, when a bounded one would exceed its initial value or any one kMostPermits.
// Should `me` die inside, some of the permits may have been given back.
Outcome ReleaseSemaphore(Program&, Offset semaphore, ParticipantId me, std::uint32_t count);
// Without a guard: it was true a moment ago.
std::uint32_t SemaphoreValue(const Program&, Offset semaphore);

WaitType SemaphoreWaitType();
object::ObjectType SemaphoreObjectType();

}  // namespace allcores::sync
