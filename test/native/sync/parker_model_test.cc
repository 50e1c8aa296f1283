#include <gtest/gtest.h>

#include "support/explorer.h"
#include "sync/parker.h"

namespace allcores::sync {
namespace {

using State = Parker::State;

// BasicParker in single steps: a sleeper that announces kAnnouncements times and may give up waiting at any moment (a
// deadline), and two wakers that notify kNotifies times each. Actor 3 is the clock.
struct ParkerModel {
  static constexpr int kAnnouncements = 2;
  static constexpr int kNotifies = 2;

  struct Waker {
    int at = 0;
    int left = kNotifies;
    std::uint32_t seen = 0;
    auto operator<=>(const Waker&) const = default;
  };
  auto operator<=>(const ParkerModel&) const = default;

  bool retract_swaps = true;  // false: the mutation that the test must catch
  std::uint32_t word = State::kAwake;
  int at = 0;
  int announced = 0;
  bool asleep = false;
  std::uint32_t seen = 0;
  int quiet = 0;
  int disturbed = 0;
  int notified = 0;
  Waker wakers[2];

  [[nodiscard]] int actors() const { return 4; }
  [[nodiscard]] bool CanStep(int actor) const {
    if (actor == 0) return announced < kAnnouncements && !asleep;
    if (actor == 3) return asleep;
    return wakers[actor - 1].left > 0;
  }
  void Step(int actor) {
    if (actor == 0) {
      StepSleeper();
    } else if (actor == 3) {
      asleep = false;
    } else {
      StepWaker(&wakers[actor - 1]);
    }
  }

  void StepSleeper() {
    switch (at++) {
      case 0:  // Announce
        word = State::kParked;
        return;
      case 1:  // Sleep: comparing and going to sleep are one step
        asleep = word == State::kParked;
        return;
      case 2:  // Retract: seen = word_.load
        seen = word;
        return;
      default:  // Retract: compare_exchange, or exchange
        const bool was_quiet = seen == State::kParked && (!retract_swaps || word == State::kParked);
        ++(was_quiet ? quiet : disturbed);
        word = State::kAwake;
        ++announced;
        at = 0;
    }
  }

  void StepWaker(Waker* self) {
    switch (self->at) {
      case 0:  // seen = word_.load
        self->seen = word;
        self->at = 1;
        if (self->seen != State::kParked) Finish(self);
        return;
      case 1:  // compare_exchange, which reads again when it fails
        if (word == State::kParked) {
          word = State::kNotified;
          ++notified;
          self->at = 2;
        } else {
          Finish(self);
        }
        return;
      default:  // Futex::WakeOne
        asleep = false;
        Finish(self);
    }
  }
  static void Finish(Waker* self) {
    self->at = 0;
    --self->left;
  }

  [[nodiscard]] std::string Verdict() const {
    return disturbed > notified ? "a sleeper was disturbed that nobody notified" : "";
  }
  [[nodiscard]] std::string EndVerdict() const {
    if (quiet + disturbed != kAnnouncements) return "the sleeper did not come to an end";
    return disturbed != notified ? "a waker believes to have woken a sleeper that retracted" : "";
  }
};

TEST(ParkerModel, EveryInterleavingEndsAnAnnouncementInOneWay) {
  const auto explored = testing::Explore(ParkerModel{});
  EXPECT_EQ(explored.failure, "");
  EXPECT_GT(explored.states, 500U);
  EXPECT_GT(explored.endings, 0U);
}

TEST(ParkerModel, RetractingWithoutSwapIsFound) {
  ParkerModel model;
  model.retract_swaps = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

}  // namespace
}  // namespace allcores::sync
