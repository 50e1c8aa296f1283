#include <gtest/gtest.h>

#include "support/hang.h"
#include "support/pool_run.h"

namespace allcores::executor {
namespace {

using testing::PoolRun;

// A worker claims a batch and sits on its first task until all the others are finished, by somebody else.
TEST(PoolTakeOverStress, OthersRunWhatABusyWorkerClaimed) {
  constexpr std::uint32_t kTasks = 16;
  for (int round = 0; round < 40; ++round) {
    std::atomic<bool> sitting{false};
    std::atomic<bool> released{false};
    PoolRun run(testing::kSmallPool, kTasks, 0, {});
    std::uint32_t by_the_busy_one = 0;
    run.owner.on_result = [&](const testing::TestResult& result) { by_the_busy_one += result.slot == 0 ? 1 : 0; };
    run.pool->control().slot_limit.store(3);
    for (std::uint32_t number = 0; number < kTasks; ++number) ASSERT_TRUE(run.owner.Submit(number));

    run.Hire(0, {.most = 16}, [&](std::uint32_t /*number*/) {
      sitting.store(true);
      return testing::Eventually([&] { return released.load(); });
    });
    ASSERT_TRUE(testing::Eventually([&] { return sitting.load(); }));
    EXPECT_EQ(run.pool->ring().size(), kTasks - kTasks / 3);
    run.Hire(1, {.most = 2});
    run.Hire(2, {.most = 2});
    ASSERT_TRUE(run.owner.DrainUntil(kTasks - 1));
    released.store(true);
    ASSERT_TRUE(run.owner.DrainUntil(kTasks));
    run.Stop();
    EXPECT_EQ(by_the_busy_one, 1U);
    EXPECT_EQ(run.begun.once(), kTasks);
  }
}

}  // namespace
}  // namespace allcores::executor
