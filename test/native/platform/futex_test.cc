#include "platform/futex.h"

#include <gtest/gtest.h>

#include "support/crew.h"
#include "support/futexes.h"
#include "support/hang.h"

namespace allcores::platform {
namespace {

using testing::Crew;
using testing::HangDeadline;

// The contract of platform/futex.h, the same for every backend.
template <typename Futex>
class FutexTest : public ::testing::Test {
 protected:
  std::atomic<std::uint32_t> word{0};
};
TYPED_TEST_SUITE(FutexTest, testing::Futexes, testing::FutexNames);

TYPED_TEST(FutexTest, DoesNotSleepOnAnotherValue) {
  this->word = 7;
  EXPECT_EQ(TypeParam::Wait(this->word, 6, Deadline::Never()), WaitResult::kValueChanged);
  EXPECT_EQ(TypeParam::Wait(this->word, 6, HangDeadline()), WaitResult::kValueChanged);
}

TYPED_TEST(FutexTest, TimesOutWhileTheValueStands) {
  const Deadline deadline = Deadline::After(2'000'000);
  WaitResult result = WaitResult::kWoken;
  while (result == WaitResult::kWoken) result = TypeParam::Wait(this->word, 0, deadline);  // spurious ends are allowed
  EXPECT_EQ(result, WaitResult::kTimedOut);
  EXPECT_TRUE(deadline.Expired());
}

TYPED_TEST(FutexTest, ReturnsAtOnceWhenTheDeadlineHasPassed) {
  EXPECT_EQ(TypeParam::Wait(this->word, 0, Deadline::Now()), WaitResult::kTimedOut);
  EXPECT_EQ(TypeParam::Wait(this->word, 0, Deadline::After(-1'000'000'000)), WaitResult::kTimedOut);
}

TYPED_TEST(FutexTest, WakingNobodyDoesNothing) {
  TypeParam::WakeOne(this->word);
  TypeParam::WakeAll(this->word);
  EXPECT_EQ(this->word.load(), 0U);
}

TYPED_TEST(FutexTest, WakeOneEndsATimedWait) {
  std::atomic<bool> lost{false};
  Crew crew;
  crew.Add([&] {
    const Deadline deadline = HangDeadline();
    while (this->word.load() == 0) {
      if (TypeParam::Wait(this->word, 0, deadline) == WaitResult::kTimedOut) lost = this->word.load() == 0;
      if (lost) return;
    }
  });
  crew.Start();
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  this->word.fetch_add(1);
  TypeParam::WakeOne(this->word);
  crew.Join();
  EXPECT_FALSE(lost);
}

TYPED_TEST(FutexTest, WakeOneEndsAWaitWithoutEnd) {
  Crew crew;
  crew.Add([&] {
    while (this->word.load() == 0) TypeParam::Wait(this->word, 0, Deadline::Never());
  });
  crew.Start();
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  this->word.fetch_add(1);
  TypeParam::WakeOne(this->word);
  crew.Join();  // hangs when the wake-up is lost
}

TYPED_TEST(FutexTest, WakeAllEndsEveryWait) {
  Crew crew;
  for (int i = 0; i < 4; ++i) {
    crew.Add([&, timed = i % 2 == 0] {
      while (this->word.load() == 0) TypeParam::Wait(this->word, 0, timed ? HangDeadline() : Deadline::Never());
    });
  }
  crew.Start();
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  this->word.fetch_add(1);
  TypeParam::WakeAll(this->word);
  crew.Join();
}

}  // namespace
}  // namespace allcores::platform
