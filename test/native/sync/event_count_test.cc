#include "sync/event_count.h"

#include <gtest/gtest.h>

#include "support/futexes.h"

namespace allcores::sync {
namespace {

template <typename Futex>
class EventCountTest : public ::testing::Test {
 protected:
  std::atomic<std::uint32_t> word{0};
  BasicEventCount<Futex> event{word};
};
TYPED_TEST_SUITE(EventCountTest, testing::Futexes, testing::FutexNames);

TYPED_TEST(EventCountTest, NotifyingNobodyChangesNothing) {
  EXPECT_FALSE(this->event.NotifyAll());
  EXPECT_EQ(this->word.load(), 0U);
}

TYPED_TEST(EventCountTest, ANotificationAfterPrepareEndsTheWait) {
  const std::uint32_t key = this->event.PrepareWait();
  EXPECT_TRUE(this->event.NotifyAll());
  EXPECT_TRUE(this->event.Wait(key, Deadline::Never()));
  EXPECT_FALSE(this->event.NotifyAll());
}

TYPED_TEST(EventCountTest, AnEarlierNotificationDoesNot) {
  this->event.PrepareWait();
  this->event.NotifyAll();
  const std::uint32_t key = this->event.PrepareWait();
  EXPECT_FALSE(this->event.Wait(key, Deadline::After(1'000'000)));
}

TYPED_TEST(EventCountTest, WaitersOfOneEpochShareAKey) {
  const std::uint32_t first = this->event.PrepareWait();
  EXPECT_EQ(this->event.PrepareWait(), first);
  this->event.NotifyAll();
  EXPECT_TRUE(this->event.Wait(first, Deadline::Never()));
  EXPECT_NE(this->event.PrepareWait(), first);
}

TYPED_TEST(EventCountTest, CancellingLeavesOneNeedlessNotification) {
  this->event.PrepareWait();
  this->event.CancelWait();
  EXPECT_TRUE(this->event.NotifyAll());
  EXPECT_FALSE(this->event.NotifyAll());
}

TYPED_TEST(EventCountTest, AbandoningLeavesNone) {
  this->event.PrepareWait();
  this->event.AbandonWait();
  EXPECT_FALSE(this->event.NotifyAll());
}

TYPED_TEST(EventCountTest, EpochsWrapAround) {
  this->word = 0xfffffffe;  // the last epoch, nobody waits
  const std::uint32_t key = this->event.PrepareWait();
  EXPECT_EQ(key, 0xffffffffU);
  EXPECT_TRUE(this->event.NotifyAll());
  EXPECT_EQ(this->word.load(), 0U);
  EXPECT_TRUE(this->event.Wait(key, Deadline::Never()));
}

}  // namespace
}  // namespace allcores::sync
