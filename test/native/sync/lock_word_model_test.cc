#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/explorer.h"

namespace allcores::sync {
namespace {

// The word of LockObject in single steps: JavaScript's own way in and out, which takes no guard, against the slow one
// (Attempt in Waiting::Begin and Poll, ReleaseLock with PassOn). Each actor acquires and releases a few times, and
// tries the fast way first. Only single words are involved and every change of them is a read-modify-write or made
// under the guard, so no store buffers. Actors never give up: a lost wake-up is an end in which somebody sleeps.
struct LockWordModel {
  static constexpr std::uint32_t kContended = 8;
  static constexpr std::uint32_t kOwner = 7;
  static constexpr int kActors = 3;
  static constexpr int kTurns = 2;

  enum class Mutation { kNone, kNoMark, kBlindMark, kKeepsNoMark, kTellsNobody };

  struct Actor {
    int at = 0;
    int turns = 0;
    std::uint32_t seen = 0;
    bool queued = false;
    bool notified = false;
    auto operator<=>(const Actor&) const = default;
  };
  auto operator<=>(const LockWordModel&) const = default;

  Mutation mutation = Mutation::kNone;
  std::uint32_t word = 0;
  int guard = -1;
  int inside = 0;  // bits of those who hold the lock
  std::vector<int> queue;
  Actor actors_[kActors];

  [[nodiscard]] int actors() const { return kActors; }
  [[nodiscard]] bool CanStep(int actor) const {
    const Actor& self = actors_[actor];
    if (self.turns == kTurns) return false;
    if (self.at == 1 || self.at == 6) return guard < 0;  // ObjectLock
    return self.at != 4 || self.notified;                // Futex::Wait
  }

  void Step(int actor) {
    Actor& self = actors_[actor];
    const std::uint32_t me = static_cast<std::uint32_t>(actor) + 1;
    switch (self.at) {
      case 0:  // JavaScript: 0 -> me
        if (word == 0) {
          word = me;
          Enter(actor);
        } else {
          self.at = 1;
        }
        return;
      case 1:
        guard = actor;
        self.at = 2;
        return;
      case 2:  // Attempt: word.load
        self.seen = word;
        self.at = 3;
        return;
      case 3:  // Attempt: one of the two compare_exchanges, and what follows under the guard
        Attempt(actor, me);
        return;
      case 4:  // woken
        self.notified = false;
        self.at = 1;
        return;
      case 5:  // JavaScript: me -> 0
        inside &= ~(1 << actor);
        if (word == me) {
          word = 0;
          Leave(actor);
        } else {
          self.at = 6;
        }
        return;
      case 6:
        guard = actor;
        self.at = 7;
        return;
      default:  // ReleaseLock: the word has our mark by now, so it is one step to the others
        PassOn();
        guard = -1;
        Leave(actor);
    }
  }

  void Attempt(int actor, std::uint32_t me) {
    Actor& self = actors_[actor];
    if ((self.seen & kOwner) == 0) {
      if (word != self.seen) {
        self.at = 2;
        return;
      }
      const bool alone = queue.empty() || (queue.size() == 1 && self.queued);
      word = me | (alone || mutation == Mutation::kKeepsNoMark ? 0 : kContended);
      if (self.queued) std::erase(queue, actor);
      self.queued = false;
      guard = -1;
      Enter(actor);
      return;
    }
    if (mutation == Mutation::kBlindMark) {
      word = self.seen | kContended;
    } else if (mutation != Mutation::kNoMark && (self.seen & kContended) == 0) {
      if (word != self.seen) {
        self.at = 2;
        return;
      }
      word |= kContended;
    }
    if (!self.queued) queue.push_back(actor);
    self.queued = true;
    guard = -1;
    self.at = 4;
  }

  void PassOn() {
    word = queue.empty() ? 0 : kContended;
    if (!queue.empty() && mutation != Mutation::kTellsNobody) actors_[queue.front()].notified = true;
  }
  void Enter(int actor) {
    inside |= 1 << actor;
    actors_[actor].at = 5;
  }
  void Leave(int actor) {
    actors_[actor].at = 0;
    ++actors_[actor].turns;
  }

  [[nodiscard]] std::string Verdict() const {
    return (inside & (inside - 1)) != 0 ? "two hold the lock" : std::string();
  }
  [[nodiscard]] std::string EndVerdict() const {
    for (const Actor& actor : actors_) {
      if (actor.turns != kTurns) return "somebody sleeps although the lock is free";
    }
    return {};
  }
};

std::string FailureWith(LockWordModel::Mutation mutation) {
  LockWordModel model;
  model.mutation = mutation;
  return testing::Explore(model).failure;
}

TEST(LockWordModel, NoInterleavingHasTwoHoldersOrALostWakeUp) {
  const auto explored = testing::Explore(LockWordModel{});
  EXPECT_EQ(explored.failure, "");
  EXPECT_GT(explored.states, 1000U);
}

TEST(LockWordModel, QueueingWithoutTheMarkIsFound) { EXPECT_NE(FailureWith(LockWordModel::Mutation::kNoMark), ""); }

TEST(LockWordModel, MarkingWithAPlainStoreIsFound) { EXPECT_NE(FailureWith(LockWordModel::Mutation::kBlindMark), ""); }

TEST(LockWordModel, TakingItWithoutTheOthersMarkIsFound) {
  EXPECT_NE(FailureWith(LockWordModel::Mutation::kKeepsNoMark), "");
}

TEST(LockWordModel, AReleaseThatTellsNobodyIsFound) {
  EXPECT_NE(FailureWith(LockWordModel::Mutation::kTellsNobody), "");
}

}  // namespace
}  // namespace allcores::sync
