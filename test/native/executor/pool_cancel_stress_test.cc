#include <gtest/gtest.h>

#include "support/pool_run.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

using testing::PoolRun;

// The owner takes tasks back at the moment at which workers begin them. Each task is either begun or cancelled.
TEST(PoolCancelStress, ATaskIsEitherBegunOrCancelled) {
  constexpr std::uint32_t kTasks = 15'000;
  PoolRun run(testing::kSmallPool, kTasks, 3, {.most = 4});
  testing::RandomDelay random(1);
  testing::Ledger cancelled(kTasks);
  std::size_t began = 0;
  for (std::uint32_t number = 0; number < kTasks;) {
    const auto entry = run.owner.Submit(number);
    if (entry.has_value()) {
      for (std::uint32_t spins = random.Below(200); spins > 0; --spins) platform::Pause();
      if (random.OneIn(4) || !run.owner.Cancel(*entry)) {
        ++began;
      } else {
        cancelled.Record(number);
        EXPECT_FALSE(run.owner.Cancel(*entry));
      }
      ++number;
    } else if (run.owner.Drain() == 0 && !run.owner.InFlight().empty()) {
      ASSERT_TRUE(run.owner.Wait());
    }
  }
  ASSERT_TRUE(run.owner.DrainUntil(began));
  run.Stop();
  std::size_t both = 0;
  std::size_t neither = 0;
  for (std::uint32_t number = 0; number < kTasks; ++number) {
    const std::size_t outcomes = run.begun.CountOf(number) + cancelled.CountOf(number);
    both += outcomes > 1 ? 1 : 0;
    neither += outcomes == 0 ? 1 : 0;
    if (run.begun.CountOf(number) != run.owner.finished().CountOf(number)) ++both;
  }
  EXPECT_EQ(both, 0U);
  EXPECT_EQ(neither, 0U);
  EXPECT_EQ(run.owner.strange(), 0U);
  EXPECT_EQ(run.lost(), 0U);
  EXPECT_GT(cancelled.once(), 0U);
  EXPECT_GT(began, 0U);
}

}  // namespace
}  // namespace allcores::executor
