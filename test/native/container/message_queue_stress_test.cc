#include <gtest/gtest.h>

#include <map>

#include "container/queue_rig.h"
#include "support/crew.h"
#include "support/event_loop.h"
#include "support/random_delay.h"

namespace allcores::testing {
namespace {

constexpr std::uint64_t kMessages = 1500;  // of a producer
constexpr std::uint64_t kShift = 32;       // a number is its producer, then its place among that one's messages

// What one consumer took, in its order.
using History = std::vector<std::uint64_t>;

// Each message was taken once, and each consumer met those of one producer in their order.
void ExpectFaithful(const std::vector<History>& histories, const std::vector<std::uint64_t>& sent) {
  std::vector<std::vector<bool>> seen;
  for (const std::uint64_t count : sent) seen.emplace_back(count, false);
  for (const History& history : histories) {
    std::map<std::uint64_t, std::uint64_t> next;
    for (const std::uint64_t number : history) {
      const std::uint64_t producer = number >> kShift;
      const std::uint64_t place = number & 0xffffffff;
      ASSERT_LT(place, seen.at(producer).size()) << "of producer " << producer << ": never put";
      ASSERT_FALSE(seen[producer][place]) << producer << '.' << place << " came twice";
      seen[producer][place] = true;
      ASSERT_GE(place, next[producer]) << "of producer " << producer << ": overtaken";
      next[producer] = place + 1;
    }
  }
  for (std::size_t producer = 0; producer < seen.size(); ++producer) {
    for (std::size_t place = 0; place < seen[producer].size(); ++place) {
      ASSERT_TRUE(seen[producer][place]) << producer << '.' << place << " is lost";
    }
  }
}

struct Bounds {
  std::uint64_t items;
  std::uint64_t bytes;
};

class MessageQueueStressTest : public ::testing::TestWithParam<Bounds>, protected QueueRig {
 protected:
  // How many messages were accepted. Every few puts one gives up and tries again, if `gives_up`.
  std::uint64_t Produce(Offset queue, std::uint64_t producer, bool gives_up) {
    const Member member(shared);
    RandomDelay random(static_cast<std::uint32_t>(producer));
    for (std::uint64_t place = 0; place < kMessages; ++place) {
      const Offset message = Message(producer << kShift | place, member.id, 8 + random.Below(40));
      Outcome outcome = Outcome::kTimedOut;
      while (outcome == Outcome::kTimedOut) {
        Request request{.op = MessageQueue::kPut, .me = member.id, .argument = message};
        outcome = gives_up && random.OneIn(4) ? Hurry(queue, request, random) : Do(queue, request);
      }
      if (outcome != Outcome::kDone) {
        EXPECT_EQ(outcome, Outcome::kClosed);
        object::FreeValueBlock(program, message, member.id);
        return place;
      }
    }
    return kMessages;
  }

  // On its thread, until the queue is closed and empty.
  History Consume(Offset queue, std::uint32_t seed, bool gives_up) {
    const Member member(shared);
    RandomDelay random(seed + 100);
    History history;
    for (;;) {
      Request request{.op = MessageQueue::kGet, .me = member.id};
      const Outcome outcome = gives_up && random.OneIn(4) ? Hurry(queue, request, random) : Do(queue, request);
      if (outcome == Outcome::kTimedOut) continue;
      if (outcome != Outcome::kDone) {
        EXPECT_EQ(outcome, Outcome::kClosed);
        return history;
      }
      history.push_back(Open(request.result, member.id));
    }
  }

  // In an event loop, with a few gets at a time.
  History ConsumeInLoop(Offset queue) {
    const Member member(shared);
    EventLoop loop;
    program.wakers().Set(participant::IndexOf(member.id), [&loop] { loop.Poke(); });
    History history;
    std::uint32_t open = 0;
    bool ended = false;
    const auto finish = [&](Outcome outcome, const Request& request) {
      if (outcome == Outcome::kDone) history.push_back(Open(request.result, member.id));
      ended = ended || outcome != Outcome::kDone;
    };
    while (!ended || open > 0) {
      while (!ended && open < 3) {
        Request request{.op = MessageQueue::kGet, .me = member.id, .in_loop = true};
        Offset node = 0;
        const Outcome outcome = waiting.Begin(queue, request, 0, &node);
        if (node == 0) {
          finish(outcome, request);
        } else {
          ++open;
        }
      }
      if (open > 0 && !loop.Turn()) {
        ADD_FAILURE() << "a lost wake-up";
        break;
      }
      Offset mail = waiting.TakeMail(member.id);
      while (const Offset node = waiting.NextMail(&mail, member.id)) {
        Request request;
        const Outcome outcome = waiting.Poll(node, request);
        if (outcome == Outcome::kBlocked) continue;
        --open;
        finish(outcome, request);
      }
    }
    program.wakers().Clear(participant::IndexOf(member.id));
    return history;
  }

  Outcome Hurry(Offset queue, Request& request, RandomDelay& random) {
    Offset node = 0;
    Outcome outcome = waiting.Begin(queue, request, 0, &node);
    if (node == 0) return outcome;
    outcome = waiting.Sleep(node, request, Deadline::After(random.Below(50'000)));
    return outcome == Outcome::kBlocked ? waiting.Cancel(node, request) : outcome;
  }

  void Run(std::uint32_t threads, std::uint32_t loops, bool gives_up, std::int64_t close_after = -1) {
    constexpr std::uint64_t kProducers = 3;
    const std::uint64_t before = shared.Blocks();
    const Offset queue = Queue(GetParam().items, GetParam().bytes);
    std::vector<std::uint64_t> sent(kProducers);
    std::vector<History> histories(threads + loops);
    Crew consumers;
    for (std::uint32_t i = 0; i < threads; ++i) {
      consumers.Add([&, i] { histories[i] = Consume(queue, i, gives_up); });
    }
    for (std::uint32_t i = threads; i < threads + loops; ++i) {
      consumers.Add([&, i] { histories[i] = ConsumeInLoop(queue); });
    }
    Crew producers;
    for (std::uint64_t i = 0; i < kProducers; ++i) {
      producers.Add([&, i] { sent[i] = Produce(queue, i, gives_up); });
    }
    consumers.Start();
    producers.Start();
    if (close_after >= 0) {
      std::this_thread::sleep_for(std::chrono::microseconds(close_after));
      container::CloseQueue(program, queue, me);
    }
    producers.Join();
    container::CloseQueue(program, queue, me);
    consumers.Join();
    ExpectFaithful(histories, sent);
    EXPECT_EQ(container::QueueItems(program, queue), 0U);
    EXPECT_EQ(container::QueueBytes(program, queue), 0U);
    program.Release(queue, me);
    EXPECT_EQ(shared.Blocks(), before);
  }
};

TEST_P(MessageQueueStressTest, OneConsumer) { Run(1, 0, false); }
TEST_P(MessageQueueStressTest, SeveralConsumers) { Run(3, 0, false); }
TEST_P(MessageQueueStressTest, ConsumersInEventLoops) { Run(0, 2, false); }
TEST_P(MessageQueueStressTest, BothSortsOfConsumers) { Run(1, 2, false); }
TEST_P(MessageQueueStressTest, SomeGiveUp) { Run(2, 1, true); }
TEST_P(MessageQueueStressTest, ClosedAtAnyMoment) {
  for (std::int64_t round = 0; round < 20; ++round) Run(2, 1, true, round * round * 5);
}

INSTANTIATE_TEST_SUITE_P(Bounds, MessageQueueStressTest,
                         ::testing::Values(Bounds{0, 0}, Bounds{1, 0}, Bounds{5, 0}, Bounds{0, 30}, Bounds{0, 200}));

class MessageQueueJoinStressTest : public ::testing::Test, protected QueueRig {};

TEST_F(MessageQueueJoinStressTest, AJoinEndsOnlyAfterAllThatWasPutBefore) {
  constexpr int kRounds = 500;
  const Offset queue = Queue(4);
  std::atomic<std::uint64_t> done{0};
  Crew workers;
  for (int i = 0; i < 2; ++i) {
    workers.Add([&] {
      const Member member(shared);
      for (;;) {
        Request request{.op = MessageQueue::kGet, .me = member.id};
        if (Do(queue, request) != Outcome::kDone) return;
        Open(request.result, member.id);
        done.fetch_add(1);
        EXPECT_EQ(container::TaskDone(program, queue, member.id), Outcome::kDone);
      }
    });
  }
  workers.Start();
  std::uint64_t sent = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < round % 7; ++i) {
      Request put{.op = MessageQueue::kPut, .me = me, .argument = Message(++sent, me)};
      ASSERT_EQ(Do(queue, put), Outcome::kDone);
    }
    Request join{.op = MessageQueue::kJoin, .me = me};
    ASSERT_EQ(Do(queue, join), Outcome::kDone);
    ASSERT_EQ(done.load(), sent);
  }
  container::CloseQueue(program, queue, me);
}

}  // namespace
}  // namespace allcores::testing
