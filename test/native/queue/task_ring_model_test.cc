#include <gtest/gtest.h>

#include "support/explorer.h"

namespace allcores::queue {
namespace {

// TaskRing in single steps, over every interleaving: one producer that pushes kPushes numbered entries into kCapacity
// places, and two consumers that claim up to kMost at once until all have been claimed.
struct TaskRingModel {
  static constexpr std::uint32_t kCapacity = 2;
  static constexpr std::uint32_t kPushes = 4;
  static constexpr std::uint32_t kMost = 2;
  static constexpr std::uint32_t kStart = 0xfffffffe;  // positions wrap around on the way

  struct Consumer {
    int at = 0;
    std::uint32_t head = 0;
    std::uint32_t count = 0;
    std::uint32_t read = 0;
    std::uint32_t out[kMost]{};
    bool first_look = true;
    auto operator<=>(const Consumer&) const = default;
  };
  auto operator<=>(const TaskRingModel&) const = default;

  bool producer_waits_for_room = true;  // false: the mutation that the test must catch
  bool swaps_the_head = true;           // false: stores it, as a single consumer might
  std::uint32_t tail = kStart;
  std::uint32_t head = kStart;
  std::uint32_t entries[kCapacity]{};
  std::uint32_t pushed = 0;
  bool written = false;
  Consumer consumers[2];
  std::uint32_t claimed[kPushes]{};
  bool strange = false;

  [[nodiscard]] int actors() const { return 3; }
  [[nodiscard]] bool CanStep(int actor) const {
    if (actor > 0) return head != kStart + kPushes || consumers[actor - 1].at > 1;
    return pushed < kPushes && (written || !producer_waits_for_room || tail - head < kCapacity);
  }
  void Step(int actor) {
    if (actor == 0) {
      StepProducer();
    } else {
      StepConsumer(&consumers[actor - 1]);
    }
  }

  // TryPush: the entry, then the tail. A look at the head that found the ring full is a step that changed nothing.
  void StepProducer() {
    if (!written) {
      entries[tail % kCapacity] = pushed;
    } else {
      ++tail;
      ++pushed;
    }
    written = !written;
  }

  void StepConsumer(Consumer* self) {
    switch (self->at) {
      case 0:  // head = ends_->head
        *self = {};
        self->head = head;
        self->at = 1;
        return;
      case 1: {  // tail = ends_->tail, and what follows from the two
        const std::uint32_t waiting = tail - self->head;
        self->count = waiting < kMost ? waiting : kMost;
        self->at = waiting == 0 || waiting > kCapacity ? 0 : 2;
        return;
      }
      case 2:  // out[i] = entries_[...]
        self->out[self->read] = entries[(self->head + self->read) % kCapacity];
        if (++self->read == self->count) self->at = 3;
        return;
      default: {  // compare_exchange
        if (!swaps_the_head || head == self->head) {
          head = self->head + self->count;
          for (std::uint32_t i = 0; i < self->count; ++i) {
            // The entry that belongs at this position, not whatever was written there a lap later.
            strange = strange || self->out[i] != self->head + i - kStart || self->out[i] >= kPushes;
            if (self->out[i] < kPushes) ++claimed[self->out[i]];
          }
        }
        *self = {};
      }
    }
  }

  [[nodiscard]] std::string Verdict() const {
    if (strange) return "an entry was claimed at a position where it was not pushed";
    for (const std::uint32_t times : claimed) {
      if (times > 1) return "an entry was claimed twice";
    }
    return {};
  }
  [[nodiscard]] std::string EndVerdict() const {
    for (const std::uint32_t times : claimed) {
      if (times != 1) return "an entry was lost";
    }
    return {};
  }
};

TEST(TaskRingModel, EveryInterleavingClaimsEachEntryOnce) {
  const auto explored = testing::Explore(TaskRingModel{});
  EXPECT_EQ(explored.failure, "");
  EXPECT_GT(explored.states, 1000U);
  EXPECT_GT(explored.endings, 0U);
}

TEST(TaskRingModel, AProducerThatDoesNotWaitForRoomIsFound) {
  TaskRingModel model;
  model.producer_waits_for_room = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

TEST(TaskRingModel, AClaimWithoutSwapIsFound) {
  TaskRingModel model;
  model.swaps_the_head = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

}  // namespace
}  // namespace allcores::queue
