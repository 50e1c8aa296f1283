#include "base/schedule_point.h"

#include <gtest/gtest.h>

namespace allcores {
namespace {

constexpr int PassOne() {
  ALLCORES_SCHEDULE_POINT();
  return 1;
}

// A constant expression calls no function that was not defined: in the product the macro is nothing.
TEST(SchedulePoint, IsNothingInTheProduct) {
  static_assert(PassOne() == 1);
  SUCCEED();
}

}  // namespace
}  // namespace allcores
