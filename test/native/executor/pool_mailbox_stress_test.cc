#include <gtest/gtest.h>

#include "support/pool_run.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

using testing::PoolRun;

// Personal tasks among common ones, with workers that look for work in each other's claim lists all the time: what was
// addressed to one worker runs there and nowhere else.
TEST(PoolMailboxStress, APersonalTaskRunsOnItsWorker) {
  constexpr std::uint32_t kTasks = 15'000;
  constexpr std::uint32_t kWorkers = 3;
  constexpr std::uint32_t kAnybody = 99;
  std::vector<std::uint32_t> addressee(kTasks, kAnybody);
  PoolRun run(testing::kSmallPool, kTasks, kWorkers, {.most = 2});
  testing::RandomDelay random(1);
  std::size_t astray = 0;
  run.owner.on_result = [&](const testing::TestResult& result) {
    const std::uint32_t wanted = addressee[result.number];
    astray += wanted != kAnybody && wanted != result.slot ? 1 : 0;
  };
  for (std::uint32_t number = 0; number < kTasks;) {
    const std::uint32_t slot = random.Below(kWorkers);
    const bool personal = random.OneIn(2);
    if (personal) addressee[number] = slot;
    if (personal ? run.owner.SubmitTo(slot, number) : run.owner.Submit(number)) {
      ++number;
      if (random.OneIn(100)) random();
    } else {
      addressee[number] = kAnybody;
      if (run.owner.Drain() == 0 && !run.owner.InFlight().empty()) {
        ASSERT_TRUE(run.owner.Wait());
      }
    }
  }
  EXPECT_TRUE(run.owner.DrainUntil(kTasks));
  run.Stop();
  EXPECT_EQ(astray, 0U);
  EXPECT_EQ(run.lost(), 0U);
  EXPECT_EQ(run.begun.once(), kTasks);
  EXPECT_EQ(run.owner.finished().once(), kTasks);
  EXPECT_EQ(run.owner.strange(), 0U);
}

}  // namespace
}  // namespace allcores::executor
