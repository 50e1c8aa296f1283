#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <vector>

#include "memory/shared_segments.h"
#include "support/child.h"
#include "support/crew.h"
#include "support/kill_point.h"
#include "support/random_delay.h"

namespace allcores::memory {
namespace {

using testing::Child;
using testing::RandomDelay;

// What threads and processes hand to one another. In the heap's root, behind the table.
struct Exchange {
  static constexpr std::uint32_t kSlots = 24;

  SharedSegments::Table table;
  std::array<std::atomic<std::uint32_t>, kSlots> slots;  // numbers that come with a holder
  std::atomic<std::uint64_t> damage;
  std::atomic<std::uint64_t> rounds;
};
static_assert(sizeof(Exchange) <= Heap::kRootBytes);

class SharedSegmentsStressTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kKills = 60;

  // What one holds, and how often: the model.
  struct Held {
    std::uint32_t id;
    std::uint32_t holders;
  };

  // One of many at work. Each holder is counted in exactly one place: with its owner or in a slot.
  class Worker {
   public:
    Worker(SharedSegmentsStressTest& test, std::uint32_t seed) : test_(test), random_(seed) {}

    void Step() {
      if (held_.size() > kMostHeld) Drop();
      switch (random_.Below(8)) {
        case 0:
        case 1:
          Make();
          break;
        case 2:
          if (!held_.empty()) Retain(held_[random_.Below(static_cast<std::uint32_t>(held_.size()))]);
          break;
        case 3:
        case 4:
          Swap();
          break;
        case 5:
          Doubt();
          break;
        default:
          Drop();
          break;
      }
      test_.exchange.rounds.fetch_add(1, std::memory_order_relaxed);
    }
    void DropAll() {
      while (!held_.empty()) Drop();
    }

   private:
    static constexpr std::size_t kMostHeld = 50;

    void Make() {
      const std::uint32_t bytes = random_.OneIn(10) ? 1 + random_.Below(60'000) : 8 + random_.Below(500);
      const bool zero = random_.OneIn(2);
      const std::uint32_t id = test_.segments.Create(bytes, zero, me_);
      if (id == 0) return;
      const SharedSegments::Extent extent = test_.segments.Find(id);
      std::byte* const data = test_.heap->data() + extent.begin;
      if (extent.bytes != bytes) test_.Damaged();
      if (zero && (data[0] != std::byte{0} || std::memcmp(data, data + 1, bytes - 1) != 0)) test_.Damaged();
      std::memset(data, static_cast<int>(id % 251 + 1), bytes);
      held_.push_back({id, 1});
    }
    void Check(std::uint32_t id) {
      const SharedSegments::Extent extent = test_.segments.Find(id);
      const std::byte* const data = test_.heap->data() + extent.begin;
      const auto mark = static_cast<std::byte>(id % 251 + 1);
      if (extent.begin == 0 || data[0] != mark || data[extent.bytes - 1] != mark) test_.Damaged();
    }
    void Retain(Held& held) {
      if (!test_.segments.Retain(held.id)) return test_.Damaged();
      ++held.holders;
    }
    // A holder of ours goes into a slot, and what was there comes to us.
    void Swap() {
      std::uint32_t given = 0;
      if (!held_.empty()) {
        given = held_.back().id;
        if (--held_.back().holders == 0) held_.pop_back();
      }
      const std::uint32_t got = test_.exchange.slots[random_.Below(Exchange::kSlots)].exchange(given);
      if (got == 0) return;
      Check(got);
      held_.push_back({got, 1});  // perhaps a second time: it is a holder of its own
    }
    // A number without a holder: it may name nothing any more, but nothing else either.
    void Doubt() {
      const std::uint32_t seen = test_.exchange.slots[random_.Below(Exchange::kSlots)].load();
      if (seen == 0 || !test_.segments.Retain(seen)) return;
      Check(seen);
      test_.segments.Release(seen, me_);
    }
    void Drop() {
      if (held_.empty()) return;
      const std::uint32_t at = random_.Below(static_cast<std::uint32_t>(held_.size()));
      Check(held_[at].id);
      test_.segments.Release(held_[at].id, me_);
      if (--held_[at].holders > 0) return;
      held_[at] = held_.back();
      held_.pop_back();
    }

    SharedSegmentsStressTest& test_;
    RandomDelay random_;
    const participant::ParticipantId me_ = test_.heap->participants().Join(1);
    std::vector<Held> held_;
  };

  void Damaged() { exchange.damage.fetch_add(1); }
  void Clear() {
    for (auto& slot : exchange.slots) segments.Release(slot.exchange(0), me);
  }
  [[nodiscard]] std::uint64_t Blocks() const { return heap->Stats().blocks - segments.TableSize().blocks; }

  std::unique_ptr<Heap> heap = Heap::Create(std::uint64_t{64} << 20);
  Exchange& exchange = *reinterpret_cast<Exchange*>(heap->root());
  participant::ParticipantId me = heap->participants().Join(1);
  SharedSegments segments{*heap, exchange.table};
};

TEST_F(SharedSegmentsStressTest, ThreadsHandSegmentsToOneAnother) {
  testing::Crew crew;
  for (std::uint32_t thread = 0; thread < 4; ++thread) {
    crew.Add([this, thread] {
      Worker worker(*this, thread);
      for (int i = 0; i < 20'000; ++i) worker.Step();
      worker.DropAll();
    });
  }
  crew.Join();
  Clear();
  EXPECT_EQ(exchange.damage.load(), 0U);
  EXPECT_EQ(Blocks(), 0U);
  EXPECT_EQ(segments.TableSize().blocks, 2U);
}

TEST_F(SharedSegmentsStressTest, ProcessesHandSegmentsToOneAnother) {
  const auto work = [this](std::uint32_t seed) {
    Worker worker(*this, seed);
    for (int i = 0; i < 20'000; ++i) worker.Step();
    worker.DropAll();
  };
  Child first([&] { work(1); });
  Child second([&] { work(2); });
  work(3);
  EXPECT_TRUE(first.Wait());
  EXPECT_TRUE(second.Wait());
  Clear();
  EXPECT_EQ(exchange.damage.load(), 0U);
  EXPECT_EQ(Blocks(), 0U);
}

// Pages of the table are made by whoever comes first.
TEST_F(SharedSegmentsStressTest, ThreadsMakeTheTableTogether) {
  std::array<std::vector<std::uint32_t>, 4> made;
  testing::Crew crew;
  for (auto& ids : made) {
    crew.Add([this, &ids] {
      const participant::ParticipantId id = heap->participants().Join(1);
      for (int i = 0; i < 2000; ++i) ids.push_back(segments.Create(8, false, id));
    });
  }
  crew.Join();
  std::vector<std::uint32_t> all;
  for (const auto& ids : made) all.insert(all.end(), ids.begin(), ids.end());
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
  EXPECT_NE(all.front(), 0U);
  EXPECT_EQ(segments.TableSize().blocks, 1U + (8000 + 511) / 512);
  EXPECT_EQ(Blocks(), all.size());
}

// What a killed one held is lost here, since nobody has written it down; nothing else is.
TEST_F(SharedSegmentsStressTest, KillsLeaveATableThatWorks) {
  RandomDelay delay(5);
  Worker ours(*this, 6);
  for (std::uint32_t kill = 1; kill <= kKills; ++kill) {
    const std::uint64_t before = exchange.rounds.load();
    Child child([&] {
      Worker worker(*this, 100 + kill);
      testing::DieAtSchedulePoint(200 + kill * 7);
      for (;;) worker.Step();
    });
    if (testing::kHasKillPoints) {
      child.Wait();
    } else {
      while (exchange.rounds.load() == before) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::microseconds(delay.Below(1500)));
      child.Kill();
      child.Wait();
    }
    for (int i = 0; i < 200; ++i) ours.Step();
  }
  ours.DropAll();
  Clear();
  EXPECT_EQ(exchange.damage.load(), 0U);
}

// A kill in each gap of one segment's life costs its memory and its place at most.
TEST_F(SharedSegmentsStressTest, AKillInAnyGapLosesWhatWasInHandAlone) {
  const std::uint32_t kept = segments.Create(64, true, me);
  std::uint64_t lost = 0;
  for (std::uint32_t gap = 1;; ++gap) {
    const std::uint64_t before = Blocks();
    Child child([&] {
      const participant::ParticipantId id = heap->participants().Join(1);
      const auto live = [&] {
        const std::uint32_t made = segments.Create(100, true, id);
        if (!segments.Retain(made) || !segments.Retain(kept)) _exit(1);
        segments.Release(kept, id);
        segments.Release(made, id);
        segments.Release(made, id);
      };
      live();  // inherits guards of those before it, so that the gaps that follow are the same each time
      testing::DieAtSchedulePoint(gap);
      live();
    });
    const bool finished = child.Wait();
    ASSERT_GE(Blocks(), before);
    ASSERT_LE(Blocks(), before + 1);
    lost += Blocks() - before;
    ASSERT_NE(segments.Find(kept).begin, 0U);
    // The table works: one is made and goes.
    const std::uint32_t id = segments.Create(16, true, me);
    ASSERT_TRUE(segments.Retain(id));
    segments.Release(id, me);
    segments.Release(id, me);
    ASSERT_EQ(segments.Find(id).begin, 0U);
    if (finished) break;
    ASSERT_LT(gap, 1000U);
  }
  EXPECT_EQ(lost > 0, testing::kHasKillPoints);
}

// The same with a table that has still to be made: of which a page may be lost as well.
TEST_F(SharedSegmentsStressTest, AKillWhileTheTableIsMadeLeavesOneThatWorks) {
  for (std::uint32_t gap = 1;; ++gap) {
    heap = Heap::Create(std::uint64_t{16} << 20);
    auto& table = *reinterpret_cast<SharedSegments::Table*>(heap->root());
    SharedSegments fresh(*heap, table);
    Child child([&] {
      testing::DieAtSchedulePoint(gap);
      if (fresh.Create(100, true, heap->participants().Join(1)) == 0) _exit(1);
    });
    const bool finished = child.Wait();
    const std::uint32_t id = fresh.Create(16, true, heap->participants().Join(1));
    ASSERT_NE(fresh.Find(id).begin, 0U);
    ASSERT_LE(heap->Stats().blocks - fresh.TableSize().blocks, 3U);
    if (finished) break;
    ASSERT_LT(gap, 1000U);
  }
}

}  // namespace
}  // namespace allcores::memory
