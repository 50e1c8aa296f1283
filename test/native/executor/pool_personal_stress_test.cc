#include <gtest/gtest.h>

#include "support/crew.h"
#include "support/pool_fixture.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

// A thief does nothing but look for claims to take over, while a worker takes a common and a personal task in turn: the
// personal one stands in the list where the common one stood a moment ago, and may not be taken over.
TEST(PoolPersonalStress, APersonalTaskInTheClaimListIsLeftAlone) {
  constexpr int kRounds = 20'000;
  auto pool = testing::MakePool(testing::kSmallPool, 2);
  std::atomic<bool> done{false};
  int stolen = 0;
  testing::Crew crew;
  crew.Add([&] {
    while (!done.load(std::memory_order_acquire)) {
      const std::uint32_t count = pool->Take(1, 8, 0);
      for (std::uint32_t i = 0; i < count; ++i) pool->tasks().TryBegin(pool->worker(1).claims[i].load(), 1);
    }
  });
  crew.Add([&] {
    testing::RandomDelay delay(1);
    TaskTable tasks = pool->tasks();
    for (int round = 0; round < kRounds; ++round) {
      const std::uint32_t common = tasks.Publish(0);
      pool->ring().TryPush(common);
      pool->Take(0, 1, 0);
      tasks.TryBegin(common, 0);  // or the thief did
      const std::uint32_t personal = tasks.Publish(1);
      pool->mailbox(0).TryPush(personal);
      pool->Take(0, 1, 0);
      for (std::uint32_t spins = delay.Below(100); spins > 0; --spins) platform::Pause();
      stolen += tasks.TryBegin(personal, 0) ? 0 : 1;
      tasks.Free(common);
      tasks.Free(personal);
    }
    done.store(true, std::memory_order_release);
  });
  crew.Join();
  EXPECT_EQ(stolen, 0);
}

}  // namespace
}  // namespace allcores::executor
