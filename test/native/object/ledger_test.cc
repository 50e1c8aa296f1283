#include "object/ledger.h"

#include <gtest/gtest.h>

#include <vector>

#include "object/holder.h"
#include "support/child.h"
#include "sync/sync_rig.h"

namespace allcores::object {
namespace {

using testing::Child;
using testing::Holder;
using testing::SyncRig;
using Kind = Ledger::Kind;

class LedgerTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::uint64_t Blocks() const { return rig.program.Stats().blocks; }
  [[nodiscard]] std::uint32_t References(Offset object) const { return rig.program.Header(object).references.load(); }
  // A process that does something and is killed.
  template <typename Body>
  void LiveAndDie(Body body) {
    Child child([&] {
      // What it holds is never given back by itself.
      auto* const holder = new Holder(rig.program, rig.Join());
      body(*holder);
      kill(getpid(), SIGKILL);
    });
    EXPECT_FALSE(child.Wait());
  }

  SyncRig rig;
  const ParticipantId me = rig.Join();
  const Offset kept = rig.MakeLock(me);
  const std::uint32_t segment = rig.program.segments().Create(5000, true, me);
  const std::uint64_t before = Blocks();
};

TEST_F(LedgerTest, WhoHoldsNothingTakesNoMemory) {
  const Ledger ledger(rig.program, rig.Join());
  EXPECT_EQ(rig.program.heap().Stats().blocks, before + rig.program.segments().TableSize().blocks);
}

TEST_F(LedgerTest, ItsPagesAreNotCountedAndGoWithIt) {
  const std::uint64_t all = rig.program.heap().Stats().blocks;
  const std::uint64_t live = rig.program.Stats().live;
  {
    Ledger ledger(rig.program, rig.Join());
    std::vector<Ledger::Entry*> entries;
    for (std::uint64_t i = 1; i <= 100; ++i) entries.push_back(ledger.Note(Kind::kReference, i * 16));
    EXPECT_EQ(rig.program.heap().Stats().blocks, all + 4);
    EXPECT_EQ(Blocks(), before);
    EXPECT_LE(rig.program.Stats().live - live, 4 * 16U);  // nothing, but for the heap's checks
    for (Ledger::Entry* const entry : entries) ledger.Strike(entry);
    // Their room is used again.
    for (Ledger::Entry*& entry : entries) entry = ledger.Note(Kind::kReference, 16);
    EXPECT_EQ(rig.program.heap().Stats().blocks, all + 4);
    for (Ledger::Entry* const entry : entries) ledger.Strike(entry);
  }
  EXPECT_EQ(rig.program.heap().Stats().blocks, all);
}

TEST_F(LedgerTest, WithoutMemoryItNotesNothing) {
  Ledger ledger(rig.program, me);
  std::vector<Offset> blocks;
  while (const Offset block = rig.program.heap().Allocate(1 << 20, me)) blocks.push_back(block);
  while (const Offset block = rig.program.heap().Allocate(500, me)) blocks.push_back(block);
  Ledger::Entry* const entry = ledger.Note(Kind::kReference, kept);
  EXPECT_EQ(entry, nullptr);
  Ledger::Recount(entry, 2);
  ledger.Strike(entry);
  for (const Offset block : blocks) rig.program.heap().Free(block, me);
}

TEST_F(LedgerTest, WhatAKilledProcessHeldIsGivenBack) {
  LiveAndDie([&](Holder& holder) {
    for (int i = 0; i < 100; ++i) {
      const Offset object = holder.MakeObject();
      holder.RetainObject(object);
      holder.RetainObject(kept);
      const Offset links[] = {kept, object};
      holder.MakeBlock(1000, links);
      const std::uint32_t own = holder.MakeSegment(2000);
      if (!holder.RetainSegment(own) || !holder.RetainSegment(segment)) _exit(1);
    }
  });
  EXPECT_GT(Blocks(), before + 290);
  EXPECT_EQ(References(kept), 201U);
  rig.program.RecoverDead(me);
  EXPECT_EQ(Blocks(), before);
  EXPECT_EQ(References(kept), 1U);
  EXPECT_EQ(rig.program.participants().NextDead(0), 0U);
  // The segment has our own holder left.
  EXPECT_NE(rig.program.segments().Find(segment).begin, 0U);
  rig.program.segments().Release(segment, me);
  EXPECT_EQ(rig.program.segments().Find(segment).begin, 0U);
  EXPECT_EQ(rig.program.heap().Stats().blocks, 1U + rig.program.segments().TableSize().blocks);
}

TEST_F(LedgerTest, WhatWasGivenBackOrPassedOnIsNot) {
  LiveAndDie([&](Holder& holder) {
    for (int i = 0; i < 40; ++i) holder.RetainObject(kept);
    for (int i = 0; i < 40; ++i) holder.Drop(Kind::kReference, kept);
    // This one goes to the reader of its name.
    holder.RetainObject(kept);
    holder.Pass(Kind::kReference, kept);
    const std::uint32_t own = holder.MakeSegment(100);
    holder.Pass(Kind::kSegment, own);
    rig.program.At<std::atomic<std::uint32_t>>(kept)[sizeof(ObjectHeader) / sizeof(std::uint32_t)].store(own);
  });
  rig.program.RecoverDead(me);
  EXPECT_EQ(References(kept), 2U);
  const auto own =
      rig.program.At<std::atomic<std::uint32_t>>(kept)[sizeof(ObjectHeader) / sizeof(std::uint32_t)].load();
  EXPECT_NE(rig.program.segments().Find(own).begin, 0U);
  EXPECT_EQ(Blocks(), before + 1);
}

TEST_F(LedgerTest, TheLastReferenceTakesAlongWhatOnlyThatHeld) {
  LiveAndDie([&](Holder& holder) {
    Offset last = holder.MakeObject();
    for (int i = 0; i < 50; ++i) {
      // A chain: each value names the object before it, and is in no container.
      const Offset links[] = {last};
      holder.MakeBlock(10, links);
      holder.Drop(Kind::kReference, last);
      last = holder.MakeObject();
    }
  });
  EXPECT_EQ(Blocks(), before + 101);
  rig.program.RecoverDead(me);
  EXPECT_EQ(Blocks(), before);
}

TEST_F(LedgerTest, SeveralParticipantsOfAProcessAreSettled) {
  Child child([&] {
    for (int i = 0; i < 20; ++i) {
      auto* const holder = new Holder(rig.program, rig.Join());
      for (int j = 0; j < 20; ++j) {
        holder->RetainObject(kept);
        holder->MakeBlock(64);
      }
    }
    kill(getpid(), SIGKILL);
  });
  EXPECT_FALSE(child.Wait());
  rig.program.RecoverDead(me);
  EXPECT_EQ(Blocks(), before);
  EXPECT_EQ(References(kept), 1U);
}

TEST_F(LedgerTest, NobodyWhoLivesIsSettled) {
  Holder ours(rig.program, rig.Join());
  ours.RetainObject(kept);
  ours.MakeBlock(100);
  rig.program.RecoverDead(me);
  EXPECT_EQ(References(kept), 2U);
  EXPECT_EQ(Blocks(), before + 1);
  EXPECT_TRUE(rig.program.participants().IsAlive(ours.me()));
}

}  // namespace
}  // namespace allcores::object
