#include <gtest/gtest.h>

#include "platform/futex.h"
#include "support/crew.h"
#include "support/futexes.h"
#include "support/random_delay.h"

namespace allcores::platform {
namespace {

template <typename Futex>
class FutexStressTest : public ::testing::Test {};
TYPED_TEST_SUITE(FutexStressTest, testing::Futexes, testing::FutexNames);

// Two threads take turns on one word. "Compare and go to sleep" is one step, so no turn is slept through; what the
// other one wrote before its turn ended is visible (ThreadSanitizer checks the plain variable).
TYPED_TEST(FutexStressTest, TakesTurnsWithoutLosingOne) {
  constexpr std::uint32_t kTurns = 4000;
  std::atomic<std::uint32_t> word{0};
  std::uint32_t guarded = 0;
  testing::Crew crew;
  for (std::uint32_t parity = 0; parity < 2; ++parity) {
    crew.Add([&, parity] {
      testing::RandomDelay delay(parity);
      for (std::uint32_t turn = parity; turn < kTurns; turn += 2) {
        std::uint32_t seen = word.load(std::memory_order_acquire);
        while (seen != turn) {
          TypeParam::Wait(word, seen, Deadline::Never());
          seen = word.load(std::memory_order_acquire);
        }
        ++guarded;
        if (delay.OneIn(8)) delay();
        word.fetch_add(1, std::memory_order_acq_rel);
        TypeParam::WakeOne(word);
      }
    });
  }
  crew.Join();
  EXPECT_EQ(guarded, kTurns);
}

}  // namespace
}  // namespace allcores::platform
