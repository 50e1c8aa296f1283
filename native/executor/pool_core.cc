#include "executor/pool_core.h"

#include "sync/parker.h"

namespace allcores::executor {

std::shared_ptr<PoolCore> PoolCore::Create(const PoolSize& size) {
  std::shared_ptr<memory::Segment> segment =
      memory::Segment::Create(PoolLayout(size).total, platform::Reach::kProcesses);
  return segment == nullptr ? nullptr : On(size, std::move(segment));
}

std::shared_ptr<PoolCore> PoolCore::On(const PoolSize& size, std::shared_ptr<memory::Segment> segment) {
  ALLCORES_CHECK(size.slots > 0 && size.slots <= TaskState::kSlotMask);
  ALLCORES_CHECK(size.records > 0 && size.records - 1 <= TaskEntry::kIndexMask);
  ALLCORES_CHECK(segment->size() >= PoolLayout(size).total);
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

void PoolCore::Retract(std::uint32_t slot) {
  if (sync::Parker(workers_[slot].park).Retract()) control_->sleepers.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace allcores::executor
