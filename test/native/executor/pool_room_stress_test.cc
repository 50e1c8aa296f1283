#include <gtest/gtest.h>

#include "support/pool_run.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

using testing::PoolOwner;
using testing::PoolRun;

// Result rings so small that workers wait for room most of the time, while the owner waits for results.
TEST(PoolRoomStress, WorkersThatWaitForRoomAreWoken) {
  constexpr std::uint32_t kTasks = 8'000;
  for (const auto waits : {PoolOwner::Waits::kOnThread, PoolOwner::Waits::kInLoop}) {
    PoolRun run({.slots = 3, .records = 64, .result_bytes = 128, .arena_bytes = 0}, kTasks, 3,
                {.most = 16, .longest_padding = 40}, waits);
    testing::RandomDelay random(1);
    for (std::uint32_t number = 0; number < kTasks;) {
      if (run.owner.Submit(number).has_value()) {
        ++number;
      } else {
        if (random.OneIn(8)) random();
        if (run.owner.Drain() == 0) {
          ASSERT_TRUE(run.owner.Wait());
        }
      }
    }
    EXPECT_TRUE(run.owner.DrainUntil(kTasks));
    run.Stop();
    EXPECT_EQ(run.lost(), 0U);
    EXPECT_EQ(run.owner.finished().once(), kTasks);
    EXPECT_EQ(run.owner.strange(), 0U);
  }
}

}  // namespace
}  // namespace allcores::executor
