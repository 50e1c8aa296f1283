#include "participant/guard.h"

#include <gtest/gtest.h>

#include <atomic>

#include "platform/mapping.h"
#include "support/child.h"
#include "support/crew.h"
#include "support/futexes.h"
#include "support/random_delay.h"

namespace allcores::participant {
namespace {

// Two counts that are equal outside the guard. Plain words: a data race if the guard lets two in.
struct Pair {
  std::uint64_t first;
  std::uint64_t second;
};

template <typename Futex>
class GuardStressTest : public ::testing::Test {
 protected:
  using Guard = BasicGuard<Futex>;

  struct Shared {
    std::atomic<std::uint32_t> guard;
    std::atomic<std::uint32_t> inherited;
    std::atomic<std::uint32_t> torn;
    Pair pair;
  };

  void Increment(ParticipantId me, testing::RandomDelay& delay, bool die) {
    Guard guard(shared->guard);
    const auto entry = guard.Lock(table, me);
    if (entry == Guard::Entry::kInherited) {
      shared->inherited.fetch_add(1);
      shared->pair.second = shared->pair.first;  // the first is the truth
    }
    if (shared->pair.first != shared->pair.second) shared->torn.fetch_add(1);
    ++shared->pair.first;
    if (delay.OneIn(50)) delay();
    if (die) {
      table.Leave(me);
      return;
    }
    ++shared->pair.second;
    guard.Unlock();
  }

  platform::Mapping memory = platform::Mapping::Create(ParticipantTable::kBytes + 4096, platform::Reach::kProcesses);
  ParticipantTable table{reinterpret_cast<Participant*>(memory.data())};
  Shared* shared = reinterpret_cast<Shared*>(memory.data() + ParticipantTable::kBytes);
};
TYPED_TEST_SUITE(GuardStressTest, testing::Futexes, testing::FutexNames);

TYPED_TEST(GuardStressTest, LetsOneInAtATime) {
  constexpr std::uint32_t kRounds = 10'000;
  testing::Crew crew;
  for (std::uint32_t thread = 0; thread < 3; ++thread) {
    crew.Add([this, thread] {
      const ParticipantId me = this->table.Join(thread + 1);
      testing::RandomDelay delay(thread);
      for (std::uint32_t i = 0; i < kRounds; ++i) this->Increment(me, delay, false);
    });
  }
  crew.Join();
  EXPECT_EQ(this->shared->pair.first, 3 * kRounds);
  EXPECT_EQ(this->shared->pair.second, 3 * kRounds);
  EXPECT_EQ(this->shared->inherited.load(), 0U);
  EXPECT_TRUE(typename TestFixture::Guard(this->shared->guard).IsFree());
}

// Now and then one ends inside and comes back as another participant.
TYPED_TEST(GuardStressTest, EveryDeathIsInheritedOnce) {
  constexpr std::uint32_t kRounds = 600;
  std::atomic<std::uint32_t> deaths{0};
  testing::Crew crew;
  for (std::uint32_t thread = 0; thread < 3; ++thread) {
    crew.Add([this, &deaths, thread] {
      ParticipantId me = this->table.Join(thread + 1);
      testing::RandomDelay delay(thread);
      for (std::uint32_t i = 0; i < kRounds; ++i) {
        const bool die = delay.OneIn(40);
        this->Increment(me, delay, die);
        if (!die) continue;
        deaths.fetch_add(1);
        me = this->table.Join(thread + 1);
      }
    });
  }
  crew.Join();
  testing::RandomDelay delay(9);
  this->Increment(this->table.Join(9), delay, false);  // finds the last death, if any
  EXPECT_GT(deaths.load(), 0U);
  EXPECT_EQ(this->shared->inherited.load(), deaths.load());
  EXPECT_EQ(this->shared->torn.load(), 0U);
  EXPECT_EQ(this->shared->pair.first, 3 * kRounds + 1);
}

}  // namespace
}  // namespace allcores::participant
