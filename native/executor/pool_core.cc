#include "executor/pool_core.h"

#include <algorithm>

#include "base/schedule_point.h"
#include "platform/cpu.h"
#include "sync/event_count.h"
#include "sync/parker.h"

namespace allcores::executor {

std::shared_ptr<PoolCore> PoolCore::Create(const PoolSize& size) {
  ALLCORES_CHECK(size.slots > 0 && size.slots <= TaskState::kSlotMask);
  ALLCORES_CHECK(size.records > 0 && size.records - 1 <= TaskEntry::kIndexMask);
  std::shared_ptr<memory::Segment> segment =
      memory::Segment::Create(PoolLayout(size).total, platform::Reach::kProcesses);
  if (segment == nullptr) return nullptr;
  return std::shared_ptr<PoolCore>(new PoolCore(size, std::move(segment)));
}

PoolCore::PoolCore(const PoolSize& size, std::shared_ptr<memory::Segment> segment)
    : size_(size),
      layout_(size),
      segment_(std::move(segment)),
      control_(segment_->At<PoolControl>(layout_.control)),
      workers_(segment_->At<WorkerBlock>(layout_.workers)),
      tasks_(segment_->At<TaskRecord>(layout_.records), size.records),
      ring_(&control_->ring_ends, segment_->At<std::atomic<std::uint32_t>>(layout_.entries),
            PoolLayout::EntryCapacity(size)),
      wakers_(size.slots + 1) {}

queue::TaskRing PoolCore::mailbox(std::uint32_t slot) const {
  WorkerBlock& worker = workers_[slot];
  return {&worker.mailbox_ends, worker.mailbox, WorkerBlock::kMailboxCapacity};
}

queue::ResultRing PoolCore::results(std::uint32_t slot) const {
  const std::uint64_t offset = layout_.results + std::uint64_t{size_.result_bytes} * slot;
  return {&workers_[slot].result_ends, segment_->At<std::byte>(offset), size_.result_bytes};
}

// --- the owner ---

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

bool PoolCore::SpinForResults(std::uint32_t deaths_seen, Deadline deadline) {
  // The clock costs as much as a look at the rings: read it every few rounds.
  for (std::uint32_t round = 1;; ++round) {
    if (HasResults(deaths_seen)) return true;
    if (round % 8 == 0 && deadline.Expired()) return false;
    platform::Pause();
  }
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

void PoolCore::Retract(std::uint32_t slot) {
  if (sync::Parker(workers_[slot].park).Retract()) control_->sleepers.fetch_sub(1, std::memory_order_relaxed);
}

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

// --- a worker ---

std::uint32_t PoolCore::FairShare(std::uint32_t most) const {
  // With few tasks about, a batch for one worker is work that others sleep beside.
  const std::uint32_t workers = std::max(1U, control_->slot_limit.load(std::memory_order_relaxed));
  return std::clamp(ring_.size() / workers, 1U, most);
}

std::uint32_t PoolCore::TakeOver(std::uint32_t slot, std::uint32_t* out, std::uint32_t most) const {
  const std::uint32_t limit = control_->slot_limit.load(std::memory_order_relaxed);
  std::uint32_t taken = 0;
  for (std::uint32_t i = 1; i < limit && taken < most; ++i) {
    const WorkerBlock& other = workers_[(slot + i) % limit];
    // Acquire pairs with the releases in Take. While the other one writes its next list the entries may be of either
    // list; both are hints.
    std::uint32_t at = other.claim_count.load(std::memory_order_acquire);
    while (at > 0 && taken < most) {
      ALLCORES_SCHEDULE_POINT();
      const std::uint32_t entry = other.claims[--at].load(std::memory_order_acquire);
      ALLCORES_SCHEDULE_POINT();
      // The entry may have come by mailbox in the meantime, over one that was counted. Then the length that was 0
      // before it is seen here, or a later list's, by which time that task has been begun and is not ready.
      if (other.claim_count.load(std::memory_order_acquire) == 0) break;
      if (tasks_.IsReady(entry)) out[taken++] = entry;
    }
  }
  return taken;
}

bool PoolCore::HasWork(std::uint32_t slot) const {
  std::uint32_t unused = 0;
  return workers_[slot].command.load(std::memory_order_seq_cst) != 0 ||
         control_->shutdown.load(std::memory_order_seq_cst) != 0 || !mailbox(slot).empty() || !ring_.empty() ||
         TakeOver(slot, &unused, 1) > 0;
}

std::uint32_t PoolCore::Take(std::uint32_t slot, std::uint32_t most, std::int64_t spin_nanos) {
  WorkerBlock& worker = workers_[slot];
  queue::TaskRing mailbox = this->mailbox(slot);
  most = std::clamp(most, 1U, WorkerBlock::kMostClaims);
  std::uint32_t taken[WorkerBlock::kMostClaims];
  const std::int64_t entered = MonotonicNanos();
  std::int64_t now = entered;
  std::uint32_t count = 0;
  bool personal = false;
  for (std::uint32_t round = 1;; ++round) {
    if (worker.command.load(std::memory_order_relaxed) != 0) break;
    personal = (count = mailbox.TryClaim(taken, 1)) > 0;
    if (personal || (count = ring_.TryClaim(taken, FairShare(most))) > 0) break;
    if (round % 8 == 0) now = MonotonicNanos();
    if (now - entered >= spin_nanos) {
      count = TakeOver(slot, taken, most);
      break;
    }
    platform::Pause();
  }
  ALLCORES_SCHEDULE_POINT();
  // What came by mailbox is for this worker alone, so others see an empty list, and see it before the entry.
  if (personal) worker.claim_count.store(0, std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i) {
    ALLCORES_SCHEDULE_POINT();
    worker.claims[i].store(taken[i], std::memory_order_release);
  }
  // Release: the list before its length.
  worker.claim_count.store(personal ? 0 : count, std::memory_order_release);
  ALLCORES_SCHEDULE_POINT();
  worker.entered_at = static_cast<double>(entered);
  worker.claimed_at = static_cast<double>(now);
  return count;
}

void PoolCore::ParkWorker(std::uint32_t slot, Deadline deadline) {
  sync::Parker parker(workers_[slot].park);
  // Counted before announced: a waker that finds the announcement subtracts from the count.
  control_->sleepers.fetch_add(1, std::memory_order_seq_cst);
  ALLCORES_SCHEDULE_POINT();
  parker.Announce(sync::Parker::kParked);
  ALLCORES_SCHEDULE_POINT();
  if (!HasWork(slot)) parker.Sleep(deadline);
  Retract(slot);
}

bool PoolCore::EnterLoop(std::uint32_t slot) {
  control_->sleepers.fetch_add(1, std::memory_order_seq_cst);
  sync::Parker(workers_[slot].park).Announce(sync::Parker::kParkedInLoop);
  ALLCORES_SCHEDULE_POINT();
  if (!HasWork(slot)) return true;
  Retract(slot);
  return false;
}

void PoolCore::LeaveLoop(std::uint32_t slot) { Retract(slot); }

void PoolCore::AwaitRoom(std::uint32_t slot, std::uint32_t head, Deadline deadline) {
  WorkerBlock& worker = workers_[slot];
  sync::EventCount room(worker.room);
  const std::uint32_t key = room.PrepareWait();
  ALLCORES_SCHEDULE_POINT();
  // Sequentially consistent: the owner moves the head and then looks at `room`.
  if (worker.result_ends.head.load(std::memory_order_seq_cst) != head) return;
  if (control_->shutdown.load(std::memory_order_seq_cst) != 0) return;
  room.Wait(key, deadline);
}

void PoolCore::NotifyOwner() {
  const bool waiting = sync::EventCount(control_->owner).NotifyAll();
  ALLCORES_SCHEDULE_POINT();
  if (waiting && control_->owner_in_loop.load(std::memory_order_relaxed) != 0) wakers_.Poke(kOwner);
}

void PoolCore::MarkDead(std::uint32_t slot) {
  WorkerBlock& worker = workers_[slot];
  Retract(slot);
  worker.status.store(static_cast<std::uint32_t>(WorkerStatus::kDead), std::memory_order_release);
  control_->deaths.fetch_add(1, std::memory_order_seq_cst);
  NotifyOwner();
}

}  // namespace allcores::executor
