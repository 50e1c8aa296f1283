#include "participant/guard.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "platform/mapping.h"
#include "support/child.h"
#include "support/crew.h"
#include "support/futexes.h"
#include "support/hang.h"

namespace allcores::participant {
namespace {

template <typename Futex>
class GuardTest : public ::testing::Test {
 protected:
  using Guard = BasicGuard<Futex>;
  using Entry = typename Guard::Entry;

  platform::Mapping memory = platform::Mapping::Create(ParticipantTable::kBytes + 4096, platform::Reach::kProcesses);
  ParticipantTable table{reinterpret_cast<Participant*>(memory.data())};
  std::atomic<std::uint32_t>* words =
      reinterpret_cast<std::atomic<std::uint32_t>*>(memory.data() + ParticipantTable::kBytes);
  Guard guard{words[0]};
  ParticipantId me = table.Join(1);
};
TYPED_TEST_SUITE(GuardTest, testing::Futexes, testing::FutexNames);

TYPED_TEST(GuardTest, IsFreeAtFirstAndAfterwards) {
  using Entry = typename TestFixture::Entry;
  EXPECT_TRUE(this->guard.IsFree());
  EXPECT_EQ(this->guard.Lock(this->table, this->me), Entry::kClean);
  EXPECT_FALSE(this->guard.IsFree());
  this->guard.Unlock();
  EXPECT_TRUE(this->guard.IsFree());
}

TYPED_TEST(GuardTest, ASleeperGetsInWhenTheOwnerLeaves) {
  using Entry = typename TestFixture::Entry;
  ASSERT_EQ(this->guard.Lock(this->table, this->me), Entry::kClean);
  std::atomic<int> entry{-1};
  testing::Crew crew;
  crew.Add([&] {
    entry.store(static_cast<int>(this->guard.Lock(this->table, this->table.Join(2))));
    this->guard.Unlock();
  });
  crew.Start();
  ASSERT_TRUE(testing::Eventually([&] { return (this->words[0].load() & TestFixture::Guard::kContended) != 0; }));
  EXPECT_EQ(entry.load(), -1);
  this->guard.Unlock();
  crew.Join();
  EXPECT_EQ(entry.load(), static_cast<int>(Entry::kClean));
  EXPECT_TRUE(this->guard.IsFree());
}

TYPED_TEST(GuardTest, IsInheritedFromAThreadThatEndedInside) {
  using Entry = typename TestFixture::Entry;
  int protected_value = 0;
  std::thread([&] {
    const ParticipantId id = this->table.Join(2);
    ASSERT_EQ(this->guard.Lock(this->table, id), Entry::kClean);
    protected_value = 42;
    this->table.Leave(id);
  }).join();
  EXPECT_EQ(this->guard.Lock(this->table, this->me), Entry::kInherited);
  EXPECT_EQ(protected_value, 42);
  this->guard.Unlock();
  EXPECT_EQ(this->guard.Lock(this->table, this->me), Entry::kClean);
  this->guard.Unlock();
}

TYPED_TEST(GuardTest, ItsPlaceBeingUsedAgainDoesNotReviveTheOwner) {
  using Entry = typename TestFixture::Entry;
  const ParticipantId dead = this->table.Join(2);
  ASSERT_EQ(this->guard.Lock(this->table, dead), Entry::kClean);
  this->table.Leave(dead);
  this->table.Bury(dead);
  ASSERT_EQ(IndexOf(this->table.Join(3)), IndexOf(dead));
  EXPECT_EQ(this->guard.Lock(this->table, this->me), Entry::kInherited);
  this->guard.Unlock();
}

TYPED_TEST(GuardTest, IsInheritedFromAProcessThatWasKilledInside) {
  using Entry = typename TestFixture::Entry;
  testing::Child child([this] {
    static_cast<void>(this->guard.Lock(this->table, this->table.Join(2)));
    this->words[1].store(1);
    for (;;) pause();
  });
  ASSERT_TRUE(testing::Eventually([&] { return this->words[1].load() == 1; }));
  child.Kill();
  EXPECT_EQ(this->guard.Lock(this->table, this->me), Entry::kInherited);
  this->guard.Unlock();
  EXPECT_TRUE(this->guard.IsFree());
}

// Whoever inherits may die inside as well.
TYPED_TEST(GuardTest, IsInheritedTwice) {
  using Entry = typename TestFixture::Entry;
  for (std::uint64_t key = 2; key < 4; ++key) {
    const ParticipantId id = this->table.Join(key);
    EXPECT_EQ(this->guard.Lock(this->table, id), key == 2 ? Entry::kClean : Entry::kInherited);
    this->table.Leave(id);
  }
  EXPECT_EQ(this->guard.Lock(this->table, this->me), Entry::kInherited);
  this->guard.Unlock();
}

}  // namespace
}  // namespace allcores::participant
