#include <gtest/gtest.h>
#include <unistd.h>

#include "object/program.h"
#include "platform/mapping.h"
#include "support/child.h"

namespace allcores::object {
namespace {

constexpr std::uint32_t kPoked = participant::Participant::kPoked;

// Two views of one heap, as two processes have them.
class ProgramWakeTest : public ::testing::Test {
 protected:
  ParticipantId JoinWith(ParticipantId host, int& pokes) {
    const ParticipantId id = home.participants().Join(1, host);
    home.wakers().Set(participant::IndexOf(id), [&pokes] { ++pokes; });
    return id;
  }
  [[nodiscard]] std::uint32_t RingsOf(ParticipantId id) const { return home.participants().At(id).park.load(); }

  Program home{memory::Heap::Create(std::uint64_t{16} << 20), {}};
  Program away{memory::Heap::Attach(platform::Mapping::Attach(dup(home.heap().descriptor()))), {}};
  const ParticipantId first = home.participants().Join(0);  // has the place that 0 would name
  const ParticipantId home_host = home.participants().Join(0);
  const ParticipantId away_host = away.participants().Join(0);
  int pokes = 0;

  void SetUp() override {
    home.SetHost(home_host);
    away.SetHost(away_host);
  }
};

TEST_F(ProgramWakeTest, AnEventLoopOfTheOwnProcessIsPokedAtOnce) {
  const ParticipantId id = JoinWith(home_host, pokes);
  home.Wake(id, true);
  EXPECT_EQ(pokes, 1);
  EXPECT_EQ(RingsOf(home_host), 0U);
  home.PassOnPokes();
  EXPECT_EQ(pokes, 1);
}

TEST_F(ProgramWakeTest, OneOfAnotherProcessIsPokedByItsHost) {
  const ParticipantId id = JoinWith(home_host, pokes);
  away.Wake(id, true);
  EXPECT_EQ(pokes, 0);
  EXPECT_EQ(RingsOf(home_host), 1U);
  EXPECT_EQ(RingsOf(id), 0U);
  away.PassOnPokes();  // not theirs
  EXPECT_EQ(pokes, 0);
  home.PassOnPokes();
  EXPECT_EQ(pokes, 1);
  home.PassOnPokes();
  EXPECT_EQ(pokes, 1);
  away.Wake(id, true);
  home.PassOnPokes();
  EXPECT_EQ(pokes, 2);
}

TEST_F(ProgramWakeTest, PokesBeforeTheHostCameAreOne) {
  int others = 0;
  const ParticipantId id = JoinWith(home_host, pokes);
  JoinWith(home_host, others);
  for (int i = 0; i < 5; ++i) away.Wake(id, true);
  EXPECT_EQ(RingsOf(home_host), 5U);
  home.PassOnPokes();
  EXPECT_EQ(pokes, 1);
  EXPECT_EQ(others, 0);
}

TEST_F(ProgramWakeTest, OtherSignalsStay) {
  const ParticipantId id = JoinWith(home_host, pokes);
  std::atomic<std::uint32_t>& signals = home.participants().At(id).signals;
  signals = participant::Participant::kRecheck | participant::Participant::kInterrupted;
  away.Wake(id, true);
  EXPECT_NE(signals.load() & kPoked, 0U);
  home.PassOnPokes();
  EXPECT_EQ(signals.load(), participant::Participant::kRecheck | participant::Participant::kInterrupted);
}

TEST_F(ProgramWakeTest, AThreadIsWokenDirectlyFromAnywhere) {
  const ParticipantId id = JoinWith(home_host, pokes);
  away.Wake(id, false);
  home.Wake(id, false);
  EXPECT_EQ(RingsOf(id), 2U);
  EXPECT_EQ(RingsOf(home_host), 0U);
  EXPECT_EQ(pokes, 0);
}

TEST_F(ProgramWakeTest, AHostHasNoEventLoopToBePoked) {
  away.Wake(home_host, true);
  home.Wake(away_host, true);
  home.PassOnPokes();
  away.PassOnPokes();
  for (const ParticipantId id : {first, home_host, away_host}) {
    EXPECT_EQ(RingsOf(id), 0U);
    EXPECT_EQ(home.participants().At(id).signals.load(), 0U);
  }
}

TEST_F(ProgramWakeTest, NobodyWhoLeftIsPoked) {
  const ParticipantId id = JoinWith(home_host, pokes);
  away.Wake(id, true);
  home.participants().Leave(id);
  home.PassOnPokes();
  EXPECT_EQ(pokes, 0);
  home.participants().Bury(id);
  int next = 0;
  EXPECT_EQ(participant::IndexOf(JoinWith(home_host, next)), participant::IndexOf(id));
  home.PassOnPokes();
  EXPECT_EQ(next, 0);
}

// A program of one process needs no host.
TEST_F(ProgramWakeTest, WithoutHostsEverybodyIsPokedAtOnce) {
  Program alone{memory::Heap::Create(std::uint64_t{16} << 20), {}};
  const ParticipantId id = alone.participants().Join(1);
  alone.wakers().Set(participant::IndexOf(id), [this] { ++pokes; });
  alone.Wake(id, true);
  EXPECT_EQ(pokes, 1);
}

TEST_F(ProgramWakeTest, ADeathIsToldToEverybodyWherever) {
  int theirs = 0;
  const ParticipantId ours = JoinWith(home_host, pokes);
  const ParticipantId other = away.participants().Join(1, away_host);
  away.wakers().Set(participant::IndexOf(other), [&theirs] { ++theirs; });
  testing::Child child([this] {
    home.participants().Join(1, away_host);
    kill(getpid(), SIGKILL);
  });
  child.Wait();
  home.RecoverDead(home_host);
  EXPECT_EQ(pokes, 1);
  EXPECT_EQ(theirs, 0);
  away.PassOnPokes();
  EXPECT_EQ(theirs, 1);
  for (const ParticipantId id : {ours, other}) {
    EXPECT_NE(home.participants().At(id).signals.load() & participant::Participant::kRecheck, 0U);
    EXPECT_GE(RingsOf(id), 1U);
  }
}

}  // namespace
}  // namespace allcores::object
