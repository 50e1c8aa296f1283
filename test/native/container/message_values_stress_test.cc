#include <gtest/gtest.h>

#include "container/value_rig.h"
#include "support/crew.h"
#include "support/random_delay.h"

namespace allcores::testing {
namespace {

constexpr std::uint64_t kMessages = 4000;  // of a producer
constexpr std::uint64_t kShift = 32;       // a number is its producer, then its place among that one's messages

class MessageValuesStressTest : public ::testing::Test, protected ValueRig {
 protected:
  void Produce(Offset queue, std::uint64_t producer, bool mixed) {
    const Member member(shared);
    RandomDelay random(static_cast<std::uint32_t>(producer));
    for (std::uint64_t place = 0; place < kMessages; ++place) {
      const std::uint64_t length = mixed && random.OneIn(50) ? 600 : 8 + random.Below(30);
      ASSERT_EQ(PutAs(member.id, queue, producer << kShift | place, length), Outcome::kDone);
      if (random.OneIn(100)) random();
    }
  }

  // Until the queue is closed and empty. Now and then it lets others wait with it, or looks on for a while.
  void Consume(Offset queue, std::uint32_t seed, std::vector<std::uint64_t>* history) {
    const Member member(shared);
    RandomDelay random(seed + 100);
    const auto room = std::make_unique<Buffer>();
    container::ReadValue value(program, member.id, *room);
    for (;;) {
      Outcome outcome = container::TryGetValue(program, queue, member.id, random.OneIn(2) ? 2000 : 0, &value);
      if (outcome == Outcome::kDone) {
        history->push_back(NumberIn(value));
        continue;
      }
      if (outcome == Outcome::kBlocked) {
        Request request{.op = MessageQueue::kGet, .me = member.id};
        outcome = Do(queue, request);
        if (outcome == Outcome::kDone) history->push_back(Open(request.result, member.id));
      }
      if (outcome != Outcome::kDone) {
        EXPECT_EQ(outcome, Outcome::kClosed) << "a hang";
        return;
      }
    }
  }

  void Run(std::uint64_t producers, std::uint32_t consumers, bool mixed) {
    const std::uint64_t before = shared.Blocks();
    const Offset queue = Queue();
    std::vector<std::vector<std::uint64_t>> histories(consumers);
    Crew takers;
    for (std::uint32_t i = 0; i < consumers; ++i) {
      takers.Add([&, i] { Consume(queue, i, &histories[i]); });
    }
    Crew putters;
    for (std::uint64_t i = 0; i < producers; ++i) {
      putters.Add([&, i] { Produce(queue, i, mixed); });
    }
    takers.Start();
    putters.Start();
    putters.Join();
    container::CloseQueue(program, queue, me);
    takers.Join();
    ExpectFaithful(histories, producers);
    EXPECT_EQ(container::QueueItems(program, queue), 0U);
    EXPECT_EQ(container::QueueBytes(program, queue), 0U);
    EXPECT_EQ(container::QueueUnfinished(program, queue), producers * kMessages);
    program.Release(queue, me);
    EXPECT_EQ(shared.Blocks(), before);
  }

  // Each message was taken once, and each consumer met those of one producer in their order.
  static void ExpectFaithful(const std::vector<std::vector<std::uint64_t>>& histories, std::uint64_t producers) {
    std::vector<std::vector<bool>> seen(producers, std::vector<bool>(kMessages, false));
    std::uint64_t total = 0;
    for (const auto& history : histories) {
      std::vector<std::uint64_t> next(producers, 0);
      for (const std::uint64_t number : history) {
        const std::uint64_t producer = number >> kShift;
        const std::uint64_t place = number & 0xffffffff;
        ASSERT_LT(producer, producers);
        ASSERT_LT(place, kMessages);
        ASSERT_FALSE(seen[producer][place]) << producer << '.' << place << " came twice";
        seen[producer][place] = true;
        ASSERT_GE(place, next[producer]) << "of producer " << producer << ": overtaken";
        next[producer] = place + 1;
        ++total;
      }
    }
    EXPECT_EQ(total, producers * kMessages) << "lost";
  }
};

TEST_F(MessageValuesStressTest, OneToOne) { Run(1, 1, false); }
TEST_F(MessageValuesStressTest, SeveralToOne) { Run(3, 1, false); }
TEST_F(MessageValuesStressTest, OneToSeveral) { Run(1, 3, false); }
TEST_F(MessageValuesStressTest, SeveralToSeveralAtAllLengths) { Run(3, 3, true); }

}  // namespace
}  // namespace allcores::testing
