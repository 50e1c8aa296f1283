#include "container/message_ring.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "container/queue_rig.h"
#include "support/random_delay.h"

namespace allcores::testing {
namespace {

using container::MessageRing;

class MessageRingTest : public ::testing::Test, protected QueueRig {
 protected:
  MessageRingTest()
      : offset_(MessageRing::Make(program, MessageRing::kFirst, me)), ring(*program.At<MessageRing>(offset_)) {}
  ~MessageRingTest() override { object::FreeValueBlock(program, offset_, me); }

  bool Put(const std::string& text) {
    const auto place = ring.Find(text.size());
    if (place.IsNone()) return false;
    ring.Write(place, std::as_bytes(std::span(text)));
    return true;
  }
  std::optional<std::string> Take() {
    const std::span<const std::byte> bytes = ring.First();
    if (bytes.data() == nullptr) return std::nullopt;
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    ring.Drop();
    return text;
  }
  std::size_t Count() {
    std::size_t count = 0;
    ring.ForEach([&](std::uint64_t) { ++count; });
    return count;
  }

 private:
  const Offset offset_;

 protected:
  MessageRing& ring;
};

TEST_F(MessageRingTest, GivesWhatWasPutInItsOrder) {
  EXPECT_EQ(Take(), std::nullopt);
  EXPECT_TRUE(Put("one"));
  EXPECT_TRUE(Put(""));
  EXPECT_TRUE(Put("three"));
  EXPECT_EQ(Count(), 3U);
  EXPECT_EQ(Take(), "one");
  EXPECT_EQ(Take(), "");
  EXPECT_EQ(Take(), "three");
  EXPECT_EQ(Take(), std::nullopt);
}

TEST_F(MessageRingTest, IsFullAtSomeTimeAndHasRoomAgain) {
  std::size_t held = 0;
  while (Put(std::string(14, 'x'))) ++held;
  EXPECT_GT(held, 40U);
  EXPECT_EQ(Count(), held);
  ASSERT_NE(Take(), std::nullopt);
  ASSERT_NE(Take(), std::nullopt);
  EXPECT_TRUE(Put("again"));
  for (std::size_t i = 2; i < held; ++i) EXPECT_EQ(Take(), std::string(14, 'x'));
  EXPECT_EQ(Take(), "again");
  EXPECT_EQ(Take(), std::nullopt);
}

TEST_F(MessageRingTest, TheFirstMessageStaysUntilItIsDropped) {
  ASSERT_TRUE(Put("stays"));
  EXPECT_NE(ring.First().data(), nullptr);
  EXPECT_EQ(Count(), 1U);
  EXPECT_EQ(Take(), "stays");
}

TEST_F(MessageRingTest, AgreesWithADequeAtAllLengths) {
  RandomDelay random(1);
  std::deque<std::string> model;
  for (int step = 0; step < 20'000; ++step) {
    if (random.OneIn(2)) {
      const std::string text(random.Below(random.OneIn(8) ? MessageRing::kMostRecord + 1 : 40),
                             static_cast<char>(step));
      if (Put(text)) model.push_back(text);
    } else if (model.empty()) {
      ASSERT_EQ(Take(), std::nullopt);
    } else {
      ASSERT_EQ(Take(), model.front());
      model.pop_front();
    }
    ASSERT_EQ(Count(), model.size());
  }
}

}  // namespace
}  // namespace allcores::testing
