#include "base/deadline.h"

#include <gtest/gtest.h>

#include <limits>

namespace allcores {
namespace {

TEST(Deadline, NeverDoesNotExpire) {
  EXPECT_TRUE(Deadline::Never().IsNever());
  EXPECT_FALSE(Deadline::Never().Expired());
}

TEST(Deadline, NowHasExpired) {
  EXPECT_FALSE(Deadline::Now().IsNever());
  EXPECT_TRUE(Deadline::Now().Expired());
}

TEST(Deadline, AfterIsThatFarAway) {
  const std::int64_t before = MonotonicNanos();
  const Deadline deadline = Deadline::After(3'600'000'000'000);
  EXPECT_GE(deadline.nanos(), before + 3'600'000'000'000);
  EXPECT_LE(deadline.nanos(), MonotonicNanos() + 3'600'000'000'000);
  EXPECT_FALSE(deadline.Expired());
}

TEST(Deadline, TooFarAwayIsNever) {
  EXPECT_TRUE(Deadline::After(std::numeric_limits<std::int64_t>::max()).IsNever());
  EXPECT_TRUE(Deadline::After(std::numeric_limits<std::int64_t>::max() - 1).IsNever());
}

TEST(Deadline, InThePastIsNow) {
  for (const std::int64_t nanos : {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(Deadline::After(nanos).nanos(), Deadline::Now().nanos());
  }
}

TEST(Deadline, ClockNeverStepsBack) {
  std::int64_t last = MonotonicNanos();
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t now = MonotonicNanos();
    ASSERT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace allcores
