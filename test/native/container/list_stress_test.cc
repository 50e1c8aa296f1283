#include <gtest/gtest.h>

#include <map>
#include <set>

#include "container/list.h"
#include "support/containers.h"
#include "support/crew.h"
#include "support/random_delay.h"

namespace allcores::container {
namespace {

using testing::Bytes;
using testing::Containers;
using testing::Crew;
using testing::Member;
using testing::RandomDelay;
using testing::Reading;
using testing::Value;

class ListStressTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kThreads = 4;

  template <typename Body>
  void OnEach(Body body) {
    Crew crew;
    for (std::uint32_t i = 0; i < kThreads; ++i) {
      crew.Add([this, body, i] {
        const Member member(shared);
        RandomDelay random(i);
        body(i, member.id, random);
      });
    }
  }
  static std::string Padded(std::uint64_t number) {
    std::string text = std::to_string(number);
    return std::string(12 - text.size(), '0') + text;
  }
  std::vector<std::string> All(ParticipantId id, std::uint64_t* version = nullptr) {
    ListSnapshot all(shared.program, id);
    EXPECT_EQ(ListSnapshotOf(shared.program, list, id, 0, kListEnd, &all), Outcome::kDone);
    if (version != nullptr) *version = all.version;
    std::vector<std::string> texts;
    for (const Slot slot : all.values.slots()) {
      texts.emplace_back(object::SlotLength(shared.program, slot), ' ');
      object::CopySlot(shared.program, slot, reinterpret_cast<std::byte*>(texts.back().data()));
    }
    return texts;
  }
  void ExpectNothingLeft() {
    EXPECT_EQ(ListClear(shared.program, list, me), Outcome::kDone);
    EXPECT_EQ(shared.Blocks(), before);
  }

  Containers shared;
  const ParticipantId me = shared.me;
  const Offset list = CreateList(shared.program, 0, me);
  const std::uint64_t before = shared.Blocks();
};

TEST_F(ListStressTest, WhatIsPutInIsTakenOutOnce) {
  std::array<std::vector<std::string>, kThreads> put;
  std::array<std::vector<std::string>, kThreads> taken;
  OnEach([&](std::uint32_t thread, ParticipantId id, RandomDelay& random) {
    Reading read(shared.program, id);
    for (std::uint32_t round = 0; round < 2000; ++round) {
      const std::int64_t place = std::int64_t{random.Below(20)} - 10;
      const std::string mine = Padded(thread * 100'000 + round);
      switch (random.Below(6)) {
        case 0:
          ASSERT_EQ(ListInsert(shared.program, list, id, place, Value(mine)), Outcome::kDone);
          put[thread].push_back(mine);
          break;
        case 1:
          ASSERT_EQ(ListReverse(shared.program, list, id), Outcome::kDone);
          break;
        case 2:
        case 3:
          ASSERT_EQ(ListAppend(shared.program, list, id, Value(mine)), Outcome::kDone);
          put[thread].push_back(mine);
          break;
        default:
          const std::int64_t from = random.OneIn(3) ? place : random.OneIn(2) ? 0 : -1;
          if (ListPop(shared.program, list, id, from, &read) == Outcome::kDone) taken[thread].push_back(read.Text());
      }
    }
  });
  std::multiset<std::string> all_put;
  std::multiset<std::string> all_taken;
  for (const auto& one : put) all_put.insert(one.begin(), one.end());
  for (const auto& one : taken) all_taken.insert(one.begin(), one.end());
  for (const std::string& text : All(me)) all_taken.insert(text);
  EXPECT_EQ(all_put, all_taken);
  ExpectNothingLeft();
}

TEST_F(ListStressTest, AppendedInTheOrderOfEachThread) {
  static constexpr std::uint32_t kRounds = 1000;
  OnEach([&](std::uint32_t thread, ParticipantId id, RandomDelay&) {
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      const std::string first = Padded(thread * 1'000'000 + 2 * round);
      const std::string second = Padded(thread * 1'000'000 + 2 * round + 1);
      const ValueView both[] = {Value(first), Value(second)};
      ASSERT_EQ(ListExtend(shared.program, list, id, both), Outcome::kDone);
    }
  });
  const std::vector<std::string> all = All(me);
  ASSERT_EQ(all.size(), kThreads * kRounds * 2);
  std::map<std::uint64_t, std::uint64_t> next;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::uint64_t number = std::stoull(all[i]);
    EXPECT_EQ(next[number / 1'000'000]++, number % 1'000'000);
    if (i % 2 == 1) {
      EXPECT_EQ(number, std::stoull(all[i - 1]) + 1);  // both of an extension side by side
    }
  }
  ExpectNothingLeft();
}

// Sorting at a version, while others append: nothing is lost and nothing comes twice.
TEST_F(ListStressTest, OptimisticChangesLoseNothing) {
  static constexpr std::uint32_t kRounds = 400;
  std::atomic<std::uint32_t> appending{2};
  OnEach([&](std::uint32_t thread, ParticipantId id, RandomDelay& random) {
    if (thread < 2) {
      for (std::uint32_t round = 0; round < kRounds; ++round) {
        ASSERT_EQ(ListAppend(shared.program, list, id, Value(Padded(thread * 100'000 + round))), Outcome::kDone);
        if (random.OneIn(4)) random();
      }
      appending.fetch_sub(1);
      return;
    }
    while (appending.load() != 0) {
      std::uint64_t version = 0;
      const std::vector<std::string> texts = All(id, &version);
      std::vector<std::uint32_t> order(texts.size());
      for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
      std::ranges::sort(order, {}, [&](std::uint32_t i) { return texts[i]; });
      const Outcome outcome = ListPermute(shared.program, list, id, order, version);
      ASSERT_TRUE(outcome == Outcome::kDone || outcome == Outcome::kConflict);
    }
  });
  std::set<std::string> distinct;
  for (const std::string& text : All(me)) EXPECT_TRUE(distinct.insert(text).second);
  EXPECT_EQ(distinct.size(), 2 * kRounds);
  ExpectNothingLeft();
}

}  // namespace
}  // namespace allcores::container
