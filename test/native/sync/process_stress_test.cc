#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "container/message_queue.h"
#include "object/holder.h"
#include "support/board.h"
#include "support/child.h"
#include "support/crew.h"
#include "support/kill_point.h"
#include "support/random_delay.h"
#include "sync/process_rig.h"

namespace allcores::sync {
namespace {

using container::MessageQueue;
using testing::Board;
using testing::Child;
using testing::Crew;
using testing::Eventually;
using testing::Holder;
using testing::ProcessMember;
using testing::ProcessRig;
using testing::RandomDelay;
using Kind = object::Ledger::Kind;

// Processes that wait for one another on threads and in event loops, some of which are killed. This one recovers them.
class ProcessStressTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kKills = 40;

  struct Told {
    std::atomic<std::uint32_t> stop;
    std::atomic<std::uint32_t> failures;
    std::atomic<std::uint32_t> ready;
    std::atomic<std::uint64_t> recovered;  // how often somebody was told of a death
    std::atomic<std::uint64_t> got[2];     // by one on its thread, and by one in its event loop
  };

  using Pair = std::array<std::unique_ptr<Child>, 2>;

  // A process that waits on its thread and one that does in its event loop. Not two threads of one: a block may go from
  // one to the other by way of a third process, and ThreadSanitizer does not see what that one orders.
  template <typename Work>
  Pair StartPair(Work work) {
    const auto start = [&](std::uint32_t i) {
      return std::make_unique<Child>([this, work, i] {
        rig.BecomeProcess();
        ProcessMember member(rig, i == 1);
        while (board->stop == 0 && board->failures == 0) work(member, board->got[i]);
      });
    };
    return {start(0), start(1)};
  }
  void ExpectEnd(const Pair& pair) {
    for (const auto& child : pair) EXPECT_TRUE(child->Wait());
    EXPECT_EQ(board->failures, 0U);
  }
  void Fail() { board->failures.fetch_add(1); }
  // Both of a pair have got further since.
  bool BothGoOn() {
    const std::uint64_t seen[] = {board->got[0], board->got[1]};
    return Eventually(
        [&] { return board->failures != 0 || (board->got[0] > seen[0] + 1 && board->got[1] > seen[1] + 1); });
  }
  void KillAfterAWhile(Child& child) {
    if (!testing::kHasKillPoints) {
      std::this_thread::sleep_for(std::chrono::microseconds(delay.Below(2000)));
      child.Kill();
    }
    child.Wait();
  }
  std::uint32_t Gap() { return 100 + delay.Below(600); }

  ProcessRig rig;
  const ParticipantId me = rig.BecomeHost();
  const Board<Told> board;
  RandomDelay delay{3};
};

// Tokens go round a ring of participants of two processes: each hand-over crosses from one to the other.
TEST_F(ProcessStressTest, NoWakeUpOfAnEventLoopElsewhereIsLost) {
  constexpr std::uint32_t kMembers = 6;
  constexpr std::uint32_t kRounds = 700;
  std::vector<Offset> semaphores;
  for (std::uint32_t i = 0; i < kMembers; ++i) semaphores.push_back(CreateSemaphore(rig.program, 0, false, 0, me));
  const auto run = [&](std::uint32_t first) {
    rig.BecomeProcess();
    Crew crew;
    for (std::uint32_t i = first; i < kMembers; i += 2) {
      crew.Add([&, i] {
        ProcessMember member(rig, i % 3 != 0);
        for (std::uint32_t round = 0; round < kRounds && board->failures == 0; ++round) {
          if (member.Do(semaphores[i]) != Outcome::kDone) return Fail();
          board->got[first].fetch_add(1);
          ReleaseSemaphore(rig.program, semaphores[(i + 1) % kMembers], member.id, 1);
        }
      });
    }
    crew.Join();
  };
  Child first([&] { run(0); });
  Child second([&] { run(1); });
  ReleaseSemaphore(rig.program, semaphores[0], me, 1);
  ReleaseSemaphore(rig.program, semaphores[1], me, 1);
  EXPECT_TRUE(first.Wait());
  EXPECT_TRUE(second.Wait());
  EXPECT_EQ(board->failures, 0U);
  EXPECT_EQ(board->got[0] + board->got[1], kRounds * kMembers);
}

TEST_F(ProcessStressTest, ALockOfAKilledProcessGoesToThoseWhoWaitElsewhere) {
  const Offset lock = rig.program.Create(object::ObjectKind::kLock, sizeof(LockObject), 0, me);
  const auto waiters = StartPair([&](ProcessMember& member, std::atomic<std::uint64_t>& got) {
    std::uint64_t result = 0;
    if (member.Do(lock, 0, 0, &result) != Outcome::kDone) return Fail();
    if (result == kRecovered) board->recovered.fetch_add(1);
    got.fetch_add(1);
    if (ReleaseLock(rig.program, lock, member.id, false, nullptr) != Outcome::kDone) Fail();
  });
  for (std::uint32_t kill = 1; kill <= kKills && board->failures == 0; ++kill) {
    board->ready = 0;
    Child holder([&] {
      ProcessMember member(rig, false);
      if (member.Do(lock) != Outcome::kDone) Fail();
      board->ready = 1;
      for (;;) pause();
    });
    ASSERT_TRUE(Eventually([&] { return board->ready != 0; }));
    if (delay.OneIn(2)) delay();
    holder.Kill();
    holder.Wait();
    rig.program.RecoverDead(me);
    ASSERT_TRUE(BothGoOn()) << "after " << kill << " kills";
    EXPECT_TRUE(Eventually([&] { return board->recovered == kill; }));
  }
  board->stop = 1;
  ExpectEnd(waiters);
}

// The dead one is found by a keeper, while this process does nothing.
TEST_F(ProcessStressTest, AKeeperFindsTheDead) {
  const Offset lock = rig.program.Create(object::ObjectKind::kLock, sizeof(LockObject), 0, me);
  Child keeper([&] {
    rig.BecomeProcess(true);
    for (;;) pause();
  });
  const auto waiters = StartPair([&](ProcessMember& member, std::atomic<std::uint64_t>& got) {
    if (member.Do(lock) != Outcome::kDone) return Fail();
    got.fetch_add(1);
    ReleaseLock(rig.program, lock, member.id, false, nullptr);
  });
  for (std::uint32_t kill = 1; kill <= 10 && board->failures == 0; ++kill) {
    Child holder([&] {
      ProcessMember member(rig, false);
      if (member.Do(lock) != Outcome::kDone) Fail();
      ::kill(getpid(), SIGKILL);
    });
    holder.Wait();
    ASSERT_TRUE(BothGoOn()) << "after " << kill << " kills";
  }
  board->stop = 1;
  ExpectEnd(waiters);
}

// Killed anywhere in an operation, inside the guard or out of it.
TEST_F(ProcessStressTest, WhoeverIsKilledInALockLeavesOneThatWorks) {
  const Offset lock = rig.program.Create(object::ObjectKind::kLock, sizeof(LockObject), 0, me);
  const auto use = [&](ProcessMember& member, std::atomic<std::uint64_t>& got) {
    if (member.Do(lock) != Outcome::kDone) return Fail();
    got.fetch_add(1);
    if (ReleaseLock(rig.program, lock, member.id, false, nullptr) != Outcome::kDone) Fail();
  };
  const auto waiters = StartPair(use);
  for (std::uint32_t kill = 1; kill <= kKills && board->failures == 0; ++kill) {
    Child user([&] {
      ProcessMember member(rig, false);
      std::atomic<std::uint64_t> nobody{0};
      testing::DieAtSchedulePoint(Gap());
      for (;;) use(member, nobody);
    });
    KillAfterAWhile(user);
    delay.Below(7);  // another gap next time
    rig.program.RecoverDead(me);
    ASSERT_TRUE(BothGoOn()) << "after " << kill << " kills";
  }
  board->stop = 1;
  ExpectEnd(waiters);
}

// Messages of one that lives arrive, whoever else is killed while it puts; and no message is given back twice.
TEST_F(ProcessStressTest, KilledProducersLeaveAQueueThatWorks) {
  const std::uint64_t before = rig.program.Stats().blocks;
  const Offset queue = container::CreateQueue(rig.program, 2, 0, 0, me);
  const auto message = [&](std::uint64_t ours, ParticipantId id) {
    const Offset block = object::MakeValueBlock(rig.program, sizeof(std::uint64_t), {}, id);
    std::memcpy(rig.program.At<object::ValueBlock>(block)->Bytes(), &ours, sizeof ours);
    return block;
  };
  std::uint64_t put = 0;
  const auto waiters = StartPair([&](ProcessMember& member, std::atomic<std::uint64_t>& got) {
    std::uint64_t block = 0;
    const Outcome outcome = member.Do(queue, MessageQueue::kGet, 0, &block);
    if (outcome == Outcome::kClosed) return;
    if (outcome != Outcome::kDone) return Fail();
    std::uint64_t ours = 0;
    std::memcpy(&ours, rig.program.At<object::ValueBlock>(block)->Bytes(), sizeof ours);
    if (ours > 1) Fail();
    got.fetch_add(ours);
    object::FreeValueBlock(rig.program, block, member.id);
  });
  for (std::uint32_t kill = 1; kill <= kKills && board->failures == 0; ++kill) {
    Child producer([&] {
      rig.BecomeProcess();
      ProcessMember member(rig, delay.OneIn(2));
      auto* const holder = new Holder(rig.program, member.id);
      testing::DieAtSchedulePoint(Gap());
      for (;;) {
        const Offset block = message(0, member.id);
        holder->Hold(Kind::kBlock, block);
        holder->MakeBlock(100);
        // Struck out before it is given away: from then on the queue's recovery answers for it.
        holder->Pass(Kind::kBlock, block);
        if (member.Do(queue, MessageQueue::kPut, block) != Outcome::kDone) Fail();
        if (holder->held() > 5) holder->DropAny(0);
      }
    });
    KillAfterAWhile(producer);
    delay.Below(7);
    rig.program.RecoverDead(me);
    ProcessMember ours(rig, false);
    for (int i = 0; i < 4; ++i, ++put)
      ASSERT_EQ(ours.Do(queue, MessageQueue::kPut, message(1, ours.id)), Outcome::kDone);
    ASSERT_TRUE(Eventually([&] { return board->failures != 0 || board->got[0] + board->got[1] == put; }));
  }
  board->stop = 1;
  container::CloseQueue(rig.program, queue, me);
  ExpectEnd(waiters);
  rig.program.Release(queue, me);
  // A message in hand, one that was made and not noted, and a node.
  EXPECT_GE(rig.program.Stats().blocks, before);
  EXPECT_LE(rig.program.Stats().blocks, before + 3 * kKills);
}

// Those who wait for room go on once a consumer was killed, wherever.
TEST_F(ProcessStressTest, KilledConsumersLeaveAQueueThatWorks) {
  const Offset queue = container::CreateQueue(rig.program, 2, 0, 0, me);
  const auto waiters = StartPair([&](ProcessMember& member, std::atomic<std::uint64_t>& got) {
    const Offset block = object::MakeValueBlock(rig.program, 100, {}, member.id);
    const Outcome outcome = member.Do(queue, MessageQueue::kPut, block);
    if (outcome != Outcome::kDone) object::FreeValueBlock(rig.program, block, member.id);
    if (outcome != Outcome::kDone && outcome != Outcome::kClosed) Fail();
    got.fetch_add(1);
  });
  const auto take = [&](ProcessMember& member) {
    std::uint64_t block = 0;
    if (member.Do(queue, MessageQueue::kGet, 0, &block) != Outcome::kDone) return Fail();
    object::FreeValueBlock(rig.program, block, member.id);
  };
  for (std::uint32_t kill = 1; kill <= kKills && board->failures == 0; ++kill) {
    Child consumer([&] {
      ProcessMember member(rig, false);
      testing::DieAtSchedulePoint(Gap());
      for (;;) take(member);
    });
    KillAfterAWhile(consumer);
    delay.Below(7);
    rig.program.RecoverDead(me);
    ProcessMember ours(rig, false);
    const std::uint64_t seen[] = {board->got[0], board->got[1]};
    ASSERT_TRUE(Eventually([&] {
      take(ours);
      return board->failures != 0 || (board->got[0] > seen[0] && board->got[1] > seen[1]);
    }));
  }
  board->stop = 1;
  container::CloseQueue(rig.program, queue, me);
  ExpectEnd(waiters);
}

}  // namespace
}  // namespace allcores::sync
