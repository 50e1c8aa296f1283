#include <gtest/gtest.h>

#include "container/dict.h"
#include "container/dict_entry.h"
#include "container/dict_locks.h"
#include "support/containers.h"

namespace allcores::container {
namespace {

using testing::Bytes;
using testing::Containers;
using testing::Reading;
using testing::Value;

// One participant dies at a chosen place inside a shard's guard; the other finds everything in order.
class DictRepairTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < kEntries; ++i) Set(std::to_string(i));
  }
  void Set(const std::string& key) {
    ASSERT_EQ(DictSet(shared.program, offset, me, Bytes(key), Value(key)), Outcome::kDone);
    ++expected;
  }
  KeyPlace PlaceOf(std::string_view key) { return {dict, Bytes(key)}; }
  // Does `body` under the guard of a key's shard, and does not return.
  template <typename Body>
  void DieIn(std::string_view key, Body body) {
    const participant::ParticipantId dead = shared.Join();
    const KeyPlace at = PlaceOf(key);
    LockShard(shared.program, dict, at.shard, dead);
    body(at, dead);
    shared.End(dead, me);
  }
  bool Has(std::string_view key) { return DictHas(shared.program, offset, me, Bytes(key)) == Outcome::kDone; }

  void ExpectAllInOrder() {
    Reading read(shared);
    for (int i = 0; i < kEntries; ++i) {
      if (Has(std::to_string(i))) {
        EXPECT_EQ(DictGet(shared.program, offset, me, Bytes(std::to_string(i)), &read), Outcome::kDone);
        EXPECT_EQ(read.Text(), std::to_string(i));
      }
    }
    std::uint64_t size = 0;
    EXPECT_EQ(DictSize(shared.program, offset, me, &size), Outcome::kDone);
    EXPECT_EQ(size, expected);
    DictSnapshot all(shared.program, me);
    EXPECT_EQ(DictSnapshotAll(shared.program, offset, me, true, &all), Outcome::kDone);
    EXPECT_EQ(all.entries.size(), expected);
    Set("after");
    std::vector<std::byte> key;
    for (; expected != 0; --expected) {
      ASSERT_EQ(DictPopItem(shared.program, offset, me, &key, &read), Outcome::kDone);
    }
    EXPECT_EQ(DictPopItem(shared.program, offset, me, &key, &read), Outcome::kNotPresent);
    EXPECT_EQ(DictSize(shared.program, offset, me, &size), Outcome::kDone);
    EXPECT_EQ(size, 0U);
  }

  static constexpr int kEntries = 500;

  Containers shared;
  const ParticipantId me = shared.me;
  const Offset offset = CreateDict(shared.program, 16, 0, me);
  DictObject& dict = *shared.program.At<DictObject>(offset);
  std::uint64_t expected = 0;
};

TEST_F(DictRepairTest, NothingWasDone) {
  DieIn("7", [](const KeyPlace&, ParticipantId) {});
  EXPECT_TRUE(Has("7"));
  ExpectAllInOrder();
}

TEST_F(DictRepairTest, ANodeWasLinkedButNotCounted) {
  DieIn("new", [&](const KeyPlace& at, ParticipantId dead) {
    const Shard::Place place = Shard(shared.program, at.shard).Find(at.key, at.hash);
    const Offset node = MakeNode(shared.program, at, object::MakeSlot(shared.program, Bytes("x"), {}, dead), dead);
    shared.program.At<DictNode>(node)->sequence = dict.inserted.fetch_add(1);
    shared.program.At<DictNode>(node)->link.next.store(place.link->load());
    place.link->store(node);
  });
  EXPECT_TRUE(Has("new"));
  ++expected;
  ExpectAllInOrder();
}

TEST_F(DictRepairTest, ANodeWasCountedButNotLinked) {
  DieIn("new", [&](const KeyPlace&, ParticipantId) { dict.inserted.fetch_add(1); });
  EXPECT_FALSE(Has("new"));
  ExpectAllInOrder();
}

TEST_F(DictRepairTest, ANodeWasUnlinkedButNotCounted) {
  DieIn("7", [&](const KeyPlace& at, ParticipantId) {
    const Shard::Place place = Shard(shared.program, at.shard).Find(at.key, at.hash);
    place.link->store(shared.program.At<DictNode>(place.node)->link.next.load());
  });
  EXPECT_FALSE(Has("7"));
  --expected;
  ExpectAllInOrder();
}

TEST_F(DictRepairTest, AMarkWasLinkedButNotSaidToBe) {
  for (int mark = 0; mark < 7; ++mark) {
    DieIn("7", [&](const KeyPlace& at, ParticipantId) {
      DictDirectory& directory = *shared.program.At<DictDirectory>(at.shard.directory.load());
      const Offset offset_of_mark =
          at.shard.directory.load() + offsetof(DictDirectory, first) + static_cast<Offset>(mark) * sizeof(DictLink);
      // As if it had never been made: out of the list, and in again without its order.
      DictLink& link = directory.first[mark];
      for (std::atomic<Offset>* to = &directory.head; to->load() != 0;) {
        DictLink& next = *shared.program.At<DictLink>(to->load());
        if (to->load() == offset_of_mark) {
          link.order.store(0);
          break;
        }
        to = &next.next;
      }
    });
    EXPECT_TRUE(Has("7"));
  }
  ExpectAllInOrder();
}

TEST_F(DictRepairTest, ALevelWasInstalledButNotUsed) {
  DieIn("7", [&](const KeyPlace& at, ParticipantId dead) {
    const std::uint32_t level = at.shard.level + 1;
    const Offset block = Shard::PrepareLevel(shared.program, level, dead);
    shared.program.At<DictDirectory>(at.shard.directory.load())->levels[level - 1].store(block);
  });
  const std::uint32_t level = PlaceOf("7").shard.level;
  EXPECT_TRUE(Has("7"));
  EXPECT_EQ(PlaceOf("7").shard.level, level + 1);
  ExpectAllInOrder();
}

TEST_F(DictRepairTest, ADirectoryWasInstalledButNotUsed) {
  ASSERT_EQ(DictClear(shared.program, offset, me), Outcome::kDone);
  expected = 0;
  Set("7");
  DieIn("7", [&](const KeyPlace& at, ParticipantId dead) {
    const Offset block = Shard::PrepareLevel(shared.program, DictDirectory::kFirstLevels, dead);
    shared.program.At<DictDirectory>(block)->head.store(at.shard.head.load());
    at.shard.directory.store(block);
  });
  EXPECT_TRUE(Has("7"));
  EXPECT_EQ(PlaceOf("7").shard.head.load(), 0U);
  ExpectAllInOrder();
}

TEST_F(DictRepairTest, ADictIsFreedAsItWasLeft) {
  DieIn("7", [&](const KeyPlace& at, ParticipantId) {
    const Shard::Place place = Shard(shared.program, at.shard).Find(at.key, at.hash);
    at.shard.count = 12345;
    at.shard.newest = place.node;
  });
  shared.program.Release(offset, me);
  EXPECT_EQ(shared.Blocks(), 0U);
}

}  // namespace
}  // namespace allcores::container
