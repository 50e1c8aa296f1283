#include "support/pool_owner.h"

#include <cstring>

#include "support/hang.h"

namespace allcores::testing {

using executor::PoolCore;
using executor::TaskEntry;

PoolOwner::PoolOwner(PoolCore& pool, std::uint32_t tasks, Waits waits)
    : pool_(pool), waits_(waits), finished_(tasks), in_flight_(pool.size().records) {
  for (std::uint32_t index = pool.size().records; index > 0; --index) free_.push_back(index - 1);
  pool_.wakers().Set(PoolCore::kOwner, [this] { loop_.Poke(); });
}

PoolOwner::~PoolOwner() { pool_.wakers().Clear(PoolCore::kOwner); }

std::optional<std::uint32_t> PoolOwner::Publish(std::uint32_t number) {
  if (free_.empty()) return std::nullopt;
  const std::uint32_t index = free_.back();
  free_.pop_back();
  executor::TaskTable tasks = pool_.tasks();
  tasks.at(index).function = number;  // a plain write: ThreadSanitizer sees whether a worker may read it
  const std::uint32_t entry = tasks.Publish(index);
  in_flight_[index] = entry;
  return entry;
}

std::optional<std::uint32_t> PoolOwner::Submit(std::uint32_t number) {
  // Looked at first, so that a task without a hint never comes to be.
  queue::TaskRing ring = pool_.ring();
  if (ring.size() == ring.capacity()) return std::nullopt;
  const std::optional<std::uint32_t> entry = Publish(number);
  if (!entry.has_value()) return std::nullopt;
  ALLCORES_CHECK(ring.TryPush(*entry));
  pool_.WakeWorkers(1);
  return entry;
}

std::optional<std::uint32_t> PoolOwner::SubmitTo(std::uint32_t slot, std::uint32_t number) {
  queue::TaskRing mailbox = pool_.mailbox(slot);
  if (mailbox.size() == mailbox.capacity()) return std::nullopt;
  const std::optional<std::uint32_t> entry = Publish(number);
  if (!entry.has_value()) return std::nullopt;
  ALLCORES_CHECK(mailbox.TryPush(*entry));
  pool_.NudgeWorker(slot);
  return entry;
}

bool PoolOwner::PushHint(std::uint32_t entry) {
  if (!pool_.ring().TryPush(entry)) return false;
  pool_.WakeWorkers(1);
  return true;
}

bool PoolOwner::Cancel(std::uint32_t entry) {
  if (!pool_.tasks().TryCancel(entry)) return false;
  Release(TaskEntry::Index(entry));
  return true;
}

std::size_t PoolOwner::Drain() {
  const std::size_t before = drained_;
  const std::uint32_t limit = pool_.control().slot_limit.load(std::memory_order_relaxed);
  for (std::uint32_t slot = 0; slot < limit; ++slot) {
    queue::ResultRing results = pool_.results(slot);
    queue::ResultRing::Record record;
    bool any = false;
    while (results.Peek(&record)) {
      Read(record.tag, record.payload);
      results.Pop();
      any = true;
    }
    if (any) pool_.NotifyRoom(slot);
  }
  return drained_ - before;
}

void PoolOwner::Read(std::uint32_t tag, std::span<const std::byte> payload) {
  ++drained_;
  TestResult result{};
  if (payload.size() >= sizeof result) std::memcpy(&result, payload.data(), sizeof result);
  bool right = payload.size() == sizeof result + result.padding && tag < in_flight_.size() &&
               in_flight_[tag] == result.entry && pool_.tasks().at(tag).function == result.number;
  for (std::size_t i = sizeof result; right && i < payload.size(); ++i) {
    right = payload[i] == static_cast<std::byte>(result.number);
  }
  if (!right) {
    ++strange_;
    return;
  }
  finished_.Record(result.number);
  pool_.tasks().Free(result.entry);
  Release(tag);
  if (on_result) on_result(result);
}

void PoolOwner::Release(std::uint32_t index) {
  in_flight_[index].reset();
  free_.push_back(index);
}

bool PoolOwner::DrainUntil(std::size_t count) {
  while (drained_ < count) {
    if (Drain() == 0 && !Wait()) return false;
  }
  return true;
}

bool PoolOwner::Wait() {
  if (waits_ == Waits::kOnThread) return pool_.SleepOwner(deaths_seen, HangDeadline()) || Drain() == 0;
  if (!pool_.ParkOwnerInLoop(deaths_seen)) return true;
  return loop_.Turn() || Drain() == 0;
}

std::vector<std::uint32_t> PoolOwner::InFlight() const {
  std::vector<std::uint32_t> entries;
  for (const auto& entry : in_flight_) {
    if (entry.has_value()) entries.push_back(*entry);
  }
  return entries;
}

void PoolOwner::GiveUp(std::uint32_t entry) {
  pool_.tasks().Free(entry);
  Release(TaskEntry::Index(entry));
}

}  // namespace allcores::testing
