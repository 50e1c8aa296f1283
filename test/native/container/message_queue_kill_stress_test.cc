#include <gtest/gtest.h>
#include <sys/mman.h>

#include <thread>

#include "container/queue_rig.h"
#include "support/child.h"
#include "support/random_delay.h"

namespace allcores::testing {
namespace {

constexpr int kKills = 60;

// Processes that are killed between any two instructions of an operation.
class MessageQueueKillStressTest : public ::testing::Test, protected QueueRig {
 protected:
  // What the children tell.
  struct Report {
    std::atomic<ParticipantId> producer;
    std::atomic<ParticipantId> consumer;
    std::atomic<std::uint64_t> put;    // the last number that was accepted for sure
    std::atomic<std::uint64_t> taken;  // the last number that came out for sure
    std::atomic<std::uint64_t> wrong;
  };

  MessageQueueKillStressTest()
      : report_(*new(mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
                    Report()) {}
  ~MessageQueueKillStressTest() override { munmap(&report_, sizeof(Report)); }

  void Produce(Offset queue) {
    const ParticipantId id = shared.Join();
    report_.producer = id;
    for (;;) {
      const std::uint64_t number = report_.put + 1;
      Request request{.op = MessageQueue::kPut, .me = id, .argument = Message(number, id, 8 + number % 50)};
      if (Do(queue, request) != Outcome::kDone) return;
      report_.put = number;
    }
  }
  // Numbers grow by one; `lost` may be missing before the first.
  void Consume(Offset queue) {
    const ParticipantId id = shared.Join();
    report_.consumer = id;
    const std::uint64_t first = report_.taken;
    for (;;) {
      Request request{.op = MessageQueue::kGet, .me = id};
      if (Do(queue, request) != Outcome::kDone) return;
      const std::uint64_t number = Open(request.result, id);
      const std::uint64_t expected = report_.taken + 1;
      // One may have gone with the consumer before this one.
      if (number != expected && !(report_.taken == first && number == expected + 1)) report_.wrong = number;
      report_.taken = number;
    }
  }

  // The consumer waits for more, and has told what it took before.
  bool IsDrained(Offset queue) {
    const object::ObjectLock lock(program, queue, me);
    return container::QueueItems(program, queue) == 0 && !program.At<MessageQueue>(queue)->sleepers.IsEmpty();
  }

  static void Pause(RandomDelay& random) { std::this_thread::sleep_for(std::chrono::microseconds(random.Below(3000))); }
  void Kill(Child& child, const std::atomic<ParticipantId>& id) {
    child.Kill();
    child.Wait();
    if (id != 0) shared.End(id, me);
  }

  Report& report_;
};

TEST_F(MessageQueueKillStressTest, WhatAKilledProducerPutIsThere) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue(0, 2000);
  RandomDelay random(1);
  std::uint64_t last = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    report_.producer = 0;
    Child child([&] { Produce(queue); });
    ASSERT_TRUE(Eventually([&] { return report_.put > last; }));
    // A life in which the queue is drained, so that the producer is killed in its sleep and out of it.
    const Deadline life = Deadline::After(random.Below(3'000'000));
    const auto drain = [&] {
      while (const auto number = TryGet(queue)) ASSERT_EQ(*number, ++last);
    };
    while (!life.Expired()) drain();
    if (random.OneIn(2)) Pause(random);
    Kill(child, report_.producer);
    drain();
    // The last one may have been put without its producer's knowing, and even after its death.
    ASSERT_GE(last, report_.put);
    ASSERT_LE(last, report_.put + 1);
    report_.put = last;
    EXPECT_EQ(container::QueueItems(program, queue), 0U);
    EXPECT_EQ(container::QueueBytes(program, queue), 0U);
  }
  program.Release(queue, me);
  // With each there may have gone a message on its way in, and a node.
  EXPECT_LE(shared.Blocks(), before + 2 * kKills);
}

TEST_F(MessageQueueKillStressTest, AKilledConsumerTakesNoMoreThanOneMessageAlong) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue(20);
  RandomDelay random(2);
  std::uint64_t sent = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    report_.consumer = 0;
    Child child([&] { Consume(queue); });
    const Deadline life = Deadline::After(random.Below(3'000'000));
    while (!life.Expired() || report_.consumer == 0) {
      if (TryPut(queue, sent + 1) == Outcome::kDone) ++sent;
    }
    if (random.OneIn(2)) Pause(random);
    Kill(child, report_.consumer);
    if (const auto number = TryGet(queue)) {
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
  EXPECT_LE(shared.Blocks(), before + 2 * kKills);
}

// Each is killed in turn, while the other waits for it, or for its guard.
TEST_F(MessageQueueKillStressTest, TheOtherGoesOn) {
  const Offset queue = Queue(2);
  RandomDelay random(3);
  auto producer = std::make_unique<Child>([&] { Produce(queue); });
  auto consumer = std::make_unique<Child>([&] { Consume(queue); });
  for (int kill = 0; kill < kKills; ++kill) {
    const std::uint64_t seen = report_.taken;
    ASSERT_TRUE(Eventually([&] { return report_.taken > seen + 5; })) << "after " << kill << " kills";
    Pause(random);
    if (kill % 2 == 0) {
      Kill(*producer, report_.producer);
      // One may have been put without its producer's knowing: the next one must not put it again.
      ASSERT_TRUE(Eventually([&] { return IsDrained(queue); }));
      report_.producer = 0;
      report_.put = std::max(report_.put.load(), report_.taken.load());
      producer = std::make_unique<Child>([&] { Produce(queue); });
    } else {
      Kill(*consumer, report_.consumer);
      report_.consumer = 0;
      consumer = std::make_unique<Child>([&] { Consume(queue); });
    }
  }
  EXPECT_EQ(report_.wrong, 0U);
}

}  // namespace
}  // namespace allcores::testing
