#include "base/cache_line.h"

#include <gtest/gtest.h>

#include <limits>

namespace allcores {
namespace {

TEST(CacheLine, IsAPowerOfTwo) { EXPECT_EQ(kCacheLine & (kCacheLine - 1), 0U); }

TEST(RoundUp, GivesTheNextMultiple) {
  EXPECT_EQ(RoundUp(0, 8), 0U);
  EXPECT_EQ(RoundUp(1, 8), 8U);
  EXPECT_EQ(RoundUp(8, 8), 8U);
  EXPECT_EQ(RoundUp(9, 8), 16U);
  EXPECT_EQ(RoundUp(4095, 4096), 4096U);
}

TEST(RoundUp, HoldsMoreThan32Bits) {
  constexpr std::uint64_t kLarge = std::numeric_limits<std::uint32_t>::max();
  EXPECT_EQ(RoundUp(kLarge, 4096), kLarge + 1);
}

}  // namespace
}  // namespace allcores
