#include "memory/size_classes.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace allcores::memory {
namespace {

TEST(HeapSizeClasses, GiveTheSmallestClassThatHolds) {
  EXPECT_EQ(ClassOf(0), 0U);
  for (std::uint64_t bytes = 1; bytes <= kMostSmall; ++bytes) {
    const std::uint32_t number = ClassOf(bytes);
    ASSERT_LT(number, kClasses) << bytes;
    ASSERT_GE(SizeOfClass(number), bytes);
    if (number == 0) continue;
    ASSERT_LT(SizeOfClass(number - 1), bytes);
  }
  EXPECT_EQ(ClassOf(kMostSmall), kClasses - 1);
  EXPECT_EQ(SizeOfClass(kClasses - 1), kMostSmall);
}

TEST(HeapSizeClasses, WasteLessThanAQuarterOfABlock) {
  for (std::uint64_t bytes = 113; bytes <= kMostSmall; ++bytes) {
    ASSERT_LT((SizeOfClass(ClassOf(bytes)) - bytes) * 4, SizeOfClass(ClassOf(bytes))) << bytes;
  }
}

TEST(HeapSizeClasses, AreMultiplesOfSixteenThatDivideTheirSpansWithoutARest) {
  for (const SizeClass& size_class : kSizeClasses) {
    EXPECT_EQ(size_class.bytes % 16, 0U);
    EXPECT_EQ(std::uint64_t{size_class.blocks} * size_class.bytes, size_class.units * kUnitBytes);
    EXPECT_GE(size_class.blocks, 2U);
    EXPECT_LE(size_class.blocks, kMostBlocks);
    EXPECT_LE(size_class.units, kMostSpanUnits);
  }
}

TEST(HeapSizeClasses, FindABlockByItsDistance) {
  for (const SizeClass& size_class : kSizeClasses) {
    for (std::uint32_t block = 0; block < size_class.blocks; ++block) {
      const std::uint64_t distance = std::uint64_t{block} * size_class.bytes;
      ASSERT_EQ(size_class.IndexOf(distance), block);
      ASSERT_EQ(size_class.IndexOf(distance + size_class.bytes - 1), block);
    }
  }
}

}  // namespace
}  // namespace allcores::memory
