#include <gtest/gtest.h>

#include "support/pool_run.h"

namespace allcores::executor {
namespace {

using testing::PoolRun;

// A record that is reused more than 2^16 times comes back to its first generation.
TEST(PoolGenerations, WrapAround) {
  constexpr std::uint32_t kTasks = 66'000;
  PoolRun run({.slots = 1, .records = 1, .result_bytes = 4096, .arena_bytes = 0}, kTasks, 1,
              {.most = 2, .spin_nanos = 50'000});
  for (std::uint32_t number = 0; number < kTasks;) {
    if (run.owner.Submit(number).has_value()) {
      ++number;
    } else if (run.owner.Drain() == 0) {
      run.pool->SpinForResults(0, 50'000);
    }
  }
  EXPECT_TRUE(run.owner.DrainUntil(kTasks));
  run.Stop();
  EXPECT_EQ(run.begun.once(), kTasks);
  EXPECT_EQ(run.owner.finished().once(), kTasks);
  EXPECT_EQ(run.owner.strange(), 0U);
}

}  // namespace
}  // namespace allcores::executor
