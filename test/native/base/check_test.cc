#include "base/check.h"

#include <gtest/gtest.h>

namespace allcores {
namespace {

TEST(Check, PassesOverWhatHolds) {
  int evaluated = 0;
  ALLCORES_CHECK(++evaluated == 1);
  EXPECT_EQ(evaluated, 1);
}

TEST(CheckDeathTest, AbortsAndNamesTheBrokenInvariant) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const int two = 2;
  EXPECT_DEATH(ALLCORES_CHECK(two == 3), "broken invariant two == 3 at .*check_test.cc");
}

}  // namespace
}  // namespace allcores
