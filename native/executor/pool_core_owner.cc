#include "executor/pool_core.h"

#include "base/schedule_point.h"
#include "executor/spin.h"
#include "sync/event_count.h"
#include "sync/parker.h"

namespace allcores::executor {

std::uint32_t PoolCore::WakeWorkers(std::uint32_t count) {
  std::uint32_t woken = 0;
  const std::uint32_t limit = control_->slot_limit.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < limit && woken < count; ++i) {
    // Sequentially consistent: comes after the publication of the task in the order that the proof speaks of.
    if (control_->sleepers.load(std::memory_order_seq_cst) == 0) break;
    ALLCORES_SCHEDULE_POINT();
    const std::uint32_t slot = (wake_from_ + i) % limit;
    const auto notified = sync::Parker(workers_[slot].park).Notify();
    if (notified == sync::Parker::Notified::kNobody) continue;
    ALLCORES_SCHEDULE_POINT();
    control_->sleepers.fetch_sub(1, std::memory_order_relaxed);
    if (notified == sync::Parker::Notified::kLoop) wakers_.Poke(Participant(slot));
    ++woken;
  }
  if (limit > 0) wake_from_ = (wake_from_ + woken) % limit;
  return woken;
}

void PoolCore::NudgeWorker(std::uint32_t slot) {
  const auto notified = sync::Parker(workers_[slot].park).Notify();
  if (notified != sync::Parker::Notified::kNobody) control_->sleepers.fetch_sub(1, std::memory_order_relaxed);
  // A worker that waits for a promise has not announced itself: it is in its loop, but not idle.
  if (notified != sync::Parker::Notified::kThread) wakers_.Poke(Participant(slot));
}

bool PoolCore::HasResults(std::uint32_t deaths_seen) const {
  const std::uint32_t limit = control_->slot_limit.load(std::memory_order_relaxed);
  for (std::uint32_t slot = 0; slot < limit; ++slot) {
    const queue::ResultRingEnds& ends = workers_[slot].result_ends;
    if (ends.tail.load(std::memory_order_seq_cst) != ends.head.load(std::memory_order_relaxed)) return true;
  }
  return control_->deaths.load(std::memory_order_seq_cst) != deaths_seen;
}

bool PoolCore::SpinForResults(std::uint32_t deaths_seen, std::int64_t nanos) {
  Spin spin(nanos);
  while (!HasResults(deaths_seen)) {
    if (!spin.Step()) return false;
  }
  return true;
}

bool PoolCore::ParkOwnerInLoop(std::uint32_t deaths_seen) {
  // Relaxed: the announcement that follows publishes it, and only who saw that reads it.
  control_->owner_in_loop.store(1, std::memory_order_relaxed);
  sync::EventCount owner(control_->owner);
  owner.PrepareWait();
  ALLCORES_SCHEDULE_POINT();
  if (!HasResults(deaths_seen)) return true;
  owner.AbandonWait();
  return false;
}

bool PoolCore::SleepOwner(std::uint32_t deaths_seen, Deadline deadline) {
  control_->owner_in_loop.store(0, std::memory_order_relaxed);  // relaxed: as above
  sync::EventCount owner(control_->owner);
  const std::uint32_t key = owner.PrepareWait();
  ALLCORES_SCHEDULE_POINT();
  const bool seen = HasResults(deaths_seen) || owner.Wait(key, deadline);
  owner.AbandonWait();
  return seen;
}

void PoolCore::NotifyRoom(std::uint32_t slot) { sync::EventCount(workers_[slot].room).NotifyAll(); }

void PoolCore::Bury(std::uint32_t slot) {
  WorkerBlock& worker = workers_[slot];
  Retract(slot);
  worker.claim_count.store(0, std::memory_order_release);
  std::uint32_t stale[WorkerBlock::kMailboxCapacity];
  mailbox(slot).TryClaim(stale, WorkerBlock::kMailboxCapacity);
  worker.command.store(0, std::memory_order_relaxed);
  worker.exit_code.store(0, std::memory_order_relaxed);
  worker.cost = 0;
  worker.status.store(static_cast<std::uint32_t>(WorkerStatus::kVacant), std::memory_order_release);
}

void PoolCore::Shutdown() {
  control_->shutdown.store(1, std::memory_order_seq_cst);
  const std::uint32_t limit = control_->slot_limit.load(std::memory_order_relaxed);
  for (std::uint32_t slot = 0; slot < limit; ++slot) {
    NudgeWorker(slot);
    NotifyRoom(slot);
  }
}

}  // namespace allcores::executor
