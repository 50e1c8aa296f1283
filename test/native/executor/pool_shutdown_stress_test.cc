#include <gtest/gtest.h>

#include "support/hang.h"
#include "support/pool_run.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

using testing::PoolRun;
using testing::PoolWorker;

// Workers on their threads, in their loops and waiting for room, asleep or on their way there: all of them leave.
TEST(PoolShutdownStress, EveryWaitEnds) {
  constexpr std::uint32_t kTasks = 48;
  testing::RandomDelay random(1);
  for (int round = 0; round < 120; ++round) {
    PoolRun run({.slots = 4, .records = 64, .result_bytes = 64, .arena_bytes = 0}, kTasks, 3, {});
    run.pool->control().slot_limit.store(4);
    run.Hire(3, {.waits = PoolWorker::Waits::kInLoop});
    // Results that nobody reads: whoever gets tasks soon waits for room. Without tasks, everybody is idle.
    const std::uint32_t tasks = round % 2 == 0 ? kTasks : random.Below(3);
    for (std::uint32_t number = 0; number < tasks; ++number) ASSERT_TRUE(run.owner.Submit(number));
    random();
    run.Stop();
    ASSERT_EQ(run.lost(), 0U);
    ASSERT_EQ(run.pool->control().sleepers.load(), 0U);
    ASSERT_EQ(run.pool->control().deaths.load(), 4U);
  }
}

}  // namespace
}  // namespace allcores::executor
