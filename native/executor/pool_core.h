#pragma once

#include <cstdint>
#include <memory>

#include "base/deadline.h"
#include "executor/pool_layout.h"
#include "executor/task_record.h"
#include "executor/worker_block.h"
#include "memory/segment.h"
#include "participant/wakers.h"
#include "queue/result_ring.h"
#include "queue/task_ring.h"

namespace allcores::executor {

// A pool as its native side sees it: one segment, one owner thread, workers in slots. Knows nothing of functions and
// values; those are bytes in the segment. The protocol of sleeping and waking is told and proved in README.md.
class PoolCore {
 public:
  // Null when there is no memory for it.
  static std::shared_ptr<PoolCore> Create(const PoolSize& size);
  // In memory of at least PoolLayout(size).total bytes: of zeroes, or with a pool of that size in it.
  static std::shared_ptr<PoolCore> On(const PoolSize& size, std::shared_ptr<memory::Segment> segment);

  PoolCore(const PoolCore&) = delete;
  PoolCore& operator=(const PoolCore&) = delete;

  [[nodiscard]] const PoolSize& size() const { return size_; }
  [[nodiscard]] const PoolLayout& layout() const { return layout_; }
  [[nodiscard]] memory::Segment& segment() const { return *segment_; }
  [[nodiscard]] PoolControl& control() const { return *control_; }
  [[nodiscard]] WorkerBlock& worker(std::uint32_t slot) const { return workers_[slot]; }
  [[nodiscard]] TaskTable tasks() const { return tasks_; }
  [[nodiscard]] queue::TaskRing ring() const { return ring_; }
  [[nodiscard]] queue::TaskRing mailbox(std::uint32_t slot) const;
  [[nodiscard]] queue::ResultRing results(std::uint32_t slot) const;

  // --- the owner ---

  // Wakes up to `count` idle workers; gives how many there were to wake.
  std::uint32_t WakeWorkers(std::uint32_t count);
  // Makes one worker look at its mailbox and commands, wherever it waits.
  void NudgeWorker(std::uint32_t slot);
  // Any result, or death not among `deaths_seen`? Spins until there is or the time is over.
  bool SpinForResults(std::uint32_t deaths_seen, std::int64_t nanos);
  // Announces that the owner goes to its event loop and must be poked there. False: there is something already.
  bool ParkOwnerInLoop(std::uint32_t deaths_seen);
  // Blocks the owner's thread. False when the deadline passed with nothing to see.
  bool SleepOwner(std::uint32_t deaths_seen, Deadline deadline);
  // Tells a worker that its result ring has room again.
  void NotifyRoom(std::uint32_t slot);
  // Takes a dead worker out of the protocol and leaves its slot vacant. Its results have been read.
  void Bury(std::uint32_t slot);
  // Ends every wait of every worker; they leave.
  void Shutdown();

  // --- a worker ---

  // Claims up to `most` entries into its claim list: from its mailbox, the ring, or, after spinning for
  // `spin_nanos` in vain, what others claimed and did not begin. Gives their number, 0 when there is none.
  std::uint32_t Take(std::uint32_t slot, std::uint32_t most, std::int64_t spin_nanos);
  // Sleeps on its thread until woken or the deadline; at once back when there is something to do.
  void ParkWorker(std::uint32_t slot, Deadline deadline);
  // The same in its event loop, in two steps. Enter gives false when there is something to do already.
  bool EnterLoop(std::uint32_t slot);
  void LeaveLoop(std::uint32_t slot);
  // Sleeps until the owner has read results beyond `head`, is gone, or the deadline passes.
  void AwaitRoom(std::uint32_t slot, std::uint32_t head, Deadline deadline);
  // After publishing a result, when the owner's word says that it waits.
  void NotifyOwner();
  // Last act of a worker's thread, or of whoever sees its process gone.
  void MarkDead(std::uint32_t slot);

  static constexpr std::uint32_t kOwner = 0;  // participant number of the owner among the wakers
  static constexpr std::uint32_t Participant(std::uint32_t slot) { return slot + 1; }
  [[nodiscard]] participant::Wakers& wakers() { return wakers_; }

 private:
  PoolCore(const PoolSize& size, std::shared_ptr<memory::Segment> segment);

  bool HasResults(std::uint32_t deaths_seen) const;
  bool HasWork(std::uint32_t slot) const;
  std::uint32_t FairShare(std::uint32_t most) const;
  std::uint32_t TakeOver(std::uint32_t slot, std::uint32_t* out, std::uint32_t most) const;
  void Retract(std::uint32_t slot);

  PoolSize size_;
  PoolLayout layout_;
  std::shared_ptr<memory::Segment> segment_;
  PoolControl* control_;
  WorkerBlock* workers_;
  TaskTable tasks_;
  queue::TaskRing ring_;
  participant::Wakers wakers_;
  std::uint32_t wake_from_ = 0;  // where the next search for sleepers begins; the owner's alone
};

}  // namespace allcores::executor
