#include "sync/parker.h"

#include <gtest/gtest.h>

#include "support/futexes.h"

namespace allcores::sync {
namespace {

template <typename Futex>
class ParkerTest : public ::testing::Test {
 protected:
  using Parker = BasicParker<Futex>;
  using Notified = typename Parker::Notified;

  std::atomic<std::uint32_t> word{0};
  Parker parker{word};
};
TYPED_TEST_SUITE(ParkerTest, testing::Futexes, testing::FutexNames);

TYPED_TEST(ParkerTest, NobodyIsThereUntilAnnounced) {
  EXPECT_EQ(this->parker.Notify(), TestFixture::Notified::kNobody);
  EXPECT_EQ(this->word.load(), TestFixture::Parker::kAwake);
}

TYPED_TEST(ParkerTest, RetractingUndoesTheAnnouncement) {
  this->parker.Announce(TestFixture::Parker::kParked);
  EXPECT_TRUE(this->parker.Retract());
  EXPECT_EQ(this->parker.Notify(), TestFixture::Notified::kNobody);
}

TYPED_TEST(ParkerTest, OneNotificationAnAnnouncement) {
  this->parker.Announce(TestFixture::Parker::kParked);
  EXPECT_EQ(this->parker.Notify(), TestFixture::Notified::kThread);
  EXPECT_EQ(this->parker.Notify(), TestFixture::Notified::kNobody);
  EXPECT_FALSE(this->parker.Retract());
  EXPECT_EQ(this->word.load(), TestFixture::Parker::kAwake);
}

TYPED_TEST(ParkerTest, TellsTheWakerThatALoopIsToBePoked) {
  this->parker.Announce(TestFixture::Parker::kParkedInLoop);
  EXPECT_EQ(this->parker.Notify(), TestFixture::Notified::kLoop);
  EXPECT_FALSE(this->parker.Retract());
  this->parker.Announce(TestFixture::Parker::kParkedInLoop);
  EXPECT_TRUE(this->parker.Retract());
}

TYPED_TEST(ParkerTest, RetractingWithoutAnnouncementIsNotQuiet) {
  EXPECT_FALSE(this->parker.Retract());
  EXPECT_EQ(this->word.load(), TestFixture::Parker::kAwake);
}

TYPED_TEST(ParkerTest, DoesNotSleepOnceNotified) {
  this->parker.Announce(TestFixture::Parker::kParked);
  this->parker.Notify();
  this->parker.Sleep(Deadline::Never());
  EXPECT_FALSE(this->parker.Retract());
}

TYPED_TEST(ParkerTest, SleepEndsWithItsDeadline) {
  this->parker.Announce(TestFixture::Parker::kParked);
  this->parker.Sleep(Deadline::After(1'000'000));
  EXPECT_TRUE(this->parker.Retract());
}

}  // namespace
}  // namespace allcores::sync
