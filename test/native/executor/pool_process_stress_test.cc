#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <thread>
#include <utility>

#include "memory/shared_segments.h"
#include "platform/channel.h"
#include "support/board.h"
#include "support/child.h"
#include "support/hang.h"
#include "support/pool_owner.h"
#include "support/pool_worker.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

using testing::Board;
using testing::Child;
using testing::PoolOwner;
using testing::PoolWorker;

constexpr std::uint32_t kTasks = 6000;
constexpr std::uint32_t kWorkers = 2;

struct Waits {
  PoolOwner::Waits owner;
  PoolWorker::Waits worker;
};

// A pool in a shared segment of a heap: the owner is here, each worker a process of its own. Both sleep on futexes, or
// in event loops that are rung at through a channel.
class PoolProcessStressTest : public ::testing::TestWithParam<Waits> {
 protected:
  struct Told {
    std::atomic<std::uint64_t> lost;
    std::atomic<std::uint64_t> waits;
    std::atomic<std::uint32_t> served[kWorkers];  // tasks that were begun in a slot
  };
  // One of both sides, as that process has it.
  std::shared_ptr<PoolCore> View() {
    const memory::SharedSegments::Extent extent = segments.Find(id);
    return PoolCore::On(testing::kSmallPool, memory::Segment::On(heap->data() + extent.begin, extent.bytes, nullptr));
  }
  // Passes rings at `end` on to a participant's waker, for as long as the other end is there.
  static void Listen(PoolCore& pool, std::uint32_t participant, int end) {
    for (;;) {
      pollfd watched{.fd = end, .events = POLLIN, .revents = 0};
      char bells[256];
      if (poll(&watched, 1, -1) == 1 && read(end, bells, sizeof bells) == 0) return;
      pool.wakers().Poke(participant);
    }
  }

  void SetUp() override {
    ASSERT_NE(id, 0U);
    pool->control().slot_limit.store(kWorkers);
  }
  void Hire(std::uint32_t slot) {
    channels[slot] = platform::OpenChannel();
    workers[slot] = std::make_unique<Child>([this, slot] { Serve(slot); });
    platform::CloseEnd(std::exchange(channels[slot].theirs, -1));
  }
  void Serve(std::uint32_t slot) {
    const std::shared_ptr<PoolCore> ours = View();
    const int end = channels[slot].theirs;
    for (const platform::Channel& other : channels) {
      if (other.ours >= 0) platform::CloseEnd(other.ours);
    }
    ours->wakers().Set(PoolCore::kOwner, [end] { platform::Ring(end); });
    testing::Ledger begun(kTasks);
    PoolWorker worker(*ours, slot, begun, {.waits = GetParam().worker, .most = 4}, [this, slot](std::uint32_t) {
      board->served[slot].fetch_add(1, std::memory_order_relaxed);
      return true;
    });
    std::thread([ours, slot, end] { Listen(*ours, PoolCore::Participant(slot), end); }).detach();
    worker.Run();
    board->lost.fetch_add(worker.lost());
    board->waits.fetch_add(worker.waits());
    _exit(0);  // not without the thread that listens
  }
  // Once a worker has been started: only then are there threads here, of which a fork would know nothing.
  void Attend(std::uint32_t slot) {
    const int end = channels[slot].ours;
    pool->wakers().Set(PoolCore::Participant(slot), [end] { platform::Ring(end); });
    listeners.emplace_back([this, end] { Listen(*pool, PoolCore::kOwner, end); });
  }
  void TearDown() override {
    if (pool == nullptr) return;
    pool->Shutdown();
    for (const auto& worker : workers) EXPECT_TRUE(worker == nullptr || worker->Wait());
    for (std::thread& listener : listeners) listener.join();
    for (const platform::Channel& channel : channels) {
      if (channel.ours >= 0) platform::CloseEnd(channel.ours);
    }
    EXPECT_EQ(board->lost, 0U);
    EXPECT_EQ(pool->control().sleepers.load(), 0U);
  }

  std::unique_ptr<memory::Heap> heap = memory::Heap::Create(std::uint64_t{16} << 20);
  participant::ParticipantId me = heap->participants().Join(1);
  memory::SharedSegments segments{*heap, *reinterpret_cast<memory::SharedSegments::Table*>(heap->root())};
  std::uint32_t id = segments.Create(PoolLayout(testing::kSmallPool).total, true, me);
  std::shared_ptr<PoolCore> pool = View();
  PoolOwner owner{*pool, kTasks, GetParam().owner};
  const Board<Told> board;
  platform::Channel channels[kWorkers];
  std::unique_ptr<Child> workers[kWorkers];
  std::vector<std::thread> listeners;
};
INSTANTIATE_TEST_SUITE_P(Waits, PoolProcessStressTest,
                         ::testing::Values(Waits{PoolOwner::Waits::kOnThread, PoolWorker::Waits::kOnThread},
                                           Waits{PoolOwner::Waits::kInLoop, PoolWorker::Waits::kInLoop}),
                         [](const auto& info) {
                           return info.param.owner == PoolOwner::Waits::kOnThread ? "OnThreads" : "InLoops";
                         });

TEST_P(PoolProcessStressTest, TasksOfOneProcessAreRunInOthers) {
  for (std::uint32_t slot = 0; slot < kWorkers; ++slot) Hire(slot);
  for (std::uint32_t slot = 0; slot < kWorkers; ++slot) Attend(slot);
  testing::RandomDelay random(1);
  for (std::uint32_t number = 0; number < kTasks;) {
    // Now one after the other, so that both sides sleep each time, now many at once.
    if (number < kTasks / 4 && owner.drained() < number) {
      ASSERT_TRUE(owner.DrainUntil(number));
    }
    if (owner.Submit(number).has_value()) {
      ++number;
    } else if (owner.Drain() == 0) {
      ASSERT_TRUE(owner.Wait());
    }
    if (random.OneIn(200)) random();
  }
  ASSERT_TRUE(owner.DrainUntil(kTasks));
  EXPECT_EQ(owner.finished().once(), kTasks);
  EXPECT_EQ(owner.strange(), 0U);
}

TEST_P(PoolProcessStressTest, AMessageForOneWorkerReachesThatOne) {
  for (std::uint32_t slot = 0; slot < kWorkers; ++slot) Hire(slot);
  for (std::uint32_t slot = 0; slot < kWorkers; ++slot) Attend(slot);
  std::uint32_t slots[kTasks];
  owner.on_result = [&](const testing::TestResult& result) { EXPECT_EQ(result.slot, slots[result.number]); };
  for (std::uint32_t number = 0; number < 1000; ++number) {
    slots[number] = number % kWorkers;
    ASSERT_TRUE(owner.SubmitTo(slots[number], number).has_value());
    ASSERT_TRUE(owner.DrainUntil(number + 1));
  }
  EXPECT_EQ(board->served[0], 500U);
  EXPECT_EQ(board->served[1], 500U);
}

// One worker after the other is killed wherever it is: in a task, asleep, or between a claim and a result.
TEST(PoolProcessKillStress, WhatAKilledWorkerDidNotBeginIsRunByTheNext) {
  constexpr std::uint32_t kKills = 40;
  const testing::Board<std::atomic<std::uint64_t>> served;
  const std::unique_ptr<memory::Heap> heap = memory::Heap::Create(std::uint64_t{16} << 20);
  memory::SharedSegments segments(*heap, *reinterpret_cast<memory::SharedSegments::Table*>(heap->root()));
  const std::uint32_t id = segments.Create(PoolLayout(testing::kSmallPool).total, true, heap->participants().Join(1));
  const auto view = [&] {
    const memory::SharedSegments::Extent extent = segments.Find(id);
    return PoolCore::On(testing::kSmallPool, memory::Segment::On(heap->data() + extent.begin, extent.bytes, nullptr));
  };
  const std::shared_ptr<PoolCore> pool = view();
  pool->control().slot_limit.store(1);
  PoolOwner owner(*pool, kTasks);
  testing::RandomDelay delay(2);
  std::size_t died_with_worker = 0;
  std::uint32_t number = 0;
  for (std::uint32_t kill = 0; kill <= kKills; ++kill) {
    Child child([&] {
      const std::shared_ptr<PoolCore> theirs = view();
      testing::Ledger begun(kTasks);
      PoolWorker worker(*theirs, 0, begun, {.most = 4}, [&](std::uint32_t) {
        served->fetch_add(1);
        return true;
      });
      worker.Run();
    });
    const std::uint64_t seen = served->load();
    while (number < (kill + 1) * kTasks / (kKills + 1) && owner.Submit(number).has_value()) ++number;
    ASSERT_TRUE(testing::Eventually([&] { return served->load() > seen || owner.InFlight().empty(); }));
    if (kill == kKills) {  // the last one lives
      while (number < kTasks || !owner.InFlight().empty()) {
        while (number < kTasks && owner.Submit(number).has_value()) ++number;
        ASSERT_TRUE(owner.Drain() != 0 || owner.Wait());
      }
      pool->Shutdown();
      EXPECT_TRUE(child.Wait());
      break;
    }
    for (std::uint32_t i = delay.Below(5); i > 0; --i) owner.Drain();
    if (delay.OneIn(2)) std::this_thread::sleep_for(std::chrono::microseconds(delay.Below(400)));
    child.Kill();
    child.Wait();
    // As its owner does who has heard of its end.
    pool->MarkDead(0);
    owner.deaths_seen = pool->control().deaths.load();
    owner.Drain();
    for (const std::uint32_t entry : owner.InFlight()) {
      const std::uint32_t state = pool->tasks().at(TaskEntry::Index(entry)).state.load(std::memory_order_acquire);
      if (state != TaskState::Pack(TaskEntry::Generation(entry), Phase::kRunning, 0)) continue;
      owner.GiveUp(entry);
      ++died_with_worker;
    }
    pool->Bury(0);
    // A ring that is full has hints at each of them from the deaths before.
    for (const std::uint32_t entry : owner.InFlight()) {
      if (!owner.PushHint(entry)) break;
    }
  }
  EXPECT_EQ(owner.finished().once() + died_with_worker, kTasks);
  EXPECT_EQ(owner.finished().repeated(), 0U);
  EXPECT_EQ(owner.strange(), 0U);
  EXPECT_LE(died_with_worker, kKills);  // it runs one at a time
}

}  // namespace
}  // namespace allcores::executor
