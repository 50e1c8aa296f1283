#include <gtest/gtest.h>

#include <string>

#include "support/crew.h"
#include "support/ledger.h"
#include "support/random_delay.h"
#include "support/rings.h"

namespace allcores::queue {
namespace {

struct Shape {
  std::uint32_t consumers;
  std::uint32_t most;
  std::uint32_t start;
};

class TaskRingStressTest : public ::testing::TestWithParam<Shape> {};
INSTANTIATE_TEST_SUITE_P(Shapes, TaskRingStressTest,
                         ::testing::Values(Shape{1, 1, 0}, Shape{2, 1, 0}, Shape{3, 5, 0xffffff00}, Shape{4, 8, 0},
                                           Shape{4, 3, 0xfffffffe}),
                         [](const auto& info) {
                           return std::to_string(info.param.consumers) + "Consumers" + std::to_string(info.param.most) +
                                  "AtOnce" + (info.param.start == 0 ? "" : "Wrapping");
                         });

// Entries are numbered in the order in which they are pushed, so a history is right when each number was claimed once
// and the numbers of every single consumer grow.
template <std::uint32_t kCapacity>
void RunHistory(const Shape& shape, std::uint32_t pushes) {
  testing::TaskRingMemory<kCapacity> memory(shape.start);
  testing::Ledger ledger(pushes);
  std::atomic<std::uint32_t> disorder{0};
  std::atomic<bool> done{false};
  testing::Crew crew;
  for (std::uint32_t id = 0; id < shape.consumers; ++id) {
    crew.Add([&, id] {
      testing::RandomDelay delay(id);
      TaskRing ring = memory.ring();
      std::uint32_t next = 0;  // one past the last number seen
      std::uint32_t out[8];
      for (;;) {
        const bool last_round = done.load(std::memory_order_acquire);
        const std::uint32_t count = ring.TryClaim(out, 1 + delay.Below(shape.most));
        for (std::uint32_t i = 0; i < count; ++i) {
          ledger.Record(out[i]);
          if (out[i] < next) disorder.fetch_add(1, std::memory_order_relaxed);
          next = out[i] + 1;
        }
        if (count > 0) continue;
        if (last_round) return;
        if (delay.OneIn(16)) delay();
        std::this_thread::yield();
      }
    });
  }
  crew.Add([&] {
    testing::RandomDelay delay(99);
    TaskRing ring = memory.ring();
    for (std::uint32_t entry = 0; entry < pushes;) {
      if (ring.TryPush(entry)) {
        ++entry;
        if (delay.OneIn(256)) delay();
      } else {
        std::this_thread::yield();
      }
    }
    done.store(true, std::memory_order_release);
  });
  crew.Join();
  EXPECT_EQ(ledger.once(), pushes);
  EXPECT_EQ(ledger.missing(), 0U);
  EXPECT_EQ(ledger.repeated(), 0U);
  EXPECT_EQ(ledger.strange(), 0U);
  EXPECT_EQ(disorder, 0U);
  EXPECT_TRUE(memory.ring().empty());
}

TEST_P(TaskRingStressTest, ClaimsEachEntryOnceAndInOrder) { RunHistory<64>(GetParam(), 15'000); }

// With two places the producer laps every consumer that hesitates.
TEST_P(TaskRingStressTest, ClaimsEachEntryOnceWhenLapped) { RunHistory<2>(GetParam(), 3'000); }

// size() is looked at by consumers that do not claim: never more than there is room for.
TEST(TaskRingStress, SizeStaysWithinCapacity) {
  testing::TaskRingMemory<4> memory(0xfffffff0);
  std::atomic<bool> done{false};
  std::atomic<std::uint32_t> wrong{0};
  testing::Crew crew;
  crew.Add([&] {
    const TaskRing ring = memory.ring();
    while (!done.load(std::memory_order_acquire)) {
      if (ring.size() > 4) wrong.fetch_add(1);
    }
  });
  crew.Add([&] {
    TaskRing ring = memory.ring();
    std::uint32_t out[4];
    for (std::uint32_t i = 0; i < 5'000; ++i) {
      ring.TryPush(i);
      if (i % 3 == 2) ring.TryClaim(out, 4);
    }
    done.store(true, std::memory_order_release);
  });
  crew.Join();
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace allcores::queue
