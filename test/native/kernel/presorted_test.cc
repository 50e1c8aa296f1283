#include "kernel/presorted.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "executor/thread_pool.h"

namespace allcores::kernel {
namespace {

using Keys = std::vector<std::uint32_t>;

// Around the keys that are looked at first, the steps, and what is given to other threads.
constexpr std::size_t kLengths[] = {2, 3, 31, 32, 33, 34, 1000, 1056, 1057, 40'000, 200'003};

class PresortedTest : public ::testing::Test {
 protected:
  template <bool kStrictly>
  static void Expect(const Keys& keys, Presorted expected) {
    for (const std::uint32_t threads : {1, 2, 3}) {
      executor::ThreadPool pool(threads);
      const Presorted found =
          FindOrder<kStrictly>(executor::Parallel(pool), keys.size(), [&keys](std::size_t i) { return keys.at(i); });
      EXPECT_EQ(found, expected) << keys.size() << " keys, " << threads << " threads";
    }
  }

  // 1, 3, 5 and so on.
  static Keys Rising(std::size_t length) {
    Keys keys(length);
    for (std::size_t i = 0; i < length; ++i) keys[i] = static_cast<std::uint32_t>(2 * i + 1);
    return keys;
  }

  static Keys Falling(std::size_t length) {
    Keys keys = Rising(length);
    std::reverse(keys.begin(), keys.end());
    return keys;
  }
};

TEST_F(PresortedTest, FindsBothOrders) {
  for (const std::size_t length : kLengths) {
    Expect<false>(Rising(length), Presorted::kAscending);
    Expect<true>(Rising(length), Presorted::kAscending);
    Expect<false>(Falling(length), Presorted::kDescending);
    Expect<true>(Falling(length), Presorted::kDescending);
  }
}

TEST_F(PresortedTest, TakesFewAndEqualKeysAsAscending) {
  for (const std::size_t length : {0, 1, 2, 33, 50'000}) {
    Expect<false>(Keys(length, 5), Presorted::kAscending);
    Expect<true>(Keys(length, 5), Presorted::kAscending);
  }
}

// At any place, the first and the last included.
TEST_F(PresortedTest, FindsEqualKeysThatAreNotStrictlyDescending) {
  for (const std::size_t length : kLengths) {
    if (length < 3) continue;
    for (std::size_t i = 1; i < length; i = i == length - 1 ? length : std::min(length - 1, 2 * i + 3)) {
      Keys keys = Falling(length);
      keys[i] = keys[i - 1];
      Expect<false>(keys, Presorted::kDescending);
      Expect<true>(keys, Presorted::kNo);
      keys = Rising(length);
      keys[i] = keys[i - 1];
      Expect<false>(keys, Presorted::kAscending);
      Expect<true>(keys, Presorted::kAscending);
    }
  }
}

TEST_F(PresortedTest, FindsOneKeyThatIsOutOfOrder) {
  for (const std::size_t length : kLengths) {
    if (length < 3) continue;
    for (std::size_t i = 1; i < length; i = i == length - 1 ? length : std::min(length - 1, 2 * i + 3)) {
      Keys keys = Rising(length);
      std::swap(keys[i], keys[i - 1]);
      Expect<false>(keys, Presorted::kNo);
      Expect<true>(keys, Presorted::kNo);
      keys = Falling(length);
      std::swap(keys[i], keys[i - 1]);
      Expect<false>(keys, Presorted::kNo);
      Expect<true>(keys, Presorted::kNo);
    }
  }
}

TEST_F(PresortedTest, StopsAfterFewKeysThatAreInNoOrder) {
  std::mt19937 random(3);
  executor::ThreadPool pool(2);
  for (int i = 0; i < 100; ++i) {
    std::atomic<std::size_t> looks{0};
    const Presorted found = FindOrder<false>(executor::Parallel(pool), 1'000'000, [&](std::size_t) {
      ++looks;
      return random();
    });
    EXPECT_EQ(found, Presorted::kNo);
    EXPECT_LT(looks, 100U);
  }
}

TEST_F(PresortedTest, SaysNothingWhenAborted) {
  const std::atomic<std::uint32_t> abort{1};
  executor::ThreadPool pool(2);
  const auto rising = [](std::size_t i) { return i; };
  EXPECT_EQ(FindOrder<false>(executor::Parallel(pool, &abort), 20, rising), Presorted::kNo);
  EXPECT_EQ(FindOrder<false>(executor::Parallel(pool, &abort), 100'000, rising), Presorted::kNo);
}

}  // namespace
}  // namespace allcores::kernel
