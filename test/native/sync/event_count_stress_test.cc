#include <gtest/gtest.h>

#include "support/crew.h"
#include "support/futexes.h"
#include "support/hang.h"
#include "support/random_delay.h"
#include "sync/event_count.h"

namespace allcores::sync {
namespace {

template <typename Futex>
class EventCountStressTest : public ::testing::Test {};
TYPED_TEST_SUITE(EventCountStressTest, testing::Futexes, testing::FutexNames);

// Waits on `event` until `counter` has reached `target`. False when a wait ended by deadline although it had.
template <typename Event>
bool Reach(Event event, const std::atomic<std::uint32_t>& counter, std::uint32_t target, bool only_waiter) {
  while (counter.load(std::memory_order_acquire) < target) {
    const std::uint32_t key = event.PrepareWait();
    const bool there = counter.load(std::memory_order_seq_cst) >= target;
    const bool notified = there || event.Wait(key, testing::HangDeadline());
    if (only_waiter) {
      event.AbandonWait();
    } else if (there) {
      event.CancelWait();
    }
    if (!notified && counter.load() >= target) return false;
  }
  return true;
}

TYPED_TEST(EventCountStressTest, NeitherSideSleepsThroughItsTurn) {
  constexpr std::uint32_t kRounds = 4000;
  std::atomic<std::uint32_t> words[2]{};
  std::atomic<std::uint32_t> ball{0};
  std::atomic<bool> lost{false};
  testing::Crew crew;
  for (std::uint32_t parity = 0; parity < 2; ++parity) {
    crew.Add([&, parity] {
      testing::RandomDelay delay(parity);
      for (std::uint32_t turn = parity; turn < kRounds && !lost.load(); turn += 2) {
        const bool only_waiter = delay.OneIn(2);
        if (!Reach(BasicEventCount<TypeParam>(words[parity]), ball, turn, only_waiter)) lost.store(true);
        if (delay.OneIn(2)) delay();
        ball.store(turn + 1, std::memory_order_seq_cst);
        BasicEventCount<TypeParam>(words[1 - parity]).NotifyAll();
      }
    });
  }
  crew.Join();
  EXPECT_FALSE(lost);
  EXPECT_EQ(ball.load(), kRounds);
}

// Several notifiers, several waiters with targets of their own, one word.
TYPED_TEST(EventCountStressTest, EveryWaiterReachesItsTarget) {
  constexpr std::uint32_t kPerNotifier = 2000;
  constexpr std::uint32_t kNotifiers = 2;
  std::atomic<std::uint32_t> word{0};
  std::atomic<std::uint32_t> counter{0};
  std::atomic<bool> lost{false};
  testing::Crew crew;
  for (std::uint32_t id = 0; id < kNotifiers; ++id) {
    crew.Add([&, id] {
      testing::RandomDelay delay(id);
      for (std::uint32_t i = 0; i < kPerNotifier; ++i) {
        counter.fetch_add(1, std::memory_order_seq_cst);
        BasicEventCount<TypeParam>(word).NotifyAll();
        if (delay.OneIn(4)) delay();
      }
    });
  }
  for (std::uint32_t id = 0; id < 3; ++id) {
    crew.Add([&, id] {
      for (std::uint32_t target = 1; target <= kPerNotifier * kNotifiers && !lost.load(); target += id * 2 + 1) {
        if (!Reach(BasicEventCount<TypeParam>(word), counter, target, false)) lost.store(true);
      }
    });
  }
  crew.Join();
  EXPECT_FALSE(lost);
}

}  // namespace
}  // namespace allcores::sync
