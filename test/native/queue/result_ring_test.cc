#include "queue/result_ring.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "support/rings.h"

namespace allcores::queue {
namespace {

using testing::ResultRingMemory;

std::span<const std::byte> Bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string TextOf(const ResultRing::Record& record) {
  return {reinterpret_cast<const char*>(record.payload.data()), record.payload.size()};
}

TEST(ResultRing, ZeroedMemoryIsEmpty) {
  ResultRingMemory<64> memory;
  ResultRing::Record record;
  EXPECT_FALSE(memory.ring().Peek(&record));
}

TEST(ResultRing, GivesRecordsInOrderWithTheirBytes) {
  ResultRingMemory<256> memory;
  ResultRing ring = memory.ring();
  EXPECT_TRUE(ring.TryPush(1, Bytes("one")));
  EXPECT_TRUE(ring.TryPush(2, {}));
  EXPECT_TRUE(ring.TryPush(3, Bytes("exactly8")));
  ResultRing::Record record;
  ASSERT_TRUE(ring.Peek(&record));
  EXPECT_EQ(record.tag, 1U);
  EXPECT_EQ(TextOf(record), "one");
  ring.Pop();
  ASSERT_TRUE(ring.Peek(&record));
  EXPECT_EQ(record.tag, 2U);
  EXPECT_TRUE(record.payload.empty());
  ring.Pop();
  ASSERT_TRUE(ring.Peek(&record));
  EXPECT_EQ(TextOf(record), "exactly8");
  ring.Pop();
  EXPECT_FALSE(ring.Peek(&record));
}

TEST(ResultRing, PeekLeavesTheRecord) {
  ResultRingMemory<64> memory;
  ResultRing ring = memory.ring();
  ring.TryPush(5, Bytes("x"));
  ResultRing::Record first;
  ResultRing::Record second;
  ASSERT_TRUE(ring.Peek(&first));
  ASSERT_TRUE(ring.Peek(&second));
  EXPECT_EQ(second.tag, 5U);
  EXPECT_EQ(first.payload.data(), second.payload.data());
}

TEST(ResultRing, PayloadsAreAligned) {
  ResultRingMemory<256> memory;
  ResultRing ring = memory.ring();
  ResultRing::Record record;
  for (const char* text : {"a", "bcdefghij", "k"}) {
    ASSERT_TRUE(ring.TryPush(0, Bytes(text)));
    ASSERT_TRUE(ring.Peek(&record));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(record.payload.data()) % 8, 0U);
    ring.Pop();
  }
}

TEST(ResultRing, FullRefusesUntilPop) {
  ResultRingMemory<64> memory;
  ResultRing ring = memory.ring();
  const std::string payload(24, 'p');  // 32 bytes with its header
  EXPECT_TRUE(ring.TryPush(1, Bytes(payload)));
  EXPECT_TRUE(ring.TryPush(2, Bytes(payload)));
  EXPECT_FALSE(ring.TryPush(3, {}));
  ResultRing::Record record;
  ASSERT_TRUE(ring.Peek(&record));
  EXPECT_EQ(record.tag, 1U);
  ring.Pop();
  EXPECT_TRUE(ring.TryPush(3, Bytes(payload)));
}

TEST(ResultRing, ARecordNeverCrossesTheEndOfALap) {
  ResultRingMemory<64> memory;
  ResultRing ring = memory.ring();
  ResultRing::Record record;
  ASSERT_TRUE(ring.TryPush(1, Bytes(std::string(16, 'a'))));
  ASSERT_TRUE(ring.TryPush(2, Bytes(std::string(16, 'b'))));  // 48 of 64 bytes
  ASSERT_TRUE(ring.Peek(&record));
  ring.Pop();
  ASSERT_FALSE(ring.TryPush(3, Bytes(std::string(24, 'c'))));  // 16 skipped and 32 needed, 40 free
  ASSERT_TRUE(ring.Peek(&record));
  ring.Pop();
  ASSERT_TRUE(ring.TryPush(3, Bytes(std::string(24, 'c'))));
  ASSERT_TRUE(ring.Peek(&record));
  EXPECT_EQ(record.tag, 3U);
  EXPECT_EQ(TextOf(record), std::string(24, 'c'));
  EXPECT_EQ(static_cast<const void*>(record.payload.data()), static_cast<const void*>(memory.bytes + 8));
}

TEST(ResultRing, TheLongestPayloadFitsIntoADrainedRingWhereverTheLapStands) {
  for (std::uint32_t start = 0; start < 64; start += 8) {
    ResultRingMemory<64> memory(0xffffffc0 + start);
    ResultRing ring = memory.ring();
    const std::string payload(ring.LongestPayload(), 'z');
    ASSERT_TRUE(ring.TryPush(start, Bytes(payload))) << start;
    ResultRing::Record record;
    ASSERT_TRUE(ring.Peek(&record));
    EXPECT_EQ(record.tag, start);
    EXPECT_EQ(TextOf(record), payload);
    ring.Pop();
    EXPECT_FALSE(ring.Peek(&record));
  }
}

TEST(ResultRing, PositionsWrapAround) {
  ResultRingMemory<128> memory(0xffffffe8);
  ResultRing ring = memory.ring();
  ResultRing::Record record;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const std::string payload(i % 57, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(ring.TryPush(i, Bytes(payload)));
    ASSERT_TRUE(ring.Peek(&record));
    ASSERT_EQ(record.tag, i);
    ASSERT_EQ(TextOf(record), payload);
    ring.Pop();
  }
  EXPECT_LT(memory.ends.tail.load(), 0x80000000U);
}

TEST(ResultRingDeathTest, RefusesWhatCanNeverFit) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ResultRingMemory<64> memory;
  const std::string payload(memory.ring().LongestPayload() + 1, 'z');
  EXPECT_DEATH(memory.ring().TryPush(1, Bytes(payload)), "broken invariant");
  EXPECT_DEATH(memory.ring().TryPush(ResultRing::kSkip, {}), "broken invariant");
}

}  // namespace
}  // namespace allcores::queue
