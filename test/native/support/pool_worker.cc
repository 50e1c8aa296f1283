#include "support/pool_worker.h"

#include <cstring>
#include <utility>
#include <vector>

#include "support/hang.h"
#include "support/pool_fixture.h"

namespace allcores::testing {

using executor::PoolCore;
using executor::TaskEntry;
using executor::WorkerBlock;
using executor::WorkerStatus;

PoolWorker::PoolWorker(PoolCore& pool, std::uint32_t slot, Ledger& begun, const Options& options, Body body)
    : pool_(pool), slot_(slot), begun_(begun), options_(options), body_(std::move(body)) {
  pool_.wakers().Set(PoolCore::Participant(slot), [this] { loop_.Poke(); });
}

PoolWorker::~PoolWorker() { pool_.wakers().Clear(PoolCore::Participant(slot_)); }

bool PoolWorker::ToldToLeave() const {
  return pool_.control().shutdown.load(std::memory_order_acquire) != 0 ||
         (pool_.worker(slot_).command.load(std::memory_order_acquire) & WorkerBlock::kStop) != 0;
}

bool PoolWorker::HasWork() const { return ToldToLeave() || !pool_.ring().empty() || !pool_.mailbox(slot_).empty(); }

void PoolWorker::Run() {
  WorkerBlock& block = pool_.worker(slot_);
  block.status.store(static_cast<std::uint32_t>(WorkerStatus::kServing), std::memory_order_release);
  bool alive = true;
  while (alive && !ToldToLeave()) {
    const std::uint32_t count = pool_.Take(slot_, options_.most, options_.spin_nanos);
    for (std::uint32_t i = 0; alive && i < count; ++i) {
      alive = RunEntry(block.claims[i].load(std::memory_order_relaxed));
    }
    if (count == 0) Wait();
  }
  pool_.MarkDead(slot_);
}

bool PoolWorker::RunEntry(std::uint32_t entry) {
  if (!pool_.tasks().TryBegin(entry, slot_)) {
    ++dropped_;
    return true;
  }
  const std::uint32_t number = pool_.tasks().at(TaskEntry::Index(entry)).function;
  begun_.Record(number);
  if (body_ && !body_(number)) return false;
  SendResult(entry, number);
  ++completed_;
  return true;
}

void PoolWorker::SendResult(std::uint32_t entry, std::uint32_t number) {
  const std::uint32_t padding = options_.longest_padding == 0 ? 0 : number * 7 % (options_.longest_padding + 1);
  const TestResult result{entry, number, slot_, padding};
  std::vector<std::byte> bytes(sizeof result + padding, static_cast<std::byte>(number));
  std::memcpy(bytes.data(), &result, sizeof result);
  const std::atomic<std::uint32_t>& head_word = pool_.worker(slot_).result_ends.head;
  for (;;) {
    // Read before the attempt: had it been read after, a head that moved in between would be waited for in vain.
    const std::uint32_t head = head_word.load(std::memory_order_acquire);
    if (pool_.results(slot_).TryPush(TaskEntry::Index(entry), bytes)) break;
    const Deadline deadline = HangDeadline();
    pool_.AwaitRoom(slot_, head, deadline);
    ++waits_;
    const bool shut_down = pool_.control().shutdown.load(std::memory_order_acquire) != 0;
    if (deadline.Expired() && (shut_down || head_word.load() != head)) ++lost_;
    if (shut_down) return;
  }
  pool_.NotifyOwner();
}

void PoolWorker::Wait() {
  const Deadline deadline = HangDeadline();
  ++waits_;
  if (options_.waits == Waits::kOnThread) {
    pool_.ParkWorker(slot_, deadline);
  } else if (pool_.EnterLoop(slot_)) {
    loop_.Turn();
    pool_.LeaveLoop(slot_);
  }
  if (deadline.Expired() && HasWork()) ++lost_;
}

}  // namespace allcores::testing
