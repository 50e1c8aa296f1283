#include "container/dict.h"

#include <gtest/gtest.h>

#include "memory/heap.h"
#include "support/containers.h"

namespace allcores::container {
namespace {

using testing::Bytes;
using testing::Containers;
using testing::Reading;
using testing::Text;
using testing::Value;

class DictTest : public ::testing::Test {
 protected:
  Outcome Set(std::string_view key, std::string_view text) {
    return DictSet(shared.program, dict, me, Bytes(key), Value(text));
  }
  std::string Get(std::string_view key) {
    const Outcome outcome = DictGet(shared.program, dict, me, Bytes(key), &value);
    return outcome == Outcome::kDone ? value.Text() : "none";
  }
  std::uint64_t Version(std::string_view key) {
    return DictGet(shared.program, dict, me, Bytes(key), &value) == Outcome::kDone ? value.version() : 0;
  }
  std::uint64_t Size() {
    std::uint64_t size = ~std::uint64_t{0};
    EXPECT_EQ(DictSize(shared.program, dict, me, &size), Outcome::kDone);
    return size;
  }
  std::string Entries() {
    DictSnapshot all(shared.program, me);
    EXPECT_EQ(DictSnapshotAll(shared.program, dict, me, true, &all), Outcome::kDone);
    std::string text;
    for (std::size_t i = 0; i < all.entries.size(); ++i) {
      const Slot slot = all.values.slots()[i];
      std::string bytes(object::SlotLength(shared.program, slot), ' ');
      object::CopySlot(shared.program, slot, reinterpret_cast<std::byte*>(bytes.data()));
      text += Text(all.Key(i)) + "=" + bytes + " ";
    }
    return text;
  }

  Containers shared;
  const ParticipantId me = shared.me;
  const std::uint64_t before = shared.Blocks();
  Offset dict = CreateDict(shared.program, 0, 0, me);
  Reading value{shared};
};

TEST_F(DictTest, GivesBackWhatWasSet) {
  EXPECT_EQ(Get("a"), "none");
  EXPECT_EQ(Set("a", "1"), Outcome::kDone);
  EXPECT_EQ(Set("", "empty key"), Outcome::kDone);
  EXPECT_EQ(Set("b", ""), Outcome::kDone);
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(Get(""), "empty key");
  EXPECT_EQ(Get("b"), "");
  EXPECT_EQ(Set("a", "another one, longer than eight bytes"), Outcome::kDone);
  EXPECT_EQ(Get("a"), "another one, longer than eight bytes");
  EXPECT_EQ(Size(), 3U);
  EXPECT_EQ(DictHas(shared.program, dict, me, Bytes("a")), Outcome::kDone);
  EXPECT_EQ(DictHas(shared.program, dict, me, Bytes("c")), Outcome::kNotPresent);
}

TEST_F(DictTest, TellsKeysApartWhateverTheyShare) {
  const std::string zeros(40, '\0');
  for (std::size_t length = 0; length <= zeros.size(); ++length) {
    EXPECT_EQ(Set(std::string_view(zeros).substr(0, length), std::to_string(length)), Outcome::kDone);
  }
  for (std::size_t length = 0; length <= zeros.size(); ++length) {
    EXPECT_EQ(Get(std::string_view(zeros).substr(0, length)), std::to_string(length));
  }
  EXPECT_EQ(Size(), zeros.size() + 1);
}

TEST_F(DictTest, KeepsTheOrderOfInsertion) {
  for (const char* key : {"d", "a", "c", "b"}) Set(key, "1");
  Set("a", "2");  // stays where it is
  EXPECT_EQ(Entries(), "d=1 a=2 c=1 b=1 ");
  EXPECT_EQ(DictDelete(shared.program, dict, me, Bytes("d")), Outcome::kDone);
  Set("d", "3");  // is new
  EXPECT_EQ(Entries(), "a=2 c=1 b=1 d=3 ");
}

TEST_F(DictTest, SetsOnlyAtTheVersionAskedFor) {
  const auto set_if = [&](std::uint64_t expected, std::string_view text) {
    return DictSetIf(shared.program, dict, me, Bytes("k"), expected, Value(text));
  };
  EXPECT_EQ(set_if(7, "x"), Outcome::kConflict);
  EXPECT_EQ(set_if(0, "1"), Outcome::kDone);
  EXPECT_EQ(set_if(0, "x"), Outcome::kConflict);
  const std::uint64_t first = Version("k");
  EXPECT_EQ(set_if(first, "2"), Outcome::kDone);
  EXPECT_EQ(set_if(first, "x"), Outcome::kConflict);
  EXPECT_EQ(Get("k"), "2");
}

TEST_F(DictTest, NeverUsesAVersionTwice) {
  std::vector<std::uint64_t> seen;
  std::uint64_t told = 0;
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(DictSet(shared.program, dict, me, Bytes("k"), Value("1"), &told), Outcome::kDone);
    EXPECT_EQ(Version("k"), told);
    seen.push_back(told);
    EXPECT_EQ(DictSet(shared.program, dict, me, Bytes("k"), Value("1"), &told), Outcome::kDone);
    EXPECT_EQ(Version("k"), told);
    seen.push_back(told);
    if (round % 2 == 0) DictDelete(shared.program, dict, me, Bytes("k"));
    if (round == 3) DictClear(shared.program, dict, me);
  }
  std::ranges::sort(seen);
  EXPECT_NE(seen.front(), 0U);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
}

TEST_F(DictTest, DeletesAndPops) {
  Set("a", "1");
  EXPECT_EQ(DictDelete(shared.program, dict, me, Bytes("b")), Outcome::kNotPresent);
  EXPECT_EQ(DictDeleteIf(shared.program, dict, me, Bytes("a"), Version("a") + 1), Outcome::kConflict);
  EXPECT_EQ(DictDeleteIf(shared.program, dict, me, Bytes("a"), Version("a")), Outcome::kDone);
  EXPECT_EQ(Get("a"), "none");
  Set("a", "a value of some length");
  EXPECT_EQ(DictPop(shared.program, dict, me, Bytes("a"), &value), Outcome::kDone);
  EXPECT_EQ(value.Text(), "a value of some length");
  EXPECT_EQ(DictPop(shared.program, dict, me, Bytes("a"), &value), Outcome::kNotPresent);
  EXPECT_EQ(Size(), 0U);
}

TEST_F(DictTest, PopsTheItemInsertedLast) {
  std::vector<std::byte> key;
  EXPECT_EQ(DictPopItem(shared.program, dict, me, &key, &value), Outcome::kNotPresent);
  for (int i = 0; i < 100; ++i) Set("k" + std::to_string(i), std::to_string(i));
  Set("k3", "again");
  DictDelete(shared.program, dict, me, Bytes("k99"));
  for (int i = 98; i >= 0; --i) {
    ASSERT_EQ(DictPopItem(shared.program, dict, me, &key, &value), Outcome::kDone);
    EXPECT_EQ(Text(key), "k" + std::to_string(i));
    EXPECT_EQ(value.Text(), i == 3 ? "again" : std::to_string(i));
  }
  EXPECT_EQ(DictPopItem(shared.program, dict, me, &key, &value), Outcome::kNotPresent);
}

TEST_F(DictTest, SetsADefaultOnce) {
  const auto set_default = [&](std::string_view text) {
    return DictSetDefault(shared.program, dict, me, Bytes("k"), Value(text), &value);
  };
  EXPECT_EQ(set_default("1"), Outcome::kDone);
  EXPECT_EQ(set_default("2"), Outcome::kConflict);
  EXPECT_EQ(value.Text(), "1");
  EXPECT_EQ(Get("k"), "1");
}

TEST_F(DictTest, SetsManyWithTheLastValueOfEachKey) {
  Set("b", "old");
  const DictItem items[] = {{Bytes("a"), Value("1")},
                            {Bytes("b"), Value("a long value that needs a block")},
                            {Bytes("a"), Value("2")},
                            {Bytes("c"), Value("3")},
                            {Bytes("a"), Value("4")}};
  EXPECT_EQ(DictSetMany(shared.program, dict, me, items), Outcome::kDone);
  EXPECT_EQ(Entries(), "b=a long value that needs a block a=4 c=3 ");
  EXPECT_EQ(Size(), 3U);
  EXPECT_EQ(DictSetMany(shared.program, dict, me, {}), Outcome::kDone);
}

TEST_F(DictTest, ClearsAndIsUsableAfterwards) {
  for (int i = 0; i < 1000; ++i) Set(std::to_string(i), "a value of more than seven bytes");
  EXPECT_EQ(Size(), 1000U);
  EXPECT_EQ(DictClear(shared.program, dict, me), Outcome::kDone);
  EXPECT_EQ(Size(), 0U);
  EXPECT_EQ(Entries(), "");
  EXPECT_EQ(shared.Blocks(), before + 1);
  Set("5", "back");
  EXPECT_EQ(Entries(), "5=back ");
}

TEST_F(DictTest, LendsLongValuesBeyondTheirDeletion) {
  const std::string longest(100'000, 'x');
  Set("k", longest);
  EXPECT_EQ(Get("k"), longest);
  DictDelete(shared.program, dict, me, Bytes("k"));
  EXPECT_EQ(value.Text(), longest);
  value.GiveBack();
  EXPECT_EQ(shared.Blocks(), before + 1);
}

TEST_F(DictTest, HoldsReferencesOnWhatItsValuesName) {
  const Offset other = CreateDict(shared.program, 0, 0, me);
  const std::span<const Offset> links(&other, 1);
  DictSet(shared.program, dict, me, Bytes("k"), {Bytes("1"), links});
  EXPECT_EQ(shared.References(other), 2U);
  ASSERT_EQ(DictGet(shared.program, dict, me, Bytes("k"), &value), Outcome::kDone);
  ASSERT_EQ(value.Links().size(), 1U);
  EXPECT_EQ(value.Links()[0], other);
  Set("k", "2");
  EXPECT_EQ(shared.References(other), 2U);  // of the value that was read
  value.GiveBack();
  EXPECT_EQ(shared.References(other), 1U);
  DictSet(shared.program, dict, me, Bytes("k"), {Bytes("1"), links});
  shared.program.Release(other, me);
  ASSERT_EQ(DictPop(shared.program, dict, me, Bytes("k"), &value), Outcome::kDone);
  EXPECT_EQ(shared.References(other), 1U);
  value.GiveBack();
  EXPECT_EQ(shared.Blocks(), before + 1);
}

TEST_F(DictTest, RefusesEverythingOnceClosed) {
  const Offset manager = shared.program.Create(object::ObjectKind::kManager, sizeof(object::ObjectHeader), 0, me);
  const Offset owned = CreateDict(shared.program, 0, manager, me);
  for (int i = 0; i < 100; ++i)
    DictSet(shared.program, owned, me, Bytes(std::to_string(i)), Value("a long long value"));
  shared.program.Close(manager, me);
  EXPECT_EQ(shared.Blocks(), before + 3);
  std::uint64_t size = 0;
  std::vector<std::byte> key;
  DictSnapshot all(shared.program, me);
  const DictItem item{Bytes("1"), Value("1")};
  EXPECT_EQ(DictGet(shared.program, owned, me, Bytes("1"), &value), Outcome::kClosed);
  EXPECT_EQ(DictHas(shared.program, owned, me, Bytes("1")), Outcome::kClosed);
  EXPECT_EQ(DictSet(shared.program, owned, me, Bytes("1"), Value("a long long value")), Outcome::kClosed);
  EXPECT_EQ(DictSetIf(shared.program, owned, me, Bytes("1"), 0, Value("1")), Outcome::kClosed);
  EXPECT_EQ(DictSetDefault(shared.program, owned, me, Bytes("1"), Value("1"), &value), Outcome::kClosed);
  EXPECT_EQ(DictDelete(shared.program, owned, me, Bytes("1")), Outcome::kClosed);
  EXPECT_EQ(DictPop(shared.program, owned, me, Bytes("1"), &value), Outcome::kClosed);
  EXPECT_EQ(DictPopItem(shared.program, owned, me, &key, &value), Outcome::kClosed);
  EXPECT_EQ(DictSetMany(shared.program, owned, me, {&item, 1}), Outcome::kClosed);
  EXPECT_EQ(DictClear(shared.program, owned, me), Outcome::kClosed);
  EXPECT_EQ(DictSize(shared.program, owned, me, &size), Outcome::kClosed);
  EXPECT_EQ(DictSnapshotAll(shared.program, owned, me, true, &all), Outcome::kClosed);
  EXPECT_EQ(Set("1", "1"), Outcome::kDone);  // not the manager's
  shared.program.Release(owned, me);
  shared.program.Release(manager, me);
}

TEST_F(DictTest, GivesAllMemoryBackAtItsEnd) {
  for (int i = 0; i < 5000; ++i) Set(std::to_string(i), i % 2 == 0 ? "short" : "a value of more than seven bytes");
  shared.program.Release(dict, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(DictTest, IsSmallWhileItHasFewEntries) {
  const Offset small = CreateDict(shared.program, 1, 0, me);
  const std::uint64_t live = shared.program.heap().Stats().live - shared.program.heap().SizeOf(small);
  for (int i = 0; i < 8; ++i) DictSet(shared.program, small, me, Bytes("key" + std::to_string(i)), Value("12345"));
  const std::uint64_t checks = memory::kHeapChecks ? 9 * kCacheLine : 0;  // what they add to nine blocks
  EXPECT_LE(shared.program.heap().Stats().live - live, 2048U + checks);
}

TEST(DictMemoryTest, ChangesNothingWhenTheHeapIsFull) {
  Containers shared(std::uint64_t{8} << 20);
  const ParticipantId me = shared.me;
  const Offset dict = CreateDict(shared.program, 0, 0, me);
  Outcome outcome = Outcome::kDone;
  std::uint64_t count = 0;
  const std::string filler(3000, 'f');
  for (; outcome == Outcome::kDone; ++count) {
    outcome = DictSet(shared.program, dict, me, Bytes(std::to_string(count)), Value(filler));
  }
  EXPECT_EQ(outcome, Outcome::kNoMemory);
  --count;
  const std::uint64_t blocks = shared.Blocks();
  std::vector<std::string> keys;
  std::vector<DictItem> items;
  for (int i = 0; i < 1'000'000 / 8; ++i) keys.push_back("new" + std::to_string(i) + filler.substr(0, 100));
  for (const std::string& key : keys) items.push_back({Bytes(key), Value("1")});
  EXPECT_EQ(DictSetMany(shared.program, dict, me, items), Outcome::kNoMemory);
  std::uint64_t size = 0;
  EXPECT_EQ(DictSize(shared.program, dict, me, &size), Outcome::kDone);
  EXPECT_EQ(size, count);
  // Buckets for what did not come may stay.
  EXPECT_LE(shared.Blocks(), blocks + 16 * 16);
  EXPECT_EQ(DictClear(shared.program, dict, me), Outcome::kDone);
  EXPECT_EQ(DictSet(shared.program, dict, me, Bytes("k"), Value(filler)), Outcome::kDone);
}

}  // namespace
}  // namespace allcores::container
