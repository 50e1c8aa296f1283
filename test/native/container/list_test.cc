#include "container/list.h"

#include <gtest/gtest.h>

#include "support/containers.h"

namespace allcores::container {
namespace {

using testing::Bytes;
using testing::Containers;
using testing::Reading;
using testing::Value;

class ListTest : public ::testing::Test {
 protected:
  void Fill(std::initializer_list<const char*> texts) {
    EXPECT_EQ(ListClear(shared.program, list, me), Outcome::kDone);
    std::vector<ValueView> values;
    for (const char* text : texts) values.push_back(Value(text));
    EXPECT_EQ(ListExtend(shared.program, list, me, values), Outcome::kDone);
  }
  Outcome Replace(std::int64_t start, std::int64_t stop, std::initializer_list<const char*> texts) {
    std::vector<ValueView> values;
    for (const char* text : texts) values.push_back(Value(text));
    return ListReplace(shared.program, list, me, start, stop, values);
  }
  std::string Slice(std::int64_t start, std::int64_t stop) {
    ListSnapshot part(shared.program, me);
    EXPECT_EQ(ListSnapshotOf(shared.program, list, me, start, stop, &part), Outcome::kDone);
    std::string text;
    for (const Slot slot : part.values.slots()) {
      std::string bytes(object::SlotLength(shared.program, slot), ' ');
      object::CopySlot(shared.program, slot, reinterpret_cast<std::byte*>(bytes.data()));
      text += bytes + " ";
    }
    return text;
  }
  std::string All() { return Slice(0, kListEnd); }
  std::uint64_t Version() {
    ListSnapshot none(shared.program, me);
    EXPECT_EQ(ListSnapshotOf(shared.program, list, me, 0, 0, &none), Outcome::kDone);
    return none.version;
  }
  std::string At(std::int64_t index) {
    const Outcome outcome = ListAt(shared.program, list, me, index, &read);
    return outcome == Outcome::kDone ? read.Text() : outcome == Outcome::kBadIndex ? "bad" : "?";
  }
  std::string Pop(std::int64_t index) {
    const Outcome outcome = ListPop(shared.program, list, me, index, &read);
    if (outcome == Outcome::kNotPresent) return "empty";
    return outcome == Outcome::kDone ? read.Text() : outcome == Outcome::kBadIndex ? "bad" : "?";
  }

  Containers shared;
  const ParticipantId me = shared.me;
  const std::uint64_t before = shared.Blocks();
  Offset list = CreateList(shared.program, 0, me);
  Reading read{shared};
};

TEST_F(ListTest, AppendsAndTellsWhereEachIs) {
  EXPECT_EQ(At(0), "bad");
  EXPECT_EQ(At(-1), "bad");
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(ListAppend(shared.program, list, me, Value(std::string(static_cast<std::size_t>(i), 'x'))),
              Outcome::kDone);
  }
  std::uint64_t length = 0;
  EXPECT_EQ(ListLength(shared.program, list, me, &length), Outcome::kDone);
  EXPECT_EQ(length, 100U);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(At(i).size(), static_cast<std::size_t>(i));
    EXPECT_EQ(At(i - 100).size(), static_cast<std::size_t>(i));
  }
  EXPECT_EQ(At(100), "bad");
  EXPECT_EQ(At(-101), "bad");
  EXPECT_EQ(At(INT64_MIN), "bad");
}

TEST_F(ListTest, SetsByIndex) {
  Fill({"a", "b", "c"});
  EXPECT_EQ(ListSet(shared.program, list, me, 1, Value("something longer")), Outcome::kDone);
  EXPECT_EQ(ListSet(shared.program, list, me, -1, Value("z")), Outcome::kDone);
  EXPECT_EQ(ListSet(shared.program, list, me, 3, Value("no")), Outcome::kBadIndex);
  EXPECT_EQ(All(), "a something longer z ");
  const std::uint64_t version = Version();
  EXPECT_EQ(ListSet(shared.program, list, me, 0, Value("A"), version), Outcome::kDone);
  EXPECT_EQ(ListSet(shared.program, list, me, 0, Value("no"), version), Outcome::kConflict);
  EXPECT_EQ(At(0), "A");
}

TEST_F(ListTest, InsertsWherePythonDoes) {
  const auto insert = [&](std::int64_t index, std::string_view text) {
    EXPECT_EQ(ListInsert(shared.program, list, me, index, Value(text)), Outcome::kDone);
  };
  insert(5, "a");
  insert(100, "b");
  insert(0, "c");
  insert(-1, "d");
  insert(-100, "e");
  insert(2, "f");
  EXPECT_EQ(All(), "e c f a d b ");
}

TEST_F(ListTest, PopsFromEverywhere) {
  EXPECT_EQ(Pop(-1), "empty");
  Fill({"a", "b", "c", "d", "a longer one"});
  EXPECT_EQ(Pop(5), "bad");
  EXPECT_EQ(Pop(-6), "bad");
  EXPECT_EQ(Pop(-1), "a longer one");
  EXPECT_EQ(Pop(0), "a");
  EXPECT_EQ(Pop(1), "c");
  EXPECT_EQ(All(), "b d ");
  Fill({"a"});
  EXPECT_EQ(Pop(0), "a");
  EXPECT_EQ(Pop(0), "empty");
}

TEST_F(ListTest, IsAQueueThatStaysSmall) {
  std::uint64_t most = 0;
  for (int i = 0; i < 10'000; ++i) {
    ListAppend(shared.program, list, me, Value(std::to_string(i)));
    if (i >= 10) {
      EXPECT_EQ(Pop(0), std::to_string(i - 10));
    }
    most = std::max(most, shared.program.heap().Stats().live);
  }
  EXPECT_LE(most, shared.program.heap().Stats().live + 4096);
}

TEST_F(ListTest, GivesSpaceBackAsItEmpties) {
  std::vector<ValueView> values(100'000, Value("1"));
  EXPECT_EQ(ListExtend(shared.program, list, me, values), Outcome::kDone);
  const std::uint64_t full = shared.program.heap().Stats().live;
  for (int i = 0; i < 99'000; ++i) EXPECT_EQ(Pop(i % 2 == 0 ? -1 : 0), "1");
  EXPECT_LE(shared.program.heap().Stats().live, full - 700'000);
}

TEST_F(ListTest, RemovesAtAVersion) {
  Fill({"a", "b", "c"});
  const std::uint64_t version = Version();
  EXPECT_EQ(ListRemoveIf(shared.program, list, me, 3, version), Outcome::kBadIndex);
  EXPECT_EQ(ListRemoveIf(shared.program, list, me, 1, version), Outcome::kDone);
  EXPECT_EQ(ListRemoveIf(shared.program, list, me, 1, version), Outcome::kConflict);
  EXPECT_EQ(All(), "a c ");
}

TEST_F(ListTest, ReplacesSlices) {
  Fill({"a", "b", "c", "d"});
  EXPECT_EQ(Slice(1, 3), "b c ");
  EXPECT_EQ(Slice(-3, -1), "b c ");
  EXPECT_EQ(Slice(3, 1), "");
  EXPECT_EQ(Slice(-100, 100), "a b c d ");
  EXPECT_EQ(Replace(1, 3, {"x"}), Outcome::kDone);
  EXPECT_EQ(All(), "a x d ");
  EXPECT_EQ(Replace(1, 1, {"1", "2", "3"}), Outcome::kDone);
  EXPECT_EQ(All(), "a 1 2 3 x d ");
  EXPECT_EQ(Replace(0, 2, {}), Outcome::kDone);
  EXPECT_EQ(All(), "2 3 x d ");
  EXPECT_EQ(Replace(0, 0, {"0", "1"}), Outcome::kDone);
  EXPECT_EQ(All(), "0 1 2 3 x d ");
  EXPECT_EQ(Replace(-2, kListEnd, {}), Outcome::kDone);
  EXPECT_EQ(All(), "0 1 2 3 ");
  EXPECT_EQ(Replace(3, 1, {"y"}), Outcome::kDone);  // as Python: before 3
  EXPECT_EQ(All(), "0 1 2 y 3 ");
  EXPECT_EQ(Replace(0, kListEnd, {"whole"}), Outcome::kDone);
  EXPECT_EQ(All(), "whole ");
  EXPECT_EQ(ListReplace(shared.program, list, me, 0, 1, {}, Version() + 1), Outcome::kConflict);
}

TEST_F(ListTest, PermutesAndReverses) {
  Fill({"a", "b", "c", "d"});
  const auto permute = [&](std::vector<std::uint32_t> order, std::uint64_t version) {
    return ListPermute(shared.program, list, me, order, version);
  };
  EXPECT_EQ(permute({3, 1, 0, 2}, Version()), Outcome::kDone);
  EXPECT_EQ(All(), "d b a c ");
  EXPECT_EQ(permute({3, 1, 0, 2}, Version() + 1), Outcome::kConflict);
  EXPECT_EQ(permute({0, 1, 2}, Version()), Outcome::kBadIndex);
  EXPECT_EQ(permute({0, 1, 2, 2}, Version()), Outcome::kBadIndex);
  EXPECT_EQ(permute({0, 1, 2, 4}, Version()), Outcome::kBadIndex);
  EXPECT_EQ(ListReverse(shared.program, list, me), Outcome::kDone);
  EXPECT_EQ(All(), "c a b d ");
  EXPECT_EQ(ListClear(shared.program, list, me), Outcome::kDone);
  EXPECT_EQ(ListReverse(shared.program, list, me), Outcome::kDone);
  EXPECT_EQ(permute({}, Version()), Outcome::kDone);
}

TEST_F(ListTest, CountsAVersionForEachChange) {
  Fill({"a", "b", "c"});
  std::vector<std::uint64_t> versions{Version()};
  const auto changed = [&] {
    versions.push_back(Version());
    return versions.back() > versions[versions.size() - 2];
  };
  Replace(kListEnd, kListEnd, {"d"});
  EXPECT_TRUE(changed());
  Pop(-1);
  EXPECT_TRUE(changed());
  Pop(0);
  EXPECT_TRUE(changed());
  Replace(0, 0, {"0"});
  EXPECT_TRUE(changed());
  Replace(1, 2, {"1", "2"});
  EXPECT_TRUE(changed());
  ListReverse(shared.program, list, me);
  EXPECT_TRUE(changed());
  ListSet(shared.program, list, me, 0, Value("x"));
  EXPECT_TRUE(changed());
  ListClear(shared.program, list, me);
  EXPECT_TRUE(changed());
}

TEST_F(ListTest, GivesReferencesAndMemoryBack) {
  const Offset other = CreateList(shared.program, 0, me);
  const ValueView naming{Bytes("x"), {&other, 1}};
  for (int i = 0; i < 5; ++i) ListAppend(shared.program, list, me, naming);
  EXPECT_EQ(shared.References(other), 6U);
  ListSet(shared.program, list, me, 0, Value("plain"));
  EXPECT_EQ(shared.References(other), 5U);
  ListSet(shared.program, list, me, 9, naming);  // outside
  EXPECT_EQ(shared.References(other), 5U);
  ListRemoveIf(shared.program, list, me, 1, Version());
  EXPECT_EQ(shared.References(other), 4U);
  EXPECT_EQ(ListPop(shared.program, list, me, 1, &read), Outcome::kDone);
  ASSERT_EQ(read.Links().size(), 1U);
  EXPECT_EQ(shared.References(other), 4U);
  read.GiveBack();
  EXPECT_EQ(shared.References(other), 3U);
  Replace(0, 2, {"y"});
  EXPECT_EQ(shared.References(other), 2U);
  {
    ListSnapshot all(shared.program, me);
    EXPECT_EQ(ListSnapshotOf(shared.program, list, me, 0, kListEnd, &all), Outcome::kDone);
    ListClear(shared.program, list, me);
    EXPECT_EQ(shared.References(other), 2U);
  }
  EXPECT_EQ(shared.References(other), 1U);
  ListAppend(shared.program, list, me, naming);
  shared.program.Release(other, me);
  shared.program.Release(list, me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST_F(ListTest, RefusesEverythingOnceClosed) {
  const Offset manager = shared.program.Create(object::ObjectKind::kManager, sizeof(object::ObjectHeader), 0, me);
  const Offset owned = CreateList(shared.program, manager, me);
  ListAppend(shared.program, owned, me, Value("a long long value"));
  shared.program.Close(manager, me);
  EXPECT_EQ(shared.Blocks(), before + 3);
  std::uint64_t length = 0;
  ListSnapshot all(shared.program, me);
  EXPECT_EQ(ListAppend(shared.program, owned, me, Value("a long long value")), Outcome::kClosed);
  EXPECT_EQ(ListAt(shared.program, owned, me, 0, &read), Outcome::kClosed);
  EXPECT_EQ(ListSet(shared.program, owned, me, 0, Value("1")), Outcome::kClosed);
  EXPECT_EQ(ListPop(shared.program, owned, me, 0, &read), Outcome::kClosed);
  EXPECT_EQ(ListRemoveIf(shared.program, owned, me, 0, 0), Outcome::kClosed);
  EXPECT_EQ(ListPermute(shared.program, owned, me, {}, 0), Outcome::kClosed);
  EXPECT_EQ(ListReverse(shared.program, owned, me), Outcome::kClosed);
  EXPECT_EQ(ListClear(shared.program, owned, me), Outcome::kClosed);
  EXPECT_EQ(ListLength(shared.program, owned, me, &length), Outcome::kClosed);
  EXPECT_EQ(ListSnapshotOf(shared.program, owned, me, 0, 1, &all), Outcome::kClosed);
  shared.program.Release(owned, me);
  shared.program.Release(manager, me);
}

TEST(ListMemoryTest, ChangesNothingWhenTheHeapIsFull) {
  Containers shared(std::uint64_t{8} << 20);
  const ParticipantId me = shared.me;
  const Offset list = CreateList(shared.program, 0, me);
  std::vector<ValueView> values(100, Value("short"));
  std::uint64_t count = 0;
  while (ListExtend(shared.program, list, me, values) == Outcome::kDone) count += values.size();
  for (const std::uint64_t bytes : {65536U, 8192U}) {
    while (shared.program.heap().Allocate(bytes, me) != 0) continue;
  }
  const std::uint64_t blocks = shared.Blocks();
  EXPECT_EQ(ListReverse(shared.program, list, me), Outcome::kNoMemory);
  EXPECT_EQ(ListInsert(shared.program, list, me, 1, Value(std::string(5'000'000, 'x'))), Outcome::kNoMemory);
  std::uint64_t length = 0;
  EXPECT_EQ(ListLength(shared.program, list, me, &length), Outcome::kDone);
  EXPECT_EQ(length, count);
  EXPECT_EQ(shared.Blocks(), blocks);
  // Whatever it takes, an end can be popped.
  testing::Reading read(shared);
  for (; count > 0; --count) ASSERT_EQ(ListPop(shared.program, list, me, -1, &read), Outcome::kDone);
}

}  // namespace
}  // namespace allcores::container
