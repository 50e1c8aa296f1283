#include <gtest/gtest.h>

#include "support/crew.h"
#include "support/futexes.h"
#include "support/hang.h"
#include "support/random_delay.h"
#include "sync/parker.h"

namespace allcores::sync {
namespace {

template <typename Futex>
class ParkerStressTest : public ::testing::Test {};
TYPED_TEST_SUITE(ParkerStressTest, testing::Futexes, testing::FutexNames);

// One side of a ping-pong. The ball is a number that only grows; whose turn it is follows from its parity.
template <typename Parker>
struct Player {
  std::atomic<std::uint32_t>* ball;
  std::atomic<bool>* over;  // somebody lost a wake-up: the other one need not wait for the ball
  Parker own;
  Parker other;
  std::uint32_t lost = 0;   // waits that ended by deadline with the ball there
  std::uint32_t woken = 0;  // waits that a notification ended

  void Play(std::uint32_t parity, std::uint32_t rounds) {
    testing::RandomDelay delay(parity);
    for (std::uint32_t turn = parity; turn < rounds; turn += 2) {
      AwaitTurn(turn);
      if (over->load()) return;
      // Half of the rounds meet a peer that sleeps, the others one that is on its way there.
      if (delay.OneIn(2)) delay();
      ball->store(turn + 1, std::memory_order_seq_cst);
      other.Notify();
    }
  }

  void AwaitTurn(std::uint32_t turn) {
    while (ball->load(std::memory_order_acquire) < turn && !over->load()) {
      const Deadline deadline = testing::HangDeadline();
      own.Announce(Parker::kParked);
      if (ball->load(std::memory_order_seq_cst) < turn) own.Sleep(deadline);
      woken += own.Retract() ? 0 : 1;
      if (deadline.Expired() && ball->load() >= turn) {
        ++lost;
        over->store(true);
        other.Notify();
      }
    }
  }
};

TYPED_TEST(ParkerStressTest, NeitherSideSleepsThroughItsTurn) {
  using Parker = BasicParker<TypeParam>;
  constexpr std::uint32_t kRounds = 8000;
  std::atomic<std::uint32_t> ball{0};
  std::atomic<bool> over{false};
  std::atomic<std::uint32_t> words[2]{};
  Player<Parker> even{&ball, &over, Parker(words[0]), Parker(words[1])};
  Player<Parker> odd{&ball, &over, Parker(words[1]), Parker(words[0])};
  testing::Crew crew;
  crew.Add([&] { even.Play(0, kRounds); });
  crew.Add([&] { odd.Play(1, kRounds); });
  crew.Join();
  EXPECT_EQ(even.lost + odd.lost, 0U);
  EXPECT_EQ(ball.load(), kRounds);
  EXPECT_GT(even.woken + odd.woken, kRounds / 20);  // they did sleep
}

// Several wakers and a sleeper with very short deadlines: every announcement ends in exactly one way.
TYPED_TEST(ParkerStressTest, AnAnnouncementIsEitherRetractedOrNotifiedOnce) {
  using Parker = BasicParker<TypeParam>;
  constexpr std::uint32_t kAnnouncements = 4000;
  std::atomic<std::uint32_t> word{0};
  std::atomic<bool> done{false};
  std::atomic<std::uint32_t> notified{0};
  std::uint32_t quiet = 0;
  std::uint32_t disturbed = 0;
  testing::Crew crew;
  crew.Add([&] {
    testing::RandomDelay delay(1);
    Parker parker(word);
    for (std::uint32_t i = 0; i < kAnnouncements; ++i) {
      parker.Announce(delay.OneIn(3) ? Parker::kParkedInLoop : Parker::kParked);
      if (delay.OneIn(3)) parker.Sleep(Deadline::After(delay.Below(30'000)));
      ++(parker.Retract() ? quiet : disturbed);
    }
    done.store(true);
  });
  for (std::uint32_t id = 0; id < 2; ++id) {
    crew.Add([&, id] {
      testing::RandomDelay delay(10 + id);
      Parker parker(word);
      while (!done.load()) {
        if (parker.Notify() != Parker::Notified::kNobody) notified.fetch_add(1);
        if (delay.OneIn(4)) delay();
      }
    });
  }
  crew.Join();
  EXPECT_EQ(quiet + disturbed, kAnnouncements);
  EXPECT_EQ(disturbed, notified.load());
}

}  // namespace
}  // namespace allcores::sync
