#pragma once

#include <cstdint>
#include <functional>

#include "executor/pool_core.h"
#include "support/event_loop.h"
#include "support/ledger.h"

namespace allcores::testing {

// A worker's side of the protocol, as the runtime plays it: takes, begins, sends results, parks. Runs on its own
// thread.
class PoolWorker {
 public:
  enum class Waits { kOnThread, kInLoop };
  struct Options {
    Waits waits = Waits::kOnThread;
    std::uint32_t most = 8;             // entries claimed at once
    std::int64_t spin_nanos = 0;        // 0: sleeps whenever there is nothing
    std::uint32_t longest_padding = 0;  // of results, whose length follows from the task's number
  };
  // What a task does. False: the worker dies in the middle of it.
  using Body = std::function<bool(std::uint32_t number)>;

  PoolWorker(executor::PoolCore& pool, std::uint32_t slot, Ledger& begun, const Options& options, Body body = nullptr);
  PoolWorker(const PoolWorker&) = delete;
  PoolWorker& operator=(const PoolWorker&) = delete;
  ~PoolWorker();

  // Until told to stop, the pool is shut down, or the body dies. Ends with MarkDead.
  void Run();

  // After Run has returned.
  [[nodiscard]] std::size_t completed() const { return completed_; }
  [[nodiscard]] std::size_t dropped() const { return dropped_; }  // hints to tasks that others had begun
  [[nodiscard]] std::size_t lost() const { return lost_; }        // waits that ended by deadline beside work
  [[nodiscard]] std::size_t waits() const { return waits_; }

 private:
  [[nodiscard]] bool ToldToLeave() const;
  [[nodiscard]] bool HasWork() const;
  bool RunEntry(std::uint32_t entry);
  void SendResult(std::uint32_t entry, std::uint32_t number);
  void Wait();

  executor::PoolCore& pool_;
  std::uint32_t slot_;
  Ledger& begun_;
  Options options_;
  Body body_;
  EventLoop loop_;
  std::size_t completed_ = 0;
  std::size_t dropped_ = 0;
  std::size_t lost_ = 0;
  std::size_t waits_ = 0;
};

}  // namespace allcores::testing
