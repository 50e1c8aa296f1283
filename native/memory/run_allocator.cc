#include "memory/run_allocator.h"

#include <algorithm>
#include <bit>
#include <cstddef>

#include "base/check.h"
#include "base/schedule_point.h"
#include "memory/span_list.h"

namespace allcores::memory {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;  // under the guard, which orders everything
constexpr std::uint32_t kDiscardStep = 128;           // units: 1 MiB, some 200 us during which others may wait
constexpr int kFewTries = 16;                         // for the best fit
constexpr int kManyTries = 2048;                      // when it is this bin or nothing

// Bins of one length up to 16 units, then four bins a doubling.
constexpr std::uint32_t BinOf(std::uint32_t units) {
  if (units <= 16) return units - 1;
  const auto exponent = static_cast<std::uint32_t>(std::bit_width(units)) - 1;
  return 16 + (exponent - 4) * 4 + (units >> (exponent - 2) & 3);
}
static_assert(BinOf(0xffffffff) == RunState::kBins - 1);

void Add(std::atomic<std::uint32_t>& count, std::uint32_t change) {
  count.store(count.load(kRelaxed) + change, kRelaxed);
}

}  // namespace

void RunAllocator::Format() { Free(0, spans_.units(), RunKind::kClean); }

void RunAllocator::Lock(participant::ParticipantId me) {
  ALLCORES_CHECK(me != 0);
  if (participant::Guard(state_.guard).Lock(participants_, me) == participant::Guard::Entry::kInherited) Repair();
}

void RunAllocator::Repair() {
  for (auto& bin : state_.dirty_bins) bin.store(0, kRelaxed);
  for (auto& bin : state_.clean_bins) bin.store(0, kRelaxed);
  state_.used.store(0, kRelaxed);
  state_.dirty.store(0, kRelaxed);
  spans_.ForEachRun([this](std::uint32_t unit, RunWord word) {
    Commit(unit, word);
    if (word.IsFree()) {
      Link(unit, word);
    } else {
      Add(state_.used, word.units());
    }
  });
}

std::uint32_t RunAllocator::Take(RunWord word, participant::ParticipantId me) {
  const std::uint32_t units = word.units();
  Lock(me);
  std::uint32_t unit = FindFit(RunKind::kDirty, units);
  if (unit == kNone) unit = FindFit(RunKind::kClean, units);
  // Free neighbours may lie apart as dirty and clean. What is discarded is merged, and not met again next time.
  if (unit == kNone && spans_.units() - state_.used.load(kRelaxed) >= units) {
    while (unit == kNone && DiscardSome()) {
      Unlock();  // others may get in between two steps
      Lock(me);
      unit = FindFit(RunKind::kClean, units);
    }
  }
  // What is dirty has its memory.
  if (unit != kNone && spans_.At(unit).Run().kind() == RunKind::kClean && !CommitMemory(unit, units)) unit = kNone;
  if (unit != kNone) {
    const RunWord free = spans_.At(unit).Run();
    Unlink(unit, free);
    Split(unit, free, free.kind() == RunKind::kDirty ? word.Warmed() : word);
    Add(state_.used, units);
  }
  Unlock();
  return unit;
}

void RunAllocator::Give(std::uint32_t unit, participant::ParticipantId me) {
  Lock(me);
  const std::uint32_t units = spans_.At(unit).Run().units();
  Add(state_.used, -units);
  Free(unit, units, RunKind::kDirty);
  if (state_.dirty.load(kRelaxed) > Allowance()) {
    const std::uint32_t target = Allowance() / 8 * 7;  // so that the next one need not discard again
    while (state_.dirty.load(kRelaxed) > target && DiscardSome()) {
      Unlock();
      Lock(me);
    }
  }
  Unlock();
}

std::uint32_t RunAllocator::Allowance() const {
  return std::max({kAllowance, state_.used.load(kRelaxed) / 4, spans_.units() / 64});
}

void RunAllocator::Commit(std::uint32_t unit, RunWord word) {
  const std::uint32_t last = word.units() - 1;
  if (last > 0) spans_.At(unit + last).SetRun(RunWord::Inside(last));
  ALLCORES_SCHEDULE_POINT();
  // Release: whoever takes over after our death reads the table, and must find there what this word describes.
  spans_.At(unit).run.store(word.value, std::memory_order_release);
}

void RunAllocator::Free(std::uint32_t unit, std::uint32_t units, RunKind kind) {
  std::uint32_t begin = unit;
  std::uint32_t end = unit + units;
  if (unit > 0) {
    const RunWord last = spans_.At(unit - 1).Run();
    const std::uint32_t before = last.kind() == RunKind::kInside ? unit - 1 - last.distance() : unit - 1;
    const RunWord word = spans_.At(before).Run();
    if (word.kind() == kind) {
      Unlink(before, word);
      begin = before;
    }
  }
  if (end < spans_.units()) {
    const RunWord word = spans_.At(end).Run();
    if (word.kind() == kind) {
      Unlink(end, word);
      end += word.units();
    }
  }
  const RunWord word = RunWord::Make(kind, end - begin);
  Commit(begin, word);
  // No word of a run's beginning may stay inside another one. (That of the last unit was just written.)
  if (begin != unit && unit != end - 1) spans_.At(unit).SetRun(RunWord::Inside(unit - begin));
  const std::uint32_t after = unit + units;
  if (end != after && after != end - 1) spans_.At(after).SetRun(RunWord::Inside(after - begin));
  Link(begin, word);
}

// The run begins where the free one does; the rest stays free.
void RunAllocator::Split(std::uint32_t unit, RunWord free, RunWord word) {
  const std::uint32_t units = word.units();
  const RunWord rest = RunWord::Make(free.kind(), free.units() - units);
  if (rest.units() > 0) Commit(unit + units, rest);  // seen by nobody until the next commit
  if (word.kind() == RunKind::kSmall) {
    for (std::uint32_t inside = 1; inside < units; ++inside) {
      spans_.At(unit + inside).SetRun(RunWord::Inside(inside));
    }
  }
  Commit(unit, word);
  if (rest.units() > 0) Link(unit + units, rest);
}

bool RunAllocator::CommitMemory(std::uint32_t unit, std::uint32_t units) const {
  return mapping_.Commit(spans_.OffsetOf(unit), units * kUnitBytes) &&
         mapping_.Commit(OffsetOfLinks(unit), units * SpanTable::kLinkBytesPerUnit);
}

std::size_t RunAllocator::OffsetOfLinks(std::uint32_t unit) const {
  const auto* links = reinterpret_cast<const std::byte*>(&spans_.LinkOf(unit, 0));
  return static_cast<std::size_t>(links - mapping_.data());
}

bool RunAllocator::DiscardSome() {
  std::uint32_t name = 0;
  for (std::uint32_t bin = RunState::kBins; bin > 0 && name == 0; --bin)
    name = state_.dirty_bins[bin - 1].load(kRelaxed);
  if (name == 0) return false;
  const std::uint32_t unit = name - 1;
  const RunWord free = spans_.At(unit).Run();
  const std::uint32_t units = std::min(free.units(), kDiscardStep);
  Unlink(unit, free);
  Split(unit, free, RunWord::Make(RunKind::kDirty, units));
  mapping_.Discard(spans_.OffsetOf(unit), units * kUnitBytes);
  mapping_.Discard(OffsetOfLinks(unit), units * SpanTable::kLinkBytesPerUnit);
  Free(unit, units, RunKind::kClean);
  return true;
}

std::uint32_t RunAllocator::FindFit(RunKind kind, std::uint32_t units) const {
  auto* bins = kind == RunKind::kDirty ? state_.dirty_bins : state_.clean_bins;
  const std::uint32_t own = BinOf(units);
  std::uint32_t found = BestOf(bins[own], units, kFewTries);
  for (std::uint32_t bin = own + 1; found == kNone && bin < RunState::kBins; ++bin) {
    found = BestOf(bins[bin], units, kFewTries);
  }
  return found == kNone ? BestOf(bins[own], units, kManyTries) : found;
}

std::uint32_t RunAllocator::BestOf(std::atomic<std::uint32_t>& bin, std::uint32_t units, int tries) const {
  const SpanList list(spans_, bin);
  std::uint32_t best = kNone;
  std::uint32_t best_units = 0xffffffff;
  const std::uint32_t first = list.first();
  for (std::uint32_t name = first; name != 0 && tries > 0; --tries) {
    const std::uint32_t has = spans_.At(name - 1).Run().units();
    if (has >= units && has < best_units) {
      best = name - 1;
      best_units = has;
      if (has == units) break;
    }
    name = list.NextOf(name);
    if (name == first) break;
  }
  return best;
}

std::atomic<std::uint32_t>& RunAllocator::BinFor(RunKind kind, std::uint32_t units) const {
  return (kind == RunKind::kDirty ? state_.dirty_bins : state_.clean_bins)[BinOf(units)];
}

void RunAllocator::Link(std::uint32_t unit, RunWord word) {
  if (word.kind() == RunKind::kDirty) Add(state_.dirty, word.units());
  SpanList(spans_, BinFor(word.kind(), word.units())).PushFront(unit + 1);
}

void RunAllocator::Unlink(std::uint32_t unit, RunWord word) {
  if (word.kind() == RunKind::kDirty) Add(state_.dirty, -word.units());
  SpanList(spans_, BinFor(word.kind(), word.units())).Remove(unit + 1);
}

}  // namespace allcores::memory
