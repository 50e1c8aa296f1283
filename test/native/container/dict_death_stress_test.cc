#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "container/dict.h"
#include "platform/mapping.h"
#include "support/child.h"
#include "support/containers.h"
#include "support/random_delay.h"

namespace allcores::container {
namespace {

using testing::Bytes;
using testing::Child;
using testing::Containers;
using testing::RandomDelay;
using testing::Reading;
using testing::Value;

constexpr std::uint32_t kKeys = 300;

// What the child is doing, for its parent to read when it is dead. A number is a value; multiples of three are none.
struct Diary {
  std::atomic<participant::ParticipantId> id;
  std::atomic<std::uint64_t> begun[kKeys];
  std::atomic<std::uint64_t> done[kKeys];
};

std::string Expected(std::uint64_t number) {
  if (number % 3 == 0) return "none";
  return std::string(number % 5 == 0 ? 40 : 0, 'v') + std::to_string(number);
}

void Work(Containers& shared, Offset dict, Diary& diary, std::uint32_t seed) {
  const ParticipantId id = shared.Join();
  diary.id.store(id, std::memory_order_release);
  RandomDelay random(seed);
  for (;;) {
    const std::uint32_t i = random.Below(kKeys);
    const std::string key = std::to_string(i);
    const std::uint64_t number = diary.done[i].load(std::memory_order_relaxed) + 1 + random.Below(4);
    diary.begun[i].store(number, std::memory_order_release);
    if (number % 3 == 0) {
      DictDelete(shared.program, dict, id, Bytes(key));
    } else {
      DictSet(shared.program, dict, id, Bytes(key), Value(Expected(number)));
    }
    diary.done[i].store(number, std::memory_order_release);
  }
}

class DictDeathStressTest : public ::testing::Test {
 protected:
  // A child that is killed in the midst of its work.
  void LiveAndDie(std::uint32_t seed) {
    diary.id.store(0);
    {
      Child child([&] { Work(shared, dict, diary, seed); });
      while (diary.id.load(std::memory_order_acquire) == 0) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::microseconds(200 + seed * 7919 % 2500));
      child.Kill();
      child.Wait();
    }
    shared.End(diary.id.load(), me);
  }

  void ExpectOldOrNew() {
    std::uint64_t present = 0;
    for (std::uint32_t i = 0; i < kKeys; ++i) {
      Reading read(shared);
      const Outcome outcome = DictGet(shared.program, dict, me, Bytes(std::to_string(i)), &read);
      const std::string value = outcome == Outcome::kDone ? read.Text() : "none";
      if (outcome == Outcome::kDone) ++present;
      const std::uint64_t begun = diary.begun[i].load();
      ASSERT_TRUE(value == Expected(diary.done[i].load()) || value == Expected(begun)) << i << " is " << value;
      // What the next child goes on from.
      diary.done[i].store(value == Expected(begun) ? begun : diary.done[i].load());
    }
    std::uint64_t size = 0;
    ASSERT_EQ(DictSize(shared.program, dict, me, &size), Outcome::kDone);
    ASSERT_EQ(size, present);
    DictSnapshot all(shared.program, me);
    ASSERT_EQ(DictSnapshotAll(shared.program, dict, me, true, &all), Outcome::kDone);
    ASSERT_EQ(all.entries.size(), present);
  }

  Containers shared;
  const ParticipantId me = shared.me;
  const platform::Mapping mapping = platform::Mapping::Create(sizeof(Diary), platform::Reach::kProcesses);
  Diary& diary = *reinterpret_cast<Diary*>(mapping.data());
  Offset dict = CreateDict(shared.program, 16, 0, me);
};

TEST_F(DictDeathStressTest, EachKeyHasItsOldOrItsNewValue) {
  for (std::uint32_t round = 0; round < 60; ++round) {
    if (round % 4 == 0) {
      // From the beginning, so that deaths come while it grows, too.
      ASSERT_EQ(DictClear(shared.program, dict, me), Outcome::kDone);
      for (std::uint32_t i = 0; i < kKeys; ++i) {
        diary.begun[i].store(0);
        diary.done[i].store(0);
      }
    }
    LiveAndDie(round);
    ExpectOldOrNew();
    if (HasFatalFailure()) return;
  }
  shared.program.Release(dict, me);
}

}  // namespace
}  // namespace allcores::container
