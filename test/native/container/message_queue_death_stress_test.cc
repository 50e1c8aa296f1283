#include <gtest/gtest.h>

#include <mutex>
#include <set>

#include "container/queue_rig.h"
#include "support/crew.h"
#include "support/random_delay.h"

namespace allcores::testing {
namespace {

// Participants come, do a few things and die in the midst of a wait, in order or not, while others go on.
class MessageQueueDeathStressTest : public ::testing::Test, protected QueueRig {
 protected:
  static constexpr int kLives = 400;  // of each mortal thread

  void Accept(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    accepted_.insert(number);
  }
  void Doubt(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    doubtful_.insert(number);
  }
  void Deliver(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    ASSERT_TRUE(delivered_.insert(number).second) << number << " came twice";
  }

  // True: it died with the operation waiting.
  bool LiveAndPut(Offset queue, ParticipantId id, RandomDelay& random) {
    const std::uint64_t number = next_number_.fetch_add(1);
    Request request{.op = MessageQueue::kPut, .me = id, .argument = Message(number, id, 8 + random.Below(30))};
    const Offset message = request.argument;
    Offset node = 0;
    Outcome outcome = waiting.Begin(queue, request, 0, &node);
    if (node != 0) {
      outcome = waiting.Sleep(node, request, Deadline::After(random.Below(20'000)));
      if (outcome == Outcome::kBlocked && random.OneIn(2)) {
        Doubt(number);
        return true;
      }
      if (outcome == Outcome::kBlocked) outcome = waiting.Cancel(node, request);
    }
    if (outcome == Outcome::kDone) {
      Accept(number);
    } else {
      object::FreeValueBlock(program, message, id);
    }
    return false;
  }

  bool LiveAndGet(Offset queue, ParticipantId id, RandomDelay& random) {
    Request request{.op = MessageQueue::kGet, .me = id, .in_loop = random.OneIn(2)};
    Offset node = 0;
    Outcome outcome = waiting.Begin(queue, request, 0, &node);
    if (node != 0) {
      random();
      outcome = waiting.Poll(node, request);
      if (outcome == Outcome::kBlocked && random.OneIn(2)) return true;
      if (outcome == Outcome::kBlocked && random.OneIn(2)) {
        waiting.Abandon(node, id);
        return false;
      }
      if (outcome == Outcome::kBlocked) outcome = waiting.Cancel(node, request);
    }
    if (outcome != Outcome::kDone) return false;
    if (random.OneIn(8)) {
      container::PutBack(program, queue, request.result, id);
    } else {
      Deliver(Open(request.result, id));
    }
    return false;
  }

  void LiveAndDie(Offset queue, std::uint32_t seed) {
    RandomDelay random(seed);
    const Member survivor(shared);
    for (int life = 0; life < kLives; ++life) {
      const ParticipantId id = shared.Join();
      bool dead = false;
      for (int i = 0; i < 6 && !dead; ++i) {
        dead = random.OneIn(2) ? LiveAndPut(queue, id, random) : LiveAndGet(queue, id, random);
      }
      FreeMail(id);
      random();
      shared.End(id, random.OneIn(2) ? survivor.id : id);
    }
  }

  // Frees what was given up while it was in the mail.
  void FreeMail(ParticipantId id) {
    Offset mail = waiting.TakeMail(id);
    while (waiting.NextMail(&mail, id) != 0) {
    }
  }

  std::atomic<std::uint64_t> next_number_{1};
  std::mutex mutex_;
  std::set<std::uint64_t> accepted_;
  std::set<std::uint64_t> doubtful_;  // their producers died before they knew
  std::set<std::uint64_t> delivered_;
};

TEST_F(MessageQueueDeathStressTest, EveryMessageIsDeliveredOnceWhoeverDies) {
  const std::uint64_t before = shared.Blocks();
  const Offset queue = Queue(3, 60);
  Crew crew;
  for (std::uint32_t i = 0; i < 3; ++i) {
    crew.Add([&, i] { LiveAndDie(queue, i); });
  }
  std::atomic<bool> over{false};
  Crew steady;
  steady.Add([&] {
    const Member member(shared);
    for (;;) {
      Request request{.op = MessageQueue::kGet, .me = member.id};
      const Outcome outcome = Do(queue, request);
      if (outcome != Outcome::kDone) {
        EXPECT_EQ(outcome, Outcome::kClosed) << "a hang";
        return;
      }
      Deliver(Open(request.result, member.id));
    }
  });
  steady.Add([&] {
    const Member member(shared);
    while (!over.load()) {
      const std::uint64_t number = next_number_.fetch_add(1);
      Request request{.op = MessageQueue::kPut, .me = member.id, .argument = Message(number, member.id)};
      const Offset message = request.argument;
      const Outcome outcome = Do(queue, request);
      if (outcome == Outcome::kDone) {
        Accept(number);
      } else {
        EXPECT_EQ(outcome, Outcome::kClosed) << "a hang";
        object::FreeValueBlock(program, message, member.id);
        return;
      }
    }
  });
  steady.Start();
  crew.Start();
  crew.Join();
  over = true;
  container::CloseQueue(program, queue, me);
  steady.Join();
  EXPECT_EQ(container::QueueItems(program, queue), 0U);
  for (const std::uint64_t number : accepted_) EXPECT_TRUE(delivered_.contains(number)) << number << " is lost";
  for (const std::uint64_t number : delivered_) {
    EXPECT_TRUE(accepted_.contains(number) || doubtful_.contains(number)) << number << " was never put";
  }
  program.Release(queue, me);
  EXPECT_EQ(shared.Blocks(), before);
}

}  // namespace
}  // namespace allcores::testing
