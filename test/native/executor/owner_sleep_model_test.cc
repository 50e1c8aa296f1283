#include <gtest/gtest.h>

#include "support/explorer.h"
#include "support/model_memory.h"

namespace allcores::executor {
namespace {

// Publishing a result against the owner's two ways of sleeping (README.md, "The owner"), in single steps: two workers
// that publish one result each, an owner that drains and then, as it likes, sleeps on its thread or in its loop, which
// may also turn for a reason of its own. Actors 0 and 1 are the workers, 2 is the owner, 3 is the owner when it chooses
// the loop, 4 is the loop's other reason, 5 to 7 empty the store buffers.
struct OwnerSleepModel {
  static constexpr int kOwner = 2;  // words 0 and 1 are the tails of the result rings
  static constexpr int kInLoop = 3;
  static constexpr std::uint32_t kWaiting = 1;
  static constexpr std::uint32_t kEpoch = 2;

  struct Worker {
    int at = 0;
    std::uint32_t seen = 0;
    bool loop = false;
    auto operator<=>(const Worker&) const = default;
  };
  auto operator<=>(const OwnerSleepModel&) const = default;

  // Mutations that the tests must catch.
  bool publishes_seq_cst = true;
  bool looks_again = true;
  bool asks_for_the_loop_last = true;

  testing::ModelMemory<4, 3> memory;
  Worker workers[2];
  int at = 0;
  std::uint32_t heads[2]{};
  std::uint32_t key = 0;
  bool in_loop = false;
  bool asleep = false;
  bool poked = false;
  bool other_reason = true;

  [[nodiscard]] bool OwnerDone() const { return heads[0] + heads[1] == 2; }
  [[nodiscard]] int actors() const { return 8; }
  [[nodiscard]] bool CanStep(int actor) const {
    switch (actor) {
      case 2:
        return !OwnerDone() && !asleep && (at != 8 || poked);
      case 3:
        return !OwnerDone() && at == 2;
      case 4:
        return at == 8 && other_reason;
      default:
        return actor < 2 ? workers[actor].at < 6 : memory.CanFlush(actor - 5);
    }
  }
  void Step(int actor) {
    if (actor < 2) {
      StepWorker(actor, &workers[actor]);
    } else if (actor < 4) {
      StepOwner(actor == 3);
    } else if (actor == 4) {
      other_reason = false;
      at = 0;
    } else {
      memory.Flush(actor - 5);
    }
  }

  void StepOwner(bool chooses_loop) {
    switch (at) {
      case 0:  // drain both rings
      case 1:
        heads[at] = memory.Load(2, at);
        ++at;
        return;
      case 2:  // owner_in_loop, relaxed
        in_loop = chooses_loop;
        memory.StoreRelease(2, kInLoop, chooses_loop ? 1 : 0);
        at = 3;
        return;
      case 3:  // PrepareWait
        key = memory.Modify(2, kOwner) |= kWaiting;
        at = looks_again ? 4 : Fall();
        return;
      case 4:  // HasResults
      case 5:
        at = memory.Load(2, at - 4) != heads[at - 4] ? 9 : at == 4 ? 5 : Fall();
        return;
      case 6:  // EventCount::Wait: word_.load
        at = memory.Load(2, kOwner) == key ? 7 : 9;
        return;
      case 7:  // Futex::Wait, then Wait looks again
        asleep = memory.Load(2, kOwner) == key;
        at = 6;
        return;
      case 8:  // the loop turns because it was poked
        poked = false;
        at = 0;
        return;
      default:  // AbandonWait
        memory.Modify(2, kOwner) &= ~kWaiting;
        at = 0;
    }
  }
  [[nodiscard]] int Fall() const { return in_loop ? 8 : 6; }

  void StepWorker(int actor, Worker* self) {
    switch (self->at) {
      case 0:  // ResultRing::TryPush: the tail
        if (publishes_seq_cst) {
          memory.StoreSeqCst(actor, actor, 1);
        } else {
          memory.StoreRelease(actor, actor, 1);
        }
        self->at = 1;
        return;
      case 1:  // NotifyAll: word_.load
        if (!asks_for_the_loop_last) self->loop = memory.Load(actor, kInLoop) == 1;
        self->seen = memory.Load(actor, kOwner);
        self->at = (self->seen & kWaiting) != 0 ? 2 : 6;
        return;
      case 2: {  // NotifyAll: compare_exchange
        std::uint32_t& word = memory.Modify(actor, kOwner);
        if (word == self->seen) {
          word = (word & ~kWaiting) + kEpoch;
          self->at = 3;
        } else {
          self->seen = word;
          self->at = (word & kWaiting) != 0 ? 2 : 6;
        }
        return;
      }
      case 3:  // Futex::WakeAll
        asleep = false;
        self->at = 4;
        return;
      case 4:  // NotifyOwner: owner_in_loop
        if (asks_for_the_loop_last) self->loop = memory.Load(actor, kInLoop) == 1;
        self->at = self->loop ? 5 : 6;
        return;
      default:  // Wakers::Poke
        poked = true;
        self->at = 6;
    }
  }

  [[nodiscard]] std::string Verdict() const { return {}; }
  [[nodiscard]] std::string EndVerdict() const { return OwnerDone() ? "" : "the owner sleeps beside a result"; }
};

TEST(OwnerSleepModel, NoInterleavingLosesAWakeUp) {
  const auto explored = testing::Explore(OwnerSleepModel{});
  EXPECT_EQ(explored.failure, "");
  EXPECT_GT(explored.states, 1000U);
  EXPECT_GT(explored.endings, 0U);
}

TEST(OwnerSleepModel, PublishingWithAWeakerStoreIsFound) {
  OwnerSleepModel model;
  model.publishes_seq_cst = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

TEST(OwnerSleepModel, SleepingWithoutLookingAgainIsFound) {
  OwnerSleepModel model;
  model.looks_again = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

TEST(OwnerSleepModel, AskingWhereTheOwnerSleepsBeforeNotifyingIsFound) {
  OwnerSleepModel model;
  model.asks_for_the_loop_last = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

}  // namespace
}  // namespace allcores::executor
