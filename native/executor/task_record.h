#pragma once

#include <atomic>
#include <cstdint>

#include "base/cache_line.h"

namespace allcores::executor {

// What a task is doing. All-zero memory is a table of free records.
enum class Phase : std::uint32_t {
  kFree = 0,     // belongs to the owner
  kReady = 1,    // published; may be begun by any worker, or cancelled by the owner
  kRunning = 2,  // begun by the worker in the state word; belongs to that worker until its result is out
};

// The state word: bits 0-2 phase, 3-15 slot of the worker that began it, 16-31 generation. The generation grows each
// time the owner reuses the record, so an entry or a swap meant for an earlier task never touches a later one.
struct TaskState {
  static constexpr std::uint32_t kSlotShift = 3;
  static constexpr std::uint32_t kSlotMask = 0x1fff;
  static constexpr std::uint32_t kGenerationShift = 16;

  static constexpr std::uint32_t Pack(std::uint32_t generation, Phase phase, std::uint32_t slot = 0) {
    return generation << kGenerationShift | slot << kSlotShift | static_cast<std::uint32_t>(phase);
  }
};

// What travels through the rings: bits 0-15 index of the record, 16-31 generation. An entry is a hint. Any number of
// copies of it may be about (in the ring, in claim lists, pushed again after a crash): the state word alone decides
// who begins the task, so that each is begun once and a stale copy is dropped.
struct TaskEntry {
  static constexpr std::uint32_t kIndexMask = 0xffff;
  static constexpr std::uint32_t Pack(std::uint32_t index, std::uint32_t generation) {
    return generation << TaskState::kGenerationShift | index;
  }
  static constexpr std::uint32_t Index(std::uint32_t entry) { return entry & kIndexMask; }
  static constexpr std::uint32_t Generation(std::uint32_t entry) { return entry >> TaskState::kGenerationShift; }
};

// One task, one cache line. Only `state` and `flags` are contended; the rest is written by the owner before the record
// becomes kReady and read by the worker that moved it to kRunning, the swap of the state word ordering the two.
struct TaskRecord {
  static constexpr std::uint32_t kPayloadBytes = 32;

  alignas(kCacheLine) std::atomic<std::uint32_t> state;
  std::atomic<std::uint32_t> flags;  // kAbort and kCondemned from the owner, kAsked from the worker
  std::uint32_t function;            // number of the function
  std::uint32_t kind;                // bits 0-7 form of the arguments, 8-15 operation, 16-30 attempt, 31 timed
  std::uint32_t length;              // bytes of encoded arguments, or tags of inline ones
  std::uint32_t location;            // where encoded arguments lie
  double time;                       // nanoseconds: published at; once a timed one has begun, begun at
  std::byte payload[kPayloadBytes];  // inline arguments

  static constexpr std::uint32_t kAbort = 1;  // the task should stop
  static constexpr std::uint32_t kAsked = 2;  // the task asked for its context, so it may notice kAbort
  // The worker is about to be ended on account of this task. It looks here after publishing the result and, if set,
  // waits to be ended or for the bit to go; the owner sets it, then looks for the result: one of the two sees the
  // other.
  static constexpr std::uint32_t kCondemned = 4;
};
static_assert(sizeof(TaskRecord) == kCacheLine || kCacheLine != 64);

// The owner moves a free record to kReady with a plain store of the state word; these are the two moves that race.
class TaskTable {
 public:
  TaskTable(TaskRecord* records, std::uint32_t capacity) : records_(records), capacity_(capacity) {}

  [[nodiscard]] TaskRecord& at(std::uint32_t index) const { return records_[index]; }
  [[nodiscard]] std::uint32_t capacity() const { return capacity_; }

  // Owner. Release: the arguments were written before.
  std::uint32_t Publish(std::uint32_t index) {
    TaskRecord& record = records_[index];
    const std::uint32_t generation = record.state.load(std::memory_order_relaxed) >> TaskState::kGenerationShift;
    record.state.store(TaskState::Pack(generation, Phase::kReady), std::memory_order_release);
    return TaskEntry::Pack(index, generation);
  }

  // Worker. True for exactly one caller per published task, unless it is cancelled first. Acquire: its arguments.
  bool TryBegin(std::uint32_t entry, std::uint32_t slot) {
    const std::uint32_t generation = TaskEntry::Generation(entry);
    std::uint32_t ready = TaskState::Pack(generation, Phase::kReady);
    return records_[TaskEntry::Index(entry)].state.compare_exchange_strong(
        ready, TaskState::Pack(generation, Phase::kRunning, slot), std::memory_order_acq_rel,
        std::memory_order_relaxed);
  }

  // Owner. True: no worker has begun or ever will begin it, and the record is free again.
  bool TryCancel(std::uint32_t entry) {
    const std::uint32_t generation = TaskEntry::Generation(entry);
    std::uint32_t ready = TaskState::Pack(generation, Phase::kReady);
    // Acquire on failure is not needed: the caller waits for the worker's result, which acquires.
    return records_[TaskEntry::Index(entry)].state.compare_exchange_strong(
        ready, TaskState::Pack(generation + 1, Phase::kFree), std::memory_order_acq_rel, std::memory_order_relaxed);
  }

  // Owner, after it has read the result.
  void Free(std::uint32_t entry) {
    records_[TaskEntry::Index(entry)].state.store(TaskState::Pack(TaskEntry::Generation(entry) + 1, Phase::kFree),
                                                  std::memory_order_release);
  }

  // Anybody, at any moment: has nobody begun it yet?
  [[nodiscard]] bool IsReady(std::uint32_t entry) const {
    return records_[TaskEntry::Index(entry)].state.load(std::memory_order_acquire) ==
           TaskState::Pack(TaskEntry::Generation(entry), Phase::kReady);
  }

 private:
  TaskRecord* records_;
  std::uint32_t capacity_;
};

}  // namespace allcores::executor
