#include "participant/participant_table.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <vector>

#include "platform/mapping.h"
#include "support/child.h"
#include "support/crew.h"

namespace allcores::participant {
namespace {

class ParticipantTableTest : public ::testing::Test {
 protected:
  platform::Mapping memory = platform::Mapping::Create(ParticipantTable::kBytes, platform::Reach::kProcesses);
  ParticipantTable table{reinterpret_cast<Participant*>(memory.data())};
};

TEST_F(ParticipantTableTest, NobodyIsNotAlive) {
  EXPECT_FALSE(table.IsAlive(0));
  EXPECT_FALSE(table.IsPresent(0));
  EXPECT_EQ(table.Find(1), 0U);
  EXPECT_EQ(table.NextDead(0), 0U);
}

TEST_F(ParticipantTableTest, FindsTheLivingByTheirKey) {
  const ParticipantId first = table.Join(10);
  const ParticipantId second = table.Join(20);
  EXPECT_NE(first, second);
  EXPECT_EQ(first & ~kIdMask, 0U);
  EXPECT_EQ(table.Find(10), first);
  EXPECT_EQ(table.Find(20), second);
  table.Leave(first);
  EXPECT_EQ(table.Find(10), 0U);
  EXPECT_EQ(table.Find(20), second);
}

TEST_F(ParticipantTableTest, WhoLeftStaysDead) {
  const ParticipantId id = table.Join(1);
  EXPECT_TRUE(table.IsAlive(id));
  EXPECT_TRUE(table.Leave(id));
  EXPECT_FALSE(table.Leave(id));
  EXPECT_FALSE(table.IsAlive(id));
  EXPECT_FALSE(table.IsPresent(id));
  EXPECT_NE(IndexOf(table.Join(2)), IndexOf(id));  // its place is taken until the burial
  table.Bury(id);
  const ParticipantId next = table.Join(3);
  EXPECT_EQ(IndexOf(next), IndexOf(id));
  EXPECT_FALSE(table.IsAlive(id));
  EXPECT_FALSE(table.Leave(id));  // of the former one: harms nobody
  EXPECT_TRUE(table.IsAlive(next));
}

TEST_F(ParticipantTableTest, NeverUsesAnIdTwice) {
  std::set<ParticipantId> ids;
  for (int i = 0; i < 5000; ++i) {
    const ParticipantId id = table.Join(1);
    ASSERT_TRUE(ids.insert(id).second);
    table.Leave(id);
    table.Bury(id);
  }
  for (const ParticipantId id : ids) ASSERT_FALSE(table.IsAlive(id));
}

TEST_F(ParticipantTableTest, IsFullAfterItsLastPlace) {
  std::set<ParticipantId> ids;
  for (std::uint32_t i = 0; i < kMostParticipants; ++i) ids.insert(table.Join(i));
  EXPECT_EQ(ids.size(), kMostParticipants);
  EXPECT_FALSE(ids.contains(0));
  EXPECT_EQ(table.Join(1), 0U);
  table.Leave(*ids.begin());
  EXPECT_EQ(table.Join(1), 0U);
  table.Bury(*ids.begin());
  EXPECT_NE(table.Join(1), 0U);
}

TEST_F(ParticipantTableTest, GivesThreadsThatJoinTogetherDifferentPlaces) {
  std::vector<ParticipantId> ids(4 * 200);
  testing::Crew crew;
  for (std::size_t thread = 0; thread < 4; ++thread) {
    crew.Add([this, &ids, thread] {
      for (std::size_t i = 0; i < 200; ++i) ids[thread * 200 + i] = table.Join(thread);
    });
  }
  crew.Join();
  EXPECT_EQ(std::set<ParticipantId>(ids.begin(), ids.end()).size(), ids.size());
}

TEST_F(ParticipantTableTest, BeginsWithNothingOfTheFormerOne) {
  const ParticipantId host = table.Join(0);
  const ParticipantId id = table.Join(1, host);
  Participant& place = table.At(id);
  EXPECT_EQ(place.host.load(), host);
  place.signals = Participant::kPoked;
  place.mail = 64;
  place.ledger = 64;
  table.Leave(id);
  table.Bury(id);
  ASSERT_EQ(participant::IndexOf(table.Join(2)), participant::IndexOf(id));
  EXPECT_EQ(place.host.load(), 0U);
  EXPECT_EQ(place.signals.load(), 0U);
  EXPECT_EQ(place.mail.load(), 0U);
  EXPECT_EQ(place.ledger.load(), 0U);
}

// One that has claimed its place and not joined yet, and perhaps never will, since it was killed.
TEST_F(ParticipantTableTest, WhoJoinsBehindOneThatIsStillJoiningIsFound) {
  const ParticipantId first = table.Join(1);
  table.At(first + 1).claimed = 1;
  const ParticipantId second = table.Join(2);
  ASSERT_EQ(IndexOf(second), IndexOf(first) + 2);
  EXPECT_EQ(table.NextPresent(first), second);
  EXPECT_EQ(table.NextPresent(second), 0U);
  EXPECT_EQ(table.Find(2), second);
  table.At(second).started.fetch_add(1);
  EXPECT_EQ(table.NextDead(0), second);
}

// Numbers of processes are used again: what is known of the later one must not speak for the earlier.
TEST_F(ParticipantTableTest, AProcessIsKnownByItsNumberAndItsStart) {
  const ParticipantId before = table.Join(1);
  table.At(before).started.fetch_add(7);  // of a process that had our number once
  const ParticipantId ours = table.Join(2);
  EXPECT_FALSE(table.IsAlive(before));
  EXPECT_TRUE(table.IsAlive(ours));
  EXPECT_EQ(table.NextDead(0), before);
  EXPECT_EQ(table.NextDead(before), 0U);
  testing::Child child([&] {
    table.Join(3);
    table.At(table.Join(4)).started.fetch_add(7);
    table.Join(5);
    for (;;) pause();
  });
  while (table.NextPresent(ours) == 0 || IndexOf(table.NextDead(before)) != IndexOf(ours) + 2)
    std::this_thread::yield();
  EXPECT_EQ(table.NextDead(table.NextDead(before)), 0U);
}

TEST_F(ParticipantTableTest, FindsAllTheDeadAmongTheLiving) {
  std::vector<std::unique_ptr<testing::Child>> children;
  for (std::uint32_t i = 0; i < 4; ++i) {
    children.push_back(std::make_unique<testing::Child>([&] {
      for (std::uint32_t j = 0; j < 3; ++j) table.Join(j);
      for (;;) pause();
    }));
  }
  const auto count = [&] {
    std::uint32_t present = 0;
    for (ParticipantId id = table.NextPresent(0); id != 0; id = table.NextPresent(id)) ++present;
    return present;
  };
  while (count() != 12) std::this_thread::yield();
  table.Join(1);
  EXPECT_EQ(table.NextDead(0), 0U);
  for (const std::size_t victim : {2, 0}) {
    children[victim]->Kill();
    children[victim]->Wait();
  }
  std::set<std::uint64_t> dead;
  std::uint32_t found = 0;
  for (ParticipantId id = table.NextDead(0); id != 0; id = table.NextDead(id), ++found) {
    dead.insert(table.At(id).process.load());
  }
  EXPECT_EQ(found, 6U);
  EXPECT_EQ(dead, (std::set<std::uint64_t>{static_cast<std::uint64_t>(children[0]->process()),
                                           static_cast<std::uint64_t>(children[2]->process())}));
}

TEST_F(ParticipantTableTest, TellsWhenAProcessWasKilled) {
  const ParticipantId ours = table.Join(1);
  std::atomic<ParticipantId>& report = table.At(ours).id;  // a word both sides see
  std::atomic<std::uint64_t>& mail = table.At(ours).mail;
  testing::Child child([&] {
    mail.store(table.Join(2));
    for (;;) pause();
  });
  while (mail.load() == 0) std::this_thread::yield();
  const auto theirs = static_cast<ParticipantId>(mail.load());
  EXPECT_TRUE(table.IsAlive(theirs));
  EXPECT_EQ(table.Find(2), 0U);  // a key is known in its own process
  EXPECT_EQ(table.NextDead(0), 0U);
  child.Kill();
  while (table.IsAlive(theirs)) std::this_thread::yield();  // a zombie is dead
  EXPECT_TRUE(table.IsPresent(theirs));
  EXPECT_EQ(table.NextDead(0), theirs);
  EXPECT_EQ(table.NextDead(theirs), 0U);
  EXPECT_TRUE(child.process() > 0 && !child.Wait());
  EXPECT_FALSE(table.IsAlive(theirs));
  table.Leave(theirs);
  table.Bury(theirs);
  EXPECT_EQ(table.NextDead(0), 0U);
  EXPECT_EQ(report.load(), ours);
}

}  // namespace
}  // namespace allcores::participant
