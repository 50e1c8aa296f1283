#include <gtest/gtest.h>

#include <array>

#include "support/crew.h"
#include "support/random_delay.h"
#include "support/rings.h"

namespace allcores::queue {
namespace {

class ResultRingStressTest : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Start, ResultRingStressTest, ::testing::Values(0U, 0xffff0000U, 0xfffffff8U));

// Every byte of record n follows from n, and so does its length: what arrives can be checked without a copy of it.
std::uint32_t LengthOf(std::uint32_t number, std::uint32_t longest) { return number * 2'654'435'761U % (longest + 1); }
std::byte ByteAt(std::uint32_t number, std::uint32_t at) { return static_cast<std::byte>(number * 31 + at * 7); }

template <std::uint32_t kCapacity>
void RunHistory(std::uint32_t start, std::uint32_t records) {
  testing::ResultRingMemory<kCapacity> memory(start);
  const std::uint32_t longest = memory.ring().LongestPayload();
  std::atomic<std::uint32_t> found_full{0};
  std::uint32_t wrong = 0;
  testing::Crew crew;
  crew.Add([&] {
    testing::RandomDelay delay(1);
    ResultRing ring = memory.ring();
    std::array<std::byte, kCapacity> payload;
    for (std::uint32_t number = 0; number < records;) {
      const std::uint32_t length = LengthOf(number, longest);
      for (std::uint32_t i = 0; i < length; ++i) payload[i] = ByteAt(number, i);
      if (ring.TryPush(number, {payload.data(), length})) {
        ++number;
        if (delay.OneIn(512)) delay();
      } else {
        found_full.fetch_add(1, std::memory_order_relaxed);
        std::this_thread::yield();
      }
    }
  });
  crew.Add([&] {
    testing::RandomDelay delay(2);
    ResultRing ring = memory.ring();
    for (std::uint32_t number = 0; number < records;) {
      ResultRing::Record record;
      if (!ring.Peek(&record)) {
        std::this_thread::yield();
        continue;
      }
      bool right = record.tag == number && record.payload.size() == LengthOf(number, longest);
      for (std::uint32_t i = 0; right && i < record.payload.size(); ++i) right = record.payload[i] == ByteAt(number, i);
      wrong += right ? 0 : 1;
      ring.Pop();
      ++number;
      if (delay.OneIn(512)) delay();
    }
  });
  crew.Join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(memory.ends.tail.load(), memory.ends.head.load());
  EXPECT_GT(found_full.load(), 0U);  // or the test is not about a full ring
}

TEST_P(ResultRingStressTest, RecordsArriveInOrderAndWhole) { RunHistory<1024>(GetParam(), 4'000); }

TEST_P(ResultRingStressTest, RecordsArriveWholeThroughTheSmallestRing) { RunHistory<64>(GetParam(), 10'000); }

}  // namespace
}  // namespace allcores::queue
