#include <gtest/gtest.h>

#include <vector>

#include "object/holder.h"
#include "support/board.h"
#include "support/child.h"
#include "support/crew.h"
#include "support/kill_point.h"
#include "support/random_delay.h"
#include "sync/sync_rig.h"

namespace allcores::object {
namespace {

using testing::Board;
using testing::Child;
using testing::Holder;
using testing::kHasKillPoints;
using testing::RandomDelay;
using testing::SyncRig;
using Kind = Ledger::Kind;

// Processes that hold things and give them back as fast as they can, and are killed wherever they are; and those who
// recover them, and are killed in their turn. What a kill may cost is what was in hand just then: got and not noted,
// or struck out and not given back.
class LedgerKillStressTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kKills = 40;
  // A block, and a page of the segments' table.
  static constexpr std::uint64_t kInHand = 2;
  static constexpr std::uint32_t kMostGaps = 4000;
  static constexpr std::uint64_t kMostLost = 20;  // of a kill in each gap of a life

  // What a child does between two looks at the clock.
  void Churn(Holder& holder, RandomDelay& random) {
    const Offset links[] = {kept};
    switch (random.Below(holder.held() > 40 ? 12 : 8)) {
      case 0:
        holder.RetainObject(kept);
        break;
      case 1:
        holder.MakeObject();
        break;
      case 2:
        holder.MakeBlock(16 + random.Below(3000), std::span(links, random.Below(2)));
        break;
      case 3:
        holder.MakeSegment(8 + random.Below(20'000));
        break;
      case 4:
        if (!holder.RetainSegment(segment)) _exit(1);
        break;
      default:
        holder.DropAny(random.Below(1000));
    }
    board->rounds.fetch_add(1, std::memory_order_relaxed);
  }
  [[noreturn]] void ChurnUntilKilled(std::uint32_t seed) {
    auto* const holder = new Holder(rig.program, rig.Join());
    RandomDelay random(seed);
    for (;;) Churn(*holder, random);
  }
  // A fixed life that meets each step of the protocol.
  void Live(Holder& holder) {
    const Offset object = holder.MakeObject();
    holder.RetainObject(object);
    const Offset links[] = {kept};
    const Offset block = holder.MakeBlock(100, links);
    const std::uint32_t own = holder.MakeSegment(100);
    if (!holder.RetainSegment(own) || !holder.RetainSegment(segment)) _exit(1);
    holder.Drop(Kind::kReference, object);
    holder.Drop(Kind::kSegment, own);
    holder.Drop(Kind::kBlock, block);
    holder.Drop(Kind::kReference, object);
    holder.Drop(Kind::kSegment, own);
    holder.Drop(Kind::kSegment, segment);
  }
  std::unique_ptr<Child> StartChurning(std::uint32_t seed) {
    return std::make_unique<Child>([this, seed] { ChurnUntilKilled(seed); });
  }
  void KillAfterAWhile(Child& child) {
    const std::uint64_t seen = board->rounds.load();
    EXPECT_TRUE(testing::Eventually([&] { return board->rounds.load() > seen + delay.Below(300); }));
    std::this_thread::sleep_for(std::chrono::microseconds(delay.Below(500)));
    child.Kill();
    child.Wait();
  }
  // After everybody who may have died was recovered.
  void ExpectAtMostLost(std::uint64_t blocks, std::uint64_t references) {
    ASSERT_EQ(rig.program.participants().NextDead(0), 0U);
    ASSERT_GE(Blocks(), before);
    ASSERT_LE(Blocks(), before + blocks);
    ASSERT_GE(References(), 1U);
    ASSERT_LE(References(), 1U + references);
    ASSERT_NE(rig.program.segments().Find(segment).begin, 0U);
  }
  void Recover() { rig.program.RecoverDead(me); }
  [[nodiscard]] std::uint64_t Blocks() const { return rig.program.Stats().blocks; }
  [[nodiscard]] std::uint32_t References() const { return rig.program.Header(kept).references.load(); }

  struct Told {
    std::atomic<std::uint64_t> rounds;
    std::atomic<std::uint32_t> recovered;
  };

  SyncRig rig;
  const ParticipantId me = rig.Join();
  const Offset kept = rig.MakeLock(me);
  const std::uint32_t segment = rig.program.segments().Create(5000, true, me);
  const std::uint64_t before = Blocks();
  const Board<Told> board;
  RandomDelay delay{11};
};

TEST_F(LedgerKillStressTest, AKillCostsWhatWasInHand) {
  for (std::uint32_t kill = 1; kill <= kKills && !HasFailure(); ++kill) {
    const auto child = StartChurning(kill);
    KillAfterAWhile(*child);
    Recover();
    ExpectAtMostLost(kill * kInHand, kill);
  }
}

TEST_F(LedgerKillStressTest, OthersGoOnMeanwhile) {
  std::unique_ptr<Child> children[2] = {StartChurning(1), StartChurning(2)};
  Holder ours(rig.program, rig.Join());
  for (std::uint32_t kill = 1; kill <= kKills && !HasFailure(); ++kill) {
    auto& child = children[kill % 2];
    for (int i = 0; i < 50; ++i) Churn(ours, delay);
    KillAfterAWhile(*child);
    child = StartChurning(100 + kill);
    for (int i = 0; i < 20; ++i) Churn(ours, delay);
    Recover();
  }
  for (auto& child : children) child.reset();
  Recover();
  while (ours.DropAny(0)) {
  }
  ExpectAtMostLost((kKills + 2) * kInHand, kKills + 2);
}

// In the core with schedule points: a kill in each gap of a life.
TEST_F(LedgerKillStressTest, AKillInAnyGapCostsWhatWasInHand) {
  std::uint64_t lost = 0;
  for (std::uint32_t gap = 1;; ++gap) {
    const std::uint64_t blocks = Blocks();
    Child child([&] {
      auto* const holder = new Holder(rig.program, rig.Join());
      Live(*holder);  // inherits guards of those before it, so that the gaps that follow are the same each time
      testing::DieAtSchedulePoint(gap);
      Live(*holder);
    });
    const bool finished = child.Wait();
    Recover();
    ASSERT_GE(Blocks(), blocks);
    ASSERT_LE(Blocks(), blocks + kInHand);
    lost += Blocks() - blocks;
    ExpectAtMostLost(lost, gap);
    if (finished) break;
    ASSERT_LT(gap, kMostGaps);
  }
  // Nearly everything that was in hand is noted there.
  EXPECT_LE(lost, kMostLost);
}

// Its first notes, and the end of a ledger: a page may be lost, but is not counted as taken.
TEST_F(LedgerKillStressTest, AKillAtTheBeginningAndEndOfALedgerLosesAPage) {
  for (std::uint32_t gap = 1;; ++gap) {
    const std::uint64_t blocks = Blocks();
    Child child([&] {
      {
        Holder(rig.program, rig.Join()).RetainObject(kept);
      }
      testing::DieAtSchedulePoint(gap);
      Holder holder(rig.program, rig.Join());
      for (int i = 0; i < 100; ++i) holder.Hold(Kind::kSegment, rig.program.segments().Create(8, false, holder.me()));
    });
    const bool finished = child.Wait();
    Recover();
    ASSERT_LE(Blocks(), blocks + kInHand);
    ASSERT_GE(Blocks(), blocks);
    if (finished) break;
    gap += gap > 200 ? 3 : 0;
    ASSERT_LT(gap, kMostGaps);
  }
}

TEST_F(LedgerKillStressTest, TwoRecoverersAtOnceGiveBackOnce) {
  for (std::uint32_t kill = 1; kill <= kKills && !HasFailure(); ++kill) {
    const std::unique_ptr<Child> victims[] = {StartChurning(kill), StartChurning(1000 + kill)};
    for (const auto& victim : victims) KillAfterAWhile(*victim);
    board->recovered = 0;
    Child other([&] {
      const ParticipantId id = rig.Join();
      rig.program.RecoverDead(id);
      rig.program.participants().Leave(id);
      rig.program.participants().Bury(id);
      board->recovered = 1;
    });
    Recover();
    EXPECT_TRUE(other.Wait());
    ExpectAtMostLost(2 * kill * kInHand, 2 * kill);
  }
}

TEST_F(LedgerKillStressTest, ThreadsThatRecoverAsOneParticipantGiveBackOnce) {
  for (std::uint32_t kill = 1; kill <= kKills / 2 && !HasFailure(); ++kill) {
    const auto victim = StartChurning(kill);
    KillAfterAWhile(*victim);
    testing::Crew crew;
    for (int thread = 0; thread < 3; ++thread) crew.Add([this] { Recover(); });
    crew.Join();
    ExpectAtMostLost(kill * kInHand, kill);
  }
}

// Whoever recovers is killed as well, and so is the next one.
TEST_F(LedgerKillStressTest, ARecovererThatIsKilledIsFollowedByAnother) {
  std::uint32_t kills = 0;
  for (std::uint32_t round = 1; round <= kKills && !HasFailure(); ++round) {
    const auto victim = StartChurning(round);
    KillAfterAWhile(*victim);
    ++kills;
    for (std::uint32_t recoverer = 0; recoverer < 3; ++recoverer) {
      Child child([&] {
        const ParticipantId id = rig.Join();
        testing::DieAtSchedulePoint(1 + delay.Below(400));
        rig.program.RecoverDead(id);
        for (;;) pause();
      });
      // Somewhere in the middle of it, mostly.
      if (!kHasKillPoints) std::this_thread::sleep_for(std::chrono::microseconds(delay.Below(700)));
      child.Kill();
      child.Wait();
      delay.Below(7);  // another number for the next one
      ++kills;
    }
    Recover();
    ExpectAtMostLost(kills * kInHand, kills);
  }
}

// In the core with schedule points: one who recovers a process that held some of everything is killed in each gap.
TEST_F(LedgerKillStressTest, ARecovererMayBeKilledInAnyGap) {
  std::uint64_t lost = 0;
  for (std::uint32_t gap = 1;; ++gap) {
    Child victim([&] {
      auto* const holder = new Holder(rig.program, rig.Join());
      const Offset links[] = {kept};
      for (int i = 0; i < 3; ++i) {
        holder->MakeObject();
        holder->MakeBlock(50, links);
        holder->RetainObject(kept);
        if (holder->MakeSegment(100) == 0 || !holder->RetainSegment(segment)) _exit(1);
      }
      kill(getpid(), SIGKILL);
    });
    victim.Wait();
    const std::uint64_t blocks = before + lost;
    Child child([&] {
      const ParticipantId id = rig.Join();
      testing::DieAtSchedulePoint(gap);
      rig.program.RecoverDead(id);
    });
    const bool finished = child.Wait();
    Recover();
    ASSERT_GE(Blocks(), blocks);
    // What it had struck out for the dead one: an object that all of its references name, or a block.
    ASSERT_LE(Blocks(), blocks + kInHand);
    lost = Blocks() - before;
    ExpectAtMostLost(lost, 3 * gap);
    if (finished) break;
    ASSERT_LT(gap, kMostGaps);
  }
}

}  // namespace
}  // namespace allcores::object
