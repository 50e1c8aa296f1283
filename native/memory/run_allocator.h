#pragma once

#include <atomic>
#include <cstdint>

#include "base/cache_line.h"
#include "memory/span_table.h"
#include "participant/guard.h"
#include "participant/participant_table.h"
#include "platform/mapping.h"

namespace allcores::memory {

// What the run allocator keeps in shared memory. All of it but the guard can be computed anew from the span table.
struct RunState {
  static constexpr std::uint32_t kBins = 128;

  alignas(kCacheLine) std::atomic<std::uint32_t> guard;
  std::atomic<std::uint32_t> used;   // units in runs that are not free
  std::atomic<std::uint32_t> dirty;  // units in kDirty runs
  std::atomic<std::uint32_t> dirty_bins[kBins];
  std::atomic<std::uint32_t> clean_bins[kBins];
};

// Hands out runs of units. Free ones stand in lists by size, of which the best fit is taken; neighbours are merged when
// they are given back. Pages of a run that was given back stay in memory up to an allowance, since using them again
// costs an eighth of what fresh ones cost; beyond that they go back to the system, the largest runs first.
// Dirty and clean runs are not merged with each other, so that it is known exactly what is in memory.
//
// All of it happens under one guard. Each change is committed by the store of one RunWord; lists, counts and
// the words of last units are derived, and computed anew when the guard's last owner died.
class RunAllocator {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::uint32_t kAllowance =
      (128U << 20) / kUnitBytes;  // of dirty units, or a quarter of those in use, or 1/64 of all

  // What is passed by reference outlives the allocator.
  RunAllocator(RunState& state, const SpanTable& spans, const platform::Mapping& mapping,
               const participant::ParticipantTable& participants)
      : state_(state), spans_(spans), mapping_(mapping), participants_(participants) {}

  // Makes one free run of all units. For whoever creates the heap, before anybody else sees it.
  void Format();
  // The first unit of a run that `word` describes (as kLarge or kSmall); kNone when there is no such room.
  std::uint32_t Take(RunWord word, participant::ParticipantId me);
  void Give(std::uint32_t unit, participant::ParticipantId me);
  // Computes lists and counts from the table. For whoever holds the guard.
  void Repair();

 private:
  void Lock(participant::ParticipantId me);
  void Unlock() { participant::Guard(state_.guard).Unlock(); }

  [[nodiscard]] std::atomic<std::uint32_t>& BinFor(RunKind kind, std::uint32_t units) const;
  // The smallest run among the first `tries` of a bin that has at least `units`; kNone.
  [[nodiscard]] std::uint32_t BestOf(std::atomic<std::uint32_t>& bin, std::uint32_t units, int tries) const;
  [[nodiscard]] std::uint32_t FindFit(RunKind kind, std::uint32_t units) const;
  void Link(std::uint32_t unit, RunWord word);
  void Unlink(std::uint32_t unit, RunWord word);
  // Writes the derived last word of a run, then the first, which commits.
  void Commit(std::uint32_t unit, RunWord word);
  // Makes [unit, unit + units) free, together with neighbours of the same kind, and lists it.
  void Free(std::uint32_t unit, std::uint32_t units, RunKind kind);
  void Split(std::uint32_t unit, RunWord free, RunWord word);
  // Has memory for units that may never have had any. False when the system has not so much.
  [[nodiscard]] bool CommitMemory(std::uint32_t unit, std::uint32_t units) const;
  [[nodiscard]] std::size_t OffsetOfLinks(std::uint32_t unit) const;
  // Gives back at most kDiscardStep units of the largest dirty run. False when there is none.
  bool DiscardSome();
  [[nodiscard]] std::uint32_t Allowance() const;

  RunState& state_;
  const SpanTable& spans_;
  const platform::Mapping& mapping_;
  const participant::ParticipantTable& participants_;
};

}  // namespace allcores::memory
