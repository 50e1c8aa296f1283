#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "executor/pool_core.h"
#include "support/event_loop.h"
#include "support/ledger.h"
#include "support/pool_fixture.h"

namespace allcores::testing {

// The owner's side of the protocol, as the runtime plays it: publishes, drains, sleeps. One thread at a time.
class PoolOwner {
 public:
  enum class Waits { kOnThread, kInLoop };

  PoolOwner(executor::PoolCore& pool, std::uint32_t tasks, Waits waits = Waits::kOnThread);
  PoolOwner(const PoolOwner&) = delete;
  PoolOwner& operator=(const PoolOwner&) = delete;
  ~PoolOwner();

  // Publishes task `number` in a free record, without a hint to it. Nothing when every record is in use.
  std::optional<std::uint32_t> Publish(std::uint32_t number);
  // The same with a hint in the ring, and a worker woken for it.
  std::optional<std::uint32_t> Submit(std::uint32_t number);
  // The same through the mailbox of a worker.
  std::optional<std::uint32_t> SubmitTo(std::uint32_t slot, std::uint32_t number);
  // Another hint to the same task. False when the ring is full.
  bool PushHint(std::uint32_t entry);
  // True: the task will never run, and its record is free again.
  bool Cancel(std::uint32_t entry);

  // Reads every result that is there; gives their number.
  std::size_t Drain();
  // Drains, sleeping in between, until `count` results have been read in all. False when a wake-up was lost.
  bool DrainUntil(std::size_t count);
  // Sleeps until there is something to see. False when a wake-up was lost.
  bool Wait();

  // Entries of tasks that were published and not drained or cancelled: after a death, some of them are lost.
  [[nodiscard]] std::vector<std::uint32_t> InFlight() const;
  // Frees the record of a task that died with its worker.
  void GiveUp(std::uint32_t entry);

  std::uint32_t deaths_seen = 0;
  std::function<void(const TestResult&)> on_result;

  [[nodiscard]] const Ledger& finished() const { return finished_; }
  [[nodiscard]] std::size_t drained() const { return drained_; }
  // Results that do not belong to any task in flight, or whose bytes are wrong.
  [[nodiscard]] std::size_t strange() const { return strange_; }

 private:
  void Read(std::uint32_t tag, std::span<const std::byte> payload);
  void Release(std::uint32_t index);

  executor::PoolCore& pool_;
  Waits waits_;
  EventLoop loop_;
  Ledger finished_;
  std::vector<std::uint32_t> free_;
  std::vector<std::optional<std::uint32_t>> in_flight_;  // by index of the record
  std::size_t drained_ = 0;
  std::size_t strange_ = 0;
};

}  // namespace allcores::testing
