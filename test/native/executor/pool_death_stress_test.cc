#include <gtest/gtest.h>

#include "support/hang.h"
#include "support/pool_run.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

using testing::PoolRun;
using testing::PoolWorker;

constexpr std::uint32_t kTasks = 6000;
constexpr std::uint32_t kWorkers = 3;

// Workers die in the middle of tasks and are told to stop; each is buried and its slot given to another one.
class PoolDeathStressTest : public ::testing::TestWithParam<PoolWorker::Waits> {
 protected:
  PoolRun run{testing::kSmallPool, kTasks, 0, {}};
  std::size_t died_with_worker = 0;

  void Hire(std::uint32_t slot) {
    run.Hire(slot, {.waits = GetParam(), .most = 8}, [](std::uint32_t number) { return number % 97 != 5; });
  }

  // What the owner does whenever the number of deaths has changed.
  void BuryTheDead() {
    const std::uint32_t deaths = run.pool->control().deaths.load(std::memory_order_acquire);
    if (deaths == run.owner.deaths_seen) return;
    run.owner.deaths_seen = deaths;
    for (std::uint32_t slot = 0; slot < kWorkers; ++slot) {
      const auto status = static_cast<WorkerStatus>(run.pool->worker(slot).status.load(std::memory_order_acquire));
      if (status == WorkerStatus::kDead) Replace(slot);
    }
    // The dead may have taken hints or a wake-up with them: each task that nobody has begun gets another hint.
    for (const std::uint32_t entry : run.owner.InFlight()) {
      if (!run.pool->tasks().IsReady(entry)) continue;
      ASSERT_TRUE(testing::Eventually([&] { return run.owner.PushHint(entry); }));
    }
  }

  void Replace(std::uint32_t slot) {
    run.owner.Drain();  // what it finished before it died
    for (const std::uint32_t entry : run.owner.InFlight()) {
      const std::uint32_t state = run.pool->tasks().at(TaskEntry::Index(entry)).state.load(std::memory_order_acquire);
      if (state != TaskState::Pack(TaskEntry::Generation(entry), Phase::kRunning, slot)) continue;
      run.owner.GiveUp(entry);
      ++died_with_worker;
    }
    run.pool->Bury(slot);
    Hire(slot);
  }
};
INSTANTIATE_TEST_SUITE_P(Waits, PoolDeathStressTest,
                         ::testing::Values(PoolWorker::Waits::kOnThread, PoolWorker::Waits::kInLoop),
                         [](const auto& info) {
                           return info.param == PoolWorker::Waits::kOnThread ? "OnThread" : "InLoop";
                         });

TEST_P(PoolDeathStressTest, EveryTaskIsFinishedOrDiedWithItsWorker) {
  run.pool->control().slot_limit.store(kWorkers);
  for (std::uint32_t slot = 0; slot < kWorkers; ++slot) Hire(slot);
  testing::RandomDelay random(1);
  for (std::uint32_t number = 0; number < kTasks;) {
    BuryTheDead();
    if (random.OneIn(300)) {
      const std::uint32_t slot = random.Below(kWorkers);
      run.pool->worker(slot).command.store(WorkerBlock::kStop);
      run.pool->NudgeWorker(slot);
    }
    if (run.owner.Submit(number).has_value()) {
      ++number;
    } else if (run.owner.Drain() == 0 && !run.owner.InFlight().empty()) {
      ASSERT_TRUE(run.owner.Wait());
    }
  }
  while (!run.owner.InFlight().empty()) {
    BuryTheDead();
    if (run.owner.Drain() == 0 && !run.owner.InFlight().empty()) {
      ASSERT_TRUE(run.owner.Wait()) << "asleep beside work";
    }
  }
  run.Stop();
  EXPECT_EQ(run.lost(), 0U);
  EXPECT_EQ(run.begun.once(), kTasks);
  EXPECT_EQ(run.owner.finished().repeated(), 0U);
  EXPECT_EQ(run.owner.finished().once() + died_with_worker, kTasks);
  EXPECT_EQ(died_with_worker, (kTasks - 5 + 96) / 97);
  EXPECT_EQ(run.owner.strange(), 0U);
  EXPECT_EQ(run.pool->control().sleepers.load(), 0U);
}

}  // namespace
}  // namespace allcores::executor
