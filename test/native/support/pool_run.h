#pragma once

#include <memory>
#include <vector>

#include "support/crew.h"
#include "support/pool_fixture.h"
#include "support/pool_owner.h"
#include "support/pool_worker.h"

namespace allcores::testing {

// A pool with its workers running, for a test whose own thread is the owner.
class PoolRun {
 public:
  PoolRun(const executor::PoolSize& size, std::uint32_t tasks, std::uint32_t workers,
          const PoolWorker::Options& options, PoolOwner::Waits waits = PoolOwner::Waits::kOnThread,
          const PoolWorker::Body& body = nullptr)
      : pool(MakePool(size, workers)), owner(*pool, tasks, waits), begun(tasks) {
    for (std::uint32_t slot = 0; slot < workers; ++slot) Hire(slot, options, body);
  }
  ~PoolRun() { Stop(); }

  // Starts a worker in a vacant slot.
  void Hire(std::uint32_t slot, const PoolWorker::Options& options, PoolWorker::Body body = nullptr) {
    workers.push_back(std::make_unique<PoolWorker>(*pool, slot, begun, options, std::move(body)));
    crews_.push_back(std::make_unique<Crew>());
    crews_.back()->Add([worker = workers.back().get()] { worker->Run(); });
    crews_.back()->Start();
  }

  // Shuts the pool down; every worker has left when it returns.
  void Stop() {
    pool->Shutdown();
    for (auto& crew : crews_) crew->Join();
  }

  // After Stop: waits of workers that ended by deadline although there was work.
  [[nodiscard]] std::size_t lost() const {
    std::size_t sum = 0;
    for (const auto& worker : workers) sum += worker->lost();
    return sum;
  }

  std::shared_ptr<executor::PoolCore> pool;
  PoolOwner owner;
  Ledger begun;
  std::vector<std::unique_ptr<PoolWorker>> workers;

 private:
  std::vector<std::unique_ptr<Crew>> crews_;
};

}  // namespace allcores::testing
