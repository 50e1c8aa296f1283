#include <gtest/gtest.h>

#include "support/explorer.h"
#include "support/model_memory.h"

namespace allcores::sync {
namespace {

// BasicEventCount in single steps: two waiters that want to see every item, two notifiers that publish one each. Actors
// 0-1 wait, 2-3 notify, 4-5 empty the notifiers' store buffers. Waits have no deadline: a lost wake-up is an end in
// which a waiter sleeps.
struct EventCountModel {
  static constexpr std::uint32_t kWaiting = 1;
  static constexpr std::uint32_t kEpoch = 2;
  static constexpr int kWord = 2;  // words 0 and 1 are the items

  enum class Publish { kSeqCst, kRelease };
  enum class Settle { kCancel, kAbandon };

  struct Waiter {
    int at = 0;
    std::uint32_t key = 0;
    std::uint32_t items = 0;
    bool asleep = false;
    bool done = false;
    auto operator<=>(const Waiter&) const = default;
  };
  struct Notifier {
    int at = 0;
    std::uint32_t seen = 0;
    auto operator<=>(const Notifier&) const = default;
  };
  auto operator<=>(const EventCountModel&) const = default;

  Publish publish = Publish::kSeqCst;
  Settle settle = Settle::kCancel;
  bool looks_again = true;
  int waiter_count = 2;
  testing::ModelMemory<3, 4> memory;
  Waiter waiters[2];
  Notifier notifiers[2];

  [[nodiscard]] int actors() const { return 6; }
  [[nodiscard]] bool CanStep(int actor) const {
    if (actor < 2) return actor < waiter_count && !waiters[actor].asleep && !waiters[actor].done;
    return actor < 4 ? notifiers[actor - 2].at < 4 : memory.CanFlush(actor - 2);
  }
  void Step(int actor) {
    if (actor < 2) {
      StepWaiter(actor, &waiters[actor]);
    } else if (actor < 4) {
      StepNotifier(actor, &notifiers[actor - 2]);
    } else {
      memory.Flush(actor - 2);
    }
  }

  void StepWaiter(int actor, Waiter* self) {
    switch (self->at) {
      case 0: {  // PrepareWait
        std::uint32_t& word = memory.Modify(actor, kWord);
        self->key = word |= kWaiting;
        self->at = 1;
        return;
      }
      case 1:  // the condition, an item at a time
      case 2:
        self->items += memory.Load(actor, self->at - 1);
        ++self->at;
        if (self->at == 3 && (!looks_again || self->items < 2)) self->at = 4;
        return;
      case 3:  // CancelWait or AbandonWait
        if (settle == Settle::kAbandon) memory.Modify(actor, kWord) &= ~kWaiting;
        self->done = self->items == 2;
        self->items = 0;
        self->at = 0;
        return;
      case 4:  // Wait: word_.load
        self->at = memory.Load(actor, kWord) == self->key ? 5 : 3;
        return;
      case 5:  // Futex::Wait compares and sleeps in one step; afterwards it looks again
        self->asleep = memory.Load(actor, kWord) == self->key;
        self->at = 4;
        return;
    }
  }

  void StepNotifier(int actor, Notifier* self) {
    switch (self->at) {
      case 0:  // publish
        if (publish == Publish::kSeqCst) {
          memory.StoreSeqCst(actor, actor - 2, 1);
        } else {
          memory.StoreRelease(actor, actor - 2, 1);
        }
        self->at = 1;
        return;
      case 1:  // NotifyAll: word_.load
        self->seen = memory.Load(actor, kWord);
        self->at = (self->seen & kWaiting) != 0 ? 2 : 4;
        return;
      case 2: {  // compare_exchange
        std::uint32_t& word = memory.Modify(actor, kWord);
        if (word == self->seen) {
          word = (word & ~kWaiting) + kEpoch;
          self->at = 3;
        } else {
          self->seen = word;
          self->at = (word & kWaiting) != 0 ? 2 : 4;
        }
        return;
      }
      default:  // Futex::WakeAll
        for (Waiter& waiter : waiters) waiter.asleep = false;
        self->at = 4;
    }
  }

  [[nodiscard]] std::string Verdict() const { return {}; }
  [[nodiscard]] std::string EndVerdict() const {
    for (int i = 0; i < waiter_count; ++i) {
      if (!waiters[i].done) return "a waiter sleeps although everything has been published";
    }
    return {};
  }
};

TEST(EventCountModel, NoInterleavingLosesAWakeUp) {
  const auto explored = testing::Explore(EventCountModel{});
  EXPECT_EQ(explored.failure, "");
  EXPECT_GT(explored.states, 1000U);
}

TEST(EventCountModel, AnOnlyWaiterMayAbandon) {
  EventCountModel model;
  model.waiter_count = 1;
  model.settle = EventCountModel::Settle::kAbandon;
  EXPECT_EQ(testing::Explore(model).failure, "");
}

// Why CancelWait leaves the bit alone: it may be another waiter's.
TEST(EventCountModel, OneOfTwoWaitersMayNotAbandon) {
  EventCountModel model;
  model.settle = EventCountModel::Settle::kAbandon;
  EXPECT_NE(testing::Explore(model).failure, "");
}

TEST(EventCountModel, PublishingWithAWeakerStoreIsFound) {
  EventCountModel model;
  model.publish = EventCountModel::Publish::kRelease;
  EXPECT_NE(testing::Explore(model).failure, "");
}

TEST(EventCountModel, SleepingWithoutLookingAgainIsFound) {
  EventCountModel model;
  model.looks_again = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

}  // namespace
}  // namespace allcores::sync
