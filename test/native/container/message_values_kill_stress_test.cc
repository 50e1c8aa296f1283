#include <gtest/gtest.h>
#include <sys/mman.h>

#include <thread>

#include "container/value_rig.h"
#include "support/child.h"
#include "support/random_delay.h"

namespace allcores::testing {
namespace {

constexpr int kKills = 60;

// Processes that are killed between any two instructions that put a short value or take one.
class MessageValuesKillStressTest : public ::testing::Test, protected ValueRig {
 protected:
  // What the children tell.
  struct Report {
    std::atomic<ParticipantId> child;
    std::atomic<std::uint64_t> put;    // the last number that was accepted for sure
    std::atomic<std::uint64_t> taken;  // the last number that came out for sure
    std::atomic<std::uint64_t> wrong;
  };

  MessageValuesKillStressTest()
      : report_(*new(mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                    Report()) {}
  ~MessageValuesKillStressTest() override { munmap(&report_, sizeof(Report)); }

  void Produce(Offset queue) {
    const ParticipantId id = shared.Join();
    report_.child = id;
    for (;;) {
      const std::uint64_t number = report_.put + 1;
      if (PutAs(id, queue, number, 8 + number % 50) != Outcome::kDone) return;
      report_.put = number;
      // Not too far ahead: a queue that ran empty is a case of its own.
      while (container::QueueItems(program, queue) > 2000) std::this_thread::yield();
    }
  }
  void Consume(Offset queue) {
    const ParticipantId id = shared.Join();
    report_.child = id;
    container::ReadValue value(program, id, buffer);
    const std::uint64_t first = report_.taken;
    for (;;) {
      const Outcome outcome = container::TryGetValue(program, queue, id, 1000, &value);
      if (outcome == Outcome::kBlocked) continue;
      if (outcome != Outcome::kDone) return;
      const std::uint64_t number = NumberIn(value);
      const std::uint64_t expected = report_.taken + 1;
      // One may have gone with the consumer before this one.
      if (number != expected && !(report_.taken == first && number == expected + 1)) report_.wrong = number;
      report_.taken = number;
    }
  }
  void Kill(Child& child) {
    child.Kill();
    child.Wait();
    if (report_.child != 0) shared.End(report_.child, me);
  }

  Report& report_;
};

TEST_F(MessageValuesKillStressTest, WhatAKilledProducerPutIsThere) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue();
  RandomDelay random(1);
  std::uint64_t last = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    report_.child = 0;
    Child child([&] { Produce(queue); });
    ASSERT_TRUE(Eventually([&] { return report_.put > last; }));
    const Deadline life = Deadline::After(random.Below(3'000'000));
    const auto drain = [&] {
      while (const auto number = GetValue(queue)) ASSERT_EQ(*number, ++last);
    };
    while (!life.Expired()) drain();
    Kill(child);
    drain();
    // The last one may have been put without its producer's knowing.
    ASSERT_GE(last, report_.put);
    ASSERT_LE(last, report_.put + 1);
    report_.put = last;
    EXPECT_EQ(container::QueueItems(program, queue), 0U);
    EXPECT_EQ(container::QueueBytes(program, queue), 0U);
  }
  program.Release(queue, me);
  // With each there may have gone what it was about to put.
  EXPECT_LE(shared.Blocks(), before + kKills);
}

TEST_F(MessageValuesKillStressTest, AKilledConsumerTakesNoMoreThanOneMessageAlong) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue();
  RandomDelay random(2);
  std::uint64_t sent = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    report_.child = 0;
    Child child([&] { Consume(queue); });
    const Deadline life = Deadline::After(random.Below(3'000'000));
    while (!life.Expired() || report_.child == 0) {
      if (container::QueueItems(program, queue) > 2000) continue;
      ASSERT_EQ(PutValue(queue, sent + 1, 8 + sent % 50), Outcome::kDone);
      ++sent;
    }
    Kill(child);
    if (const auto number = GetValue(queue)) {
      ASSERT_GE(*number, report_.taken + 1);
      ASSERT_LE(*number, report_.taken + 2);
      report_.taken = *number;
    } else {
      ASSERT_LE(sent, report_.taken + 1);
      report_.taken = sent;
    }
  }
  EXPECT_EQ(report_.wrong, 0U);
  program.Release(queue, me);
  // And a ring that was used up.
  EXPECT_LE(shared.Blocks(), before + 2 * kKills);
}

}  // namespace
}  // namespace allcores::testing
