#include <gtest/gtest.h>

#include "support/pool_run.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

using testing::PoolOwner;
using testing::PoolRun;
using testing::PoolWorker;

struct Shape {
  const char* name;
  std::uint32_t workers;
  PoolWorker::Options options;
  PoolOwner::Waits owner_waits;
};

class PoolExactlyOnceStressTest : public ::testing::TestWithParam<Shape> {};
INSTANTIATE_TEST_SUITE_P(
    Shapes, PoolExactlyOnceStressTest,
    ::testing::Values(Shape{"OneWorker", 1, {.most = 1}, PoolOwner::Waits::kOnThread},
                      Shape{"Batches", 3, {.most = 8}, PoolOwner::Waits::kOnThread},
                      Shape{"Spinning", 2, {.most = 4, .spin_nanos = 20'000}, PoolOwner::Waits::kOnThread},
                      Shape{"OwnerInLoop", 2, {.most = 8}, PoolOwner::Waits::kInLoop},
                      Shape{"AllInLoops", 3, {.waits = PoolWorker::Waits::kInLoop}, PoolOwner::Waits::kInLoop},
                      Shape{"LongResults", 4, {.most = 64, .longest_padding = 300}, PoolOwner::Waits::kOnThread}),
    [](const auto& info) { return info.param.name; });

// Records and their generations are reused some hundred times, and every fourth task has more than one hint to it.
TEST_P(PoolExactlyOnceStressTest, EveryTaskIsBegunAndFinishedOnce) {
  constexpr std::uint32_t kTasks = 12'000;
  PoolRun run(testing::kSmallPool, kTasks, GetParam().workers, GetParam().options, GetParam().owner_waits);
  testing::RandomDelay random(1);
  bool lost = false;
  for (std::uint32_t number = 0; number < kTasks && !lost;) {
    const auto entry = run.owner.Submit(number);
    if (entry.has_value()) {
      ++number;
      for (std::uint32_t copies = random.OneIn(4) ? 1 + random.Below(3) : 0; copies > 0; --copies) {
        run.owner.PushHint(*entry);
      }
      if (random.OneIn(200)) random();
    } else if (run.owner.Drain() == 0) {
      // The ring may be full of hints alone, so that nobody owes a result: then workers have it to themselves.
      if (run.owner.InFlight().empty()) {
        std::this_thread::yield();
      } else {
        lost = !run.owner.Wait();
      }
    }
  }
  lost = lost || !run.owner.DrainUntil(kTasks);
  run.Stop();
  EXPECT_FALSE(lost);
  EXPECT_EQ(run.lost(), 0U);
  EXPECT_EQ(run.begun.once(), kTasks);
  EXPECT_EQ(run.owner.finished().once(), kTasks);
  EXPECT_EQ(run.owner.strange(), 0U);
  EXPECT_TRUE(run.owner.InFlight().empty());
  EXPECT_EQ(run.pool->control().sleepers.load(), 0U);
}

}  // namespace
}  // namespace allcores::executor
