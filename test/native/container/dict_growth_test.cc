#include <gtest/gtest.h>

#include "container/dict.h"
#include "container/dict_layout.h"
#include "support/containers.h"
#include "support/crew.h"
#include "support/race_detection.h"

namespace allcores::container {
namespace {

using testing::Bytes;
using testing::Containers;
using testing::Crew;
using testing::Member;
using testing::Reading;
using testing::Value;

constexpr std::uint32_t kCount = testing::kRacesAreSeen ? 100'000 : 1'000'000;

TEST(DictGrowthTest, HoldsAMillionWhileItIsRead) {
  Containers shared;
  const Offset dict = CreateDict(shared.program, 16, 0, shared.me);
  const std::uint64_t before = shared.Blocks();
  std::atomic<std::uint32_t> written{0};
  {
    Crew crew;
    crew.Add([&] {
      for (std::uint32_t i = 0; i < kCount; ++i) {
        ASSERT_EQ(DictSet(shared.program, dict, shared.me, Bytes(std::to_string(i)), Value("value")), Outcome::kDone);
        written.store(i + 1, std::memory_order_release);
      }
    });
    crew.Add([&] {
      const Member member(shared);
      Reading read(shared.program, member.id);
      std::uint32_t i = 12345;
      for (;;) {
        const std::uint32_t known = written.load(std::memory_order_acquire);
        if (known == kCount) return;
        if (known == 0) continue;
        i = (i * 1664525U + 1013904223U) % known;
        ASSERT_EQ(DictGet(shared.program, dict, member.id, Bytes(std::to_string(i)), &read), Outcome::kDone);
      }
    });
  }
  std::uint64_t size = 0;
  ASSERT_EQ(DictSize(shared.program, dict, shared.me, &size), Outcome::kDone);
  EXPECT_EQ(size, kCount);
  // Every shard has about as many buckets as entries: no list from a mark to the next is long.
  DictObject& object = *shared.program.At<DictObject>(dict);
  for (std::uint32_t i = 0; i < object.shards.load(); ++i) {
    const DictShard& shard = object.Shards()[i];
    EXPECT_LE(shard.count, std::uint64_t{1} << shard.level);
    EXPECT_GT(shard.count, kCount / 16 / 2);
  }
  for (std::uint32_t i = 0; i < kCount; i += 7) {
    ASSERT_EQ(DictDelete(shared.program, dict, shared.me, Bytes(std::to_string(i))), Outcome::kDone);
  }
  ASSERT_EQ(DictSize(shared.program, dict, shared.me, &size), Outcome::kDone);
  EXPECT_EQ(size, kCount - (kCount + 6) / 7);
  EXPECT_EQ(DictClear(shared.program, dict, shared.me), Outcome::kDone);
  EXPECT_EQ(shared.Blocks(), before);
}

}  // namespace
}  // namespace allcores::container
