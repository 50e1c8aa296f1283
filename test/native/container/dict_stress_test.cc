#include <gtest/gtest.h>

#include <map>
#include <set>

#include "container/dict.h"
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
using testing::Text;
using testing::Value;

class DictStressTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kThreads = 4;

  // The same on each of several threads, with a participant of its own.
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
  // Long enough for a block of its own.
  static std::string Padded(std::uint64_t number) {
    std::string text = std::to_string(number);
    return std::string(12 - text.size(), '0') + text;
  }
  std::uint64_t Size() {
    std::uint64_t size = 0;
    EXPECT_EQ(DictSize(shared.program, dict, me, &size), Outcome::kDone);
    return size;
  }
  void ExpectNothingLeft() {
    EXPECT_EQ(DictClear(shared.program, dict, me), Outcome::kDone);
    EXPECT_EQ(Size(), 0U);
    EXPECT_EQ(shared.Blocks(), before);
  }

  Containers shared;
  const ParticipantId me = shared.me;
  const Offset dict = CreateDict(shared.program, 0, 0, me);
  const std::uint64_t before = shared.Blocks();
};

TEST_F(DictStressTest, IncrementsAddUp) {
  static constexpr std::uint32_t kRounds = 5000;
  OnEach([this](std::uint32_t, ParticipantId id, RandomDelay& random) {
    Reading read(shared.program, id);
    for (std::uint32_t round = 0; round < kRounds;) {
      const std::string key = std::to_string(random.Below(3));
      const bool present = DictGet(shared.program, dict, id, Bytes(key), &read) == Outcome::kDone;
      const std::uint64_t next = present ? std::stoull(read.Text()) + 1 : 1;
      const std::uint64_t version = present ? read.version() : 0;
      const Outcome outcome = DictSetIf(shared.program, dict, id, Bytes(key), version, Value(Padded(next)));
      ASSERT_TRUE(outcome == Outcome::kDone || outcome == Outcome::kConflict);
      if (outcome == Outcome::kDone) ++round;
    }
  });
  std::uint64_t sum = 0;
  Reading read(shared);
  for (const char* key : {"0", "1", "2"}) {
    ASSERT_EQ(DictGet(shared.program, dict, me, Bytes(key), &read), Outcome::kDone);
    sum += std::stoull(read.Text());
  }
  EXPECT_EQ(sum, kThreads * kRounds);
  read.GiveBack();
  ExpectNothingLeft();
}

TEST_F(DictStressTest, WhatIsPutInIsTakenOutOnce) {
  std::array<std::vector<std::string>, kThreads> put;
  std::array<std::vector<std::string>, kThreads> taken;
  OnEach([&](std::uint32_t thread, ParticipantId id, RandomDelay& random) {
    Reading read(shared.program, id);
    std::vector<std::byte> key;
    for (std::uint32_t round = 0; round < 10'000; ++round) {
      const std::string at = std::to_string(random.Below(20));
      if (random.OneIn(2)) {
        const std::string mine = Padded(thread * 100'000 + round);
        const Outcome outcome = random.OneIn(2)
                                    ? DictSetIf(shared.program, dict, id, Bytes(at), 0, Value(mine))
                                    : DictSetDefault(shared.program, dict, id, Bytes(at), Value(mine), &read);
        if (outcome == Outcome::kDone) put[thread].push_back(mine);
      } else {
        const Outcome outcome = random.OneIn(4) ? DictPopItem(shared.program, dict, id, &key, &read)
                                                : DictPop(shared.program, dict, id, Bytes(at), &read);
        if (outcome == Outcome::kDone) taken[thread].push_back(read.Text());
      }
    }
  });
  std::multiset<std::string> all_put;
  std::multiset<std::string> all_taken;
  for (const auto& one : put) all_put.insert(one.begin(), one.end());
  for (const auto& one : taken) all_taken.insert(one.begin(), one.end());
  Reading read(shared);
  std::vector<std::byte> key;
  EXPECT_EQ(Size(), all_put.size() - all_taken.size());
  while (DictPopItem(shared.program, dict, me, &key, &read) == Outcome::kDone) all_taken.insert(read.Text());
  EXPECT_EQ(all_put, all_taken);
  read.GiveBack();
  ExpectNothingLeft();
}

// One writer a key, whose values rise: nobody may see one fall, in whatever way it is read.
TEST_F(DictStressTest, ReadsNeverGoBackInTime) {
  static constexpr std::uint32_t kRounds = 5000;
  OnEach([&](std::uint32_t thread, ParticipantId id, RandomDelay& random) {
    std::map<std::string, std::string> seen;
    const auto check = [&](const std::string& key, const std::string& value) {
      ASSERT_LE(seen[key], value);
      seen[key] = value;
    };
    Reading read(shared.program, id);
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      ASSERT_EQ(DictSet(shared.program, dict, id, Bytes(std::to_string(thread)), Value(Padded(round))), Outcome::kDone);
      seen[std::to_string(thread)] = Padded(round);
      const std::string other = std::to_string(random.Below(kThreads));
      if (DictGet(shared.program, dict, id, Bytes(other), &read) == Outcome::kDone) check(other, read.Text());
      if (!random.OneIn(20)) continue;
      DictSnapshot all(shared.program, id);
      ASSERT_EQ(DictSnapshotAll(shared.program, dict, id, true, &all), Outcome::kDone);
      for (std::size_t i = 0; i < all.entries.size(); ++i) {
        std::string value(12, ' ');
        object::CopySlot(shared.program, all.values.slots()[i], reinterpret_cast<std::byte*>(value.data()));
        check(Text(all.Key(i)), value);
      }
    }
  });
  EXPECT_EQ(Size(), kThreads);
  ExpectNothingLeft();
}

// Keys in many shards that are always written together, or deleted together.
TEST_F(DictStressTest, ManyChangeAtOneMoment) {
  static constexpr std::uint32_t kKeys = 40;
  std::vector<std::string> keys;
  for (std::uint32_t i = 0; i < kKeys; ++i) keys.push_back("key" + std::to_string(i));
  OnEach([&](std::uint32_t thread, ParticipantId id, RandomDelay& random) {
    for (std::uint32_t round = 0; round < 400; ++round) {
      if (thread < 2) {
        const std::string value = Padded(thread * 1000 + round);
        std::vector<DictItem> items;
        for (const std::string& key : keys) items.push_back({Bytes(key), Value(value)});
        ASSERT_EQ(DictSetMany(shared.program, dict, id, items), Outcome::kDone);
        if (random.OneIn(3)) {
          ASSERT_EQ(DictClear(shared.program, dict, id), Outcome::kDone);
        }
        continue;
      }
      std::uint64_t size = 0;
      ASSERT_EQ(DictSize(shared.program, dict, id, &size), Outcome::kDone);
      ASSERT_EQ(size % kKeys, 0U);
      ASSERT_LE(size, kKeys);
      DictSnapshot all(shared.program, id);
      ASSERT_EQ(DictSnapshotAll(shared.program, dict, id, true, &all), Outcome::kDone);
      ASSERT_EQ(all.entries.size() % kKeys, 0U);
      std::set<std::string> values;
      for (std::size_t i = 0; i < all.entries.size(); ++i) {
        ASSERT_EQ(Text(all.Key(i)), keys[i]);
        std::string value(12, ' ');
        object::CopySlot(shared.program, all.values.slots()[i], reinterpret_cast<std::byte*>(value.data()));
        values.insert(value);
      }
      ASSERT_LE(values.size(), 1U);
    }
  });
  ExpectNothingLeft();
}

TEST_F(DictStressTest, GrowsWhileItIsRead) {
  static constexpr std::uint32_t kEach = 10'000;
  std::array<std::atomic<std::uint32_t>, 2> written{};
  const auto key = [](std::uint32_t thread, std::uint32_t i) {
    return std::to_string(thread) + ":" + std::to_string(i);
  };
  OnEach([&](std::uint32_t thread, ParticipantId id, RandomDelay& random) {
    Reading read(shared.program, id);
    if (thread < 2) {
      for (std::uint32_t i = 0; i < kEach; ++i) {
        ASSERT_EQ(DictSet(shared.program, dict, id, Bytes(key(thread, i)), Value(std::to_string(i))), Outcome::kDone);
        written[thread].store(i + 1, std::memory_order_release);
      }
      return;
    }
    for (std::uint32_t i = 0; i < kEach; ++i) {
      const std::uint32_t writer = random.Below(2);
      const std::uint32_t known = written[writer].load(std::memory_order_acquire);
      const std::uint32_t some = random.Below(kEach);
      const Outcome outcome = DictGet(shared.program, dict, id, Bytes(key(writer, some)), &read);
      if (some < known) {
        ASSERT_EQ(outcome, Outcome::kDone);
      }
      if (outcome == Outcome::kDone) {
        ASSERT_EQ(read.Text(), std::to_string(some));
      }
      std::uint64_t size = 0;
      ASSERT_EQ(DictSize(shared.program, dict, id, &size), Outcome::kDone);
      ASSERT_GE(size, known);
    }
  });
  EXPECT_EQ(Size(), 2 * kEach);
  ExpectNothingLeft();
}

}  // namespace
}  // namespace allcores::container
