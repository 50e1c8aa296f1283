#include "executor/pool_core.h"

#include <algorithm>

#include "base/schedule_point.h"
#include "executor/spin.h"
#include "sync/event_count.h"
#include "sync/parker.h"

namespace allcores::executor {

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
  Spin spin(spin_nanos);
  std::uint32_t count = 0;
  bool personal = false;
  for (;;) {
    if (worker.command.load(std::memory_order_relaxed) != 0) break;
    count = mailbox.TryClaim(taken, 1);
    personal = count > 0;
    if (!personal) count = ring_.TryClaim(taken, FairShare(most));
    if (count > 0) break;
    if (!spin.Step()) {
      count = TakeOver(slot, taken, most);
      break;
    }
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
  worker.entered_at = static_cast<double>(spin.began());
  worker.claimed_at = static_cast<double>(spin.now());
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
  sync::EventCount owner(control_->owner);
  if (!owner.Notify()) return;
  // Relaxed: the announcement that was just taken came after it. Should the owner have gone on by itself and wait in
  // the other way by now, then it has seen what is told here: it looks after announcing itself anew.
  if (control_->owner_in_loop.load(std::memory_order_relaxed) != 0) {
    wakers_.Poke(kOwner);
  } else {
    owner.WakeAll();
  }
}

void PoolCore::MarkDead(std::uint32_t slot) {
  WorkerBlock& worker = workers_[slot];
  Retract(slot);
  worker.status.store(static_cast<std::uint32_t>(WorkerStatus::kDead), std::memory_order_release);
  control_->deaths.fetch_add(1, std::memory_order_seq_cst);
  NotifyOwner();
}

}  // namespace allcores::executor
