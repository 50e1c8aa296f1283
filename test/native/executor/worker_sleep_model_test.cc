#include <gtest/gtest.h>

#include "support/explorer.h"
#include "support/model_memory.h"
#include "sync/parker.h"

namespace allcores::executor {
namespace {

using State = sync::Parker::State;

// Publishing a task against going to sleep (README.md, "Workers"), in single steps: an owner that publishes kTasks
// tasks and wakes one worker for each, two workers that claim until there is nothing and then park. Nobody has a
// deadline. Actor 0 is the owner, 1 and 2 are the workers, 3 to 5 empty the store buffers.
struct WorkerSleepModel {
  static constexpr std::uint32_t kTasks = 2;
  static constexpr int kTail = 0;
  static constexpr int kHead = 1;
  static constexpr int kSleepers = 2;
  static constexpr int kPark = 3;  // and one more

  struct Worker {
    int at = 0;
    std::uint32_t head = 0;
    bool asleep = false;
    auto operator<=>(const Worker&) const = default;
  };
  auto operator<=>(const WorkerSleepModel&) const = default;

  // Mutations that the tests must catch.
  bool publishes_seq_cst = true;
  bool announces_seq_cst = true;
  bool looks_again = true;
  bool counts_first = true;

  testing::ModelMemory<5, 3> memory;
  int owner_at = 0;
  std::uint32_t published = 0;
  int search = 0;
  Worker workers[2];

  [[nodiscard]] int actors() const { return 6; }
  [[nodiscard]] bool CanStep(int actor) const {
    if (actor == 0) return published < kTasks || owner_at > 0;
    return actor < 3 ? !workers[actor - 1].asleep : memory.CanFlush(actor - 3);
  }
  void Step(int actor) {
    if (actor == 0) {
      StepOwner();
    } else if (actor < 3) {
      StepWorker(actor, &workers[actor - 1]);
    } else {
      memory.Flush(actor - 3);
    }
  }

  void Store(int thread, int word, std::uint32_t value, bool seq_cst) {
    if (seq_cst) {
      memory.StoreSeqCst(thread, word, value);
    } else {
      memory.StoreRelease(thread, word, value);
    }
  }

  void StepOwner() {
    switch (owner_at) {
      case 0:  // TaskRing::TryPush: the tail
        Store(0, kTail, ++published, publishes_seq_cst);
        search = 0;
        owner_at = 1;
        return;
      case 1:  // WakeWorkers: sleepers == 0
        owner_at = search == 2 || memory.Load(0, kSleepers) == 0 ? 0 : 2;
        return;
      case 2:  // Parker::Notify: word_.load
        owner_at = memory.Load(0, kPark + search) == State::kParked ? 3 : 1;
        search += owner_at == 1 ? 1 : 0;
        return;
      case 3: {  // Parker::Notify: compare_exchange
        std::uint32_t& park = memory.Modify(0, kPark + search);
        owner_at = park == State::kParked ? 4 : 1;
        if (park == State::kParked) {
          park = State::kNotified;
        } else {
          ++search;
        }
        return;
      }
      case 4:  // Futex::WakeOne
        workers[search].asleep = false;
        owner_at = 5;
        return;
      default:  // sleepers.fetch_sub
        --memory.Modify(0, kSleepers);
        owner_at = 0;
    }
  }

  void StepWorker(int actor, Worker* self) {
    const int park = kPark + actor - 1;
    switch (self->at) {
      case 0:  // TaskRing::TryClaim: head
        self->head = memory.Load(actor, kHead);
        self->at = 1;
        return;
      case 1:  // TaskRing::TryClaim: tail
        self->at = memory.Load(actor, kTail) == self->head ? 3 : 2;
        return;
      case 2: {  // TaskRing::TryClaim: compare_exchange, then the task itself
        std::uint32_t& head = memory.Modify(actor, kHead);
        if (head == self->head) ++head;
        self->at = 0;
        return;
      }
      case 3:  // ParkWorker: sleepers.fetch_add
        if (counts_first) ++memory.Modify(actor, kSleepers);
        self->at = 4;
        return;
      case 4:  // Parker::Announce
        Store(actor, park, State::kParked, announces_seq_cst);
        self->at = looks_again ? 5 : 7;
        return;
      case 5:  // HasWork: head
        self->head = memory.Load(actor, kHead);
        self->at = 6;
        return;
      case 6:  // HasWork: tail
        self->at = memory.Load(actor, kTail) == self->head ? 7 : 8;
        return;
      case 7:  // Parker::Sleep: the kernel compares and puts to sleep in one step
        if (!counts_first) ++memory.Modify(actor, kSleepers);
        self->asleep = memory.Load(actor, park) == State::kParked;
        self->at = 8;
        return;
      case 8: {  // Parker::Retract: the swap
        std::uint32_t& word = memory.Modify(actor, park);
        self->at = word == State::kParked ? 9 : 0;
        word = State::kAwake;
        return;
      }
      default:  // PoolCore::Retract: sleepers.fetch_sub
        --memory.Modify(actor, kSleepers);
        self->at = 0;
    }
  }

  [[nodiscard]] std::string Verdict() const {
    // For a moment more may be counted: a worker that was woken can be back before its waker has subtracted it.
    std::uint32_t announced = 0;
    for (int i = 0; i < 2; ++i) announced += memory.words[kPark + i] == State::kParked ? 1 : 0;
    const std::uint32_t counted = memory.words[kSleepers];
    return counted < announced || counted > 3 ? "a sleeper is announced that is not counted" : "";
  }
  [[nodiscard]] std::string EndVerdict() const {
    if (memory.words[kHead] != kTasks) return "everybody sleeps beside a task";
    return memory.words[kSleepers] != 2 ? "two workers sleep and are not both counted" : "";
  }
};

TEST(WorkerSleepModel, NoInterleavingLosesAWakeUp) {
  const auto explored = testing::Explore(WorkerSleepModel{});
  EXPECT_EQ(explored.failure, "");
  EXPECT_GT(explored.states, 5000U);
  EXPECT_GT(explored.endings, 0U);
}

TEST(WorkerSleepModel, PublishingWithAWeakerStoreIsFound) {
  WorkerSleepModel model;
  model.publishes_seq_cst = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

TEST(WorkerSleepModel, AnnouncingWithAWeakerStoreIsFound) {
  WorkerSleepModel model;
  model.announces_seq_cst = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

TEST(WorkerSleepModel, SleepingWithoutLookingAgainIsFound) {
  WorkerSleepModel model;
  model.looks_again = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

TEST(WorkerSleepModel, CountingAfterTheLookIsFound) {
  WorkerSleepModel model;
  model.counts_first = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

}  // namespace
}  // namespace allcores::executor
