#include <gtest/gtest.h>

#include "support/hang.h"
#include "support/pool_run.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

using testing::PoolOwner;
using testing::PoolRun;
using testing::PoolWorker;

struct Shape {
  const char* name;
  PoolOwner::Waits owner;
  PoolWorker::Waits worker;
  std::uint32_t workers;
};

class PoolWakeupStressTest : public ::testing::TestWithParam<Shape> {};
INSTANTIATE_TEST_SUITE_P(
    Shapes, PoolWakeupStressTest,
    ::testing::Values(Shape{"BothOnThreads", PoolOwner::Waits::kOnThread, PoolWorker::Waits::kOnThread, 1},
                      Shape{"OwnerInLoop", PoolOwner::Waits::kInLoop, PoolWorker::Waits::kOnThread, 1},
                      Shape{"WorkerInLoop", PoolOwner::Waits::kOnThread, PoolWorker::Waits::kInLoop, 1},
                      Shape{"BothInLoops", PoolOwner::Waits::kInLoop, PoolWorker::Waits::kInLoop, 1},
                      Shape{"ThreeWorkers", PoolOwner::Waits::kOnThread, PoolWorker::Waits::kOnThread, 3}),
    [](const auto& info) { return info.param.name; });

// One task at a time, so each round both sides sleep or are about to. Nobody spins; a wake-up that is lost leaves both
// asleep for good. `personal` goes through the mailbox and NudgeWorker instead of the ring and WakeWorkers.
void PlayRounds(const Shape& shape, bool personal) {
  constexpr std::uint32_t kRounds = 2500;
  PoolRun run(testing::kSmallPool, kRounds, shape.workers, {.waits = shape.worker, .most = 1}, shape.owner);
  testing::RandomDelay random(1);
  const std::atomic<std::uint32_t>& sleepers = run.pool->control().sleepers;
  std::uint32_t unsettled = 0;
  for (std::uint32_t number = 0; number < kRounds; ++number) {
    if (random.OneIn(2)) {
      // Everybody asleep, or as good as.
      unsettled += testing::Eventually([&] { return sleepers.load() == shape.workers; }) ? 0 : 1;
    } else {
      random();
    }
    const auto entry = personal ? run.owner.SubmitTo(number % shape.workers, number) : run.owner.Submit(number);
    ASSERT_TRUE(entry.has_value());
    if (random.OneIn(4)) random();
    ASSERT_TRUE(run.owner.DrainUntil(number + 1)) << "the owner slept beside a result";
  }
  EXPECT_TRUE(testing::Eventually([&] { return sleepers.load() == shape.workers; }));
  run.Stop();
  EXPECT_EQ(unsettled, 0U);
  EXPECT_EQ(run.lost(), 0U);
  EXPECT_EQ(run.owner.finished().once(), kRounds);
  EXPECT_EQ(sleepers.load(), 0U);
}

TEST_P(PoolWakeupStressTest, NobodySleepsBesideATaskOrAResult) { PlayRounds(GetParam(), false); }

TEST_P(PoolWakeupStressTest, NobodySleepsBesideItsMailbox) { PlayRounds(GetParam(), true); }

// The owner changes between its two ways of waiting, and its loop also turns for reasons of its own.
TEST(PoolWakeupStress, AnOwnerMayChangeItsWayOfWaiting) {
  constexpr std::uint32_t kRounds = 4000;
  auto pool = testing::MakePool(testing::kSmallPool, 1);
  testing::Ledger begun(kRounds);
  PoolWorker worker(*pool, 0, begun, {.most = 1});
  testing::Crew crew;
  crew.Add([&] { worker.Run(); });
  crew.Start();
  PoolOwner owner(*pool, kRounds);
  testing::EventLoop loop;
  pool->wakers().Set(PoolCore::kOwner, [&] { loop.Poke(); });
  testing::RandomDelay random(1);
  std::uint32_t lost = 0;
  for (std::uint32_t number = 0; number < kRounds; ++number) {
    ASSERT_TRUE(owner.Submit(number).has_value());
    while (owner.Drain() == 0 && lost == 0) {
      if (random.OneIn(2)) {
        lost += pool->SleepOwner(0, testing::HangDeadline()) ? 0 : 1;
      } else if (pool->ParkOwnerInLoop(0)) {
        if (random.OneIn(2)) {
          loop.TurnFor(std::chrono::microseconds(random.Below(50)));  // something else happened in the loop
        } else {
          lost += loop.Turn() || owner.Drain() == 0 ? 0 : 1;
        }
      }
    }
    if (owner.drained() != number + 1) break;
  }
  pool->Shutdown();
  crew.Join();
  pool->wakers().Clear(PoolCore::kOwner);
  EXPECT_EQ(lost, 0U);
  EXPECT_EQ(worker.lost(), 0U);
  EXPECT_EQ(owner.finished().once(), kRounds);
}

}  // namespace
}  // namespace allcores::executor
