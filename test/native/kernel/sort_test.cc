#include "kernel/sort.h"

#include <memory>
#include <thread>

#include "support/sort_rig.h"

namespace allcores::kernel {
namespace {

using testing::Shape;
using testing::Spread;

template <typename T>
Status SortAll(T* data, std::size_t length, std::uint32_t threads, const std::atomic<std::uint32_t>* abort = nullptr) {
  executor::ThreadPool pool(threads);
  const View outputs[] = {{.dtype = kDTypeOf<T>, .data = data, .length = length}};
  Call call{.inputs = {}, .outputs = outputs, .arguments = {}, .results = {}};
  return Sort(executor::Parallel(pool, abort), call);
}

template <typename T>
class SortTest : public ::testing::Test {};
TYPED_TEST_SUITE(SortTest, testing::ElementTypes);

// From the second element on: what is before and after stays.
TYPED_TEST(SortTest, SortsAllElements) {
  using T = TypeParam;
  std::uint64_t seed = 0;
  for (const std::size_t length : testing::kLengths) {
    for (const Spread spread : testing::kSpreads) {
      const std::vector<T> before = testing::Elements<T>(length + 2, spread, ++seed);
      std::vector<std::uint64_t> first;
      for (const std::uint32_t threads : {1, 2, 3}) {
        std::vector<T> sorted = before;
        ASSERT_EQ(SortAll(sorted.data() + 1, length, threads), Status::kDone);
        ASSERT_TRUE(std::is_sorted(sorted.begin() + 1, sorted.end() - 1, testing::Before<T>))
            << length << " elements, spread " << static_cast<int>(spread);
        EXPECT_EQ(testing::BitsOf(sorted.front()), testing::BitsOf(before.front()));
        EXPECT_EQ(testing::BitsOf(sorted.back()), testing::BitsOf(before.back()));
        const std::vector<std::uint64_t> bits = testing::AllBits(sorted);
        if (threads == 1) {
          ASSERT_TRUE(testing::IsPermutation(sorted, before));
          first = bits;
        }
        ASSERT_EQ(bits, first);
      }
    }
  }
}

// As when they are shuffled.
TYPED_TEST(SortTest, SortsElementsThatAreInOrderOrNearly) {
  using T = TypeParam;
  std::uint64_t seed = 200;
  for (const std::size_t length : testing::kShapedLengths) {
    for (const Shape shape : testing::kShapes) {
      const std::vector<T> before = testing::Shaped<T>(length, shape, ++seed);
      std::vector<T> shuffled = before;
      std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64(seed));
      ASSERT_EQ(SortAll(shuffled.data(), length, 1), Status::kDone);
      ASSERT_TRUE(std::is_sorted(shuffled.begin(), shuffled.end(), testing::Before<T>));
      const std::vector<std::uint64_t> expected = testing::AllBits(shuffled);
      for (const std::uint32_t threads : {1, 2, 3}) {
        std::vector<T> sorted(length + 2, T{7});
        std::copy(before.begin(), before.end(), sorted.begin() + 1);
        ASSERT_EQ(SortAll(sorted.data() + 1, length, threads), Status::kDone);
        EXPECT_TRUE(sorted.front() == T{7} && sorted.back() == T{7});
        sorted.pop_back();
        sorted.erase(sorted.begin());
        ASSERT_EQ(testing::AllBits(sorted), expected) << length << " elements, shape " << static_cast<int>(shape);
      }
    }
  }
}

TYPED_TEST(SortTest, ChangesNothingWhenAbortedBefore) {
  using T = TypeParam;
  const std::atomic<std::uint32_t> abort{1};
  for (const std::size_t length : {std::size_t{100}, std::size_t{50'000}}) {
    for (const Shape shape : {Shape::kOrganPipe, Shape::kDescending, Shape::kAscending}) {
      const std::vector<T> before = testing::Shaped<T>(length, shape, length);
      std::vector<T> after = before;
      EXPECT_EQ(SortAll(after.data(), length, 2, &abort), Status::kAborted);
      EXPECT_EQ(testing::AllBits(after), testing::AllBits(before));
    }
  }
}

// Aborted at any time: in the old order, or sorted.
TYPED_TEST(SortTest, IsUntouchedOrSortedWhenAborted) {
  using T = TypeParam;
  constexpr std::size_t kLength = 150'000;
  for (int delay = 0; delay < 3000; delay += 200) {
    // A third of them are reversed, which takes less time.
    const bool descending = delay % 600 == 0;
    const std::vector<T> before = descending ? testing::Shaped<T>(2 * kLength, Shape::kDescending, 5)
                                             : testing::Elements<T>(kLength, Spread::kBits, 5);
    std::atomic<std::uint32_t> abort{0};
    std::vector<T> after = before;
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::microseconds(descending ? delay / 8 : delay));
      abort = 1;
    });
    const Status status = SortAll(after.data(), after.size(), 2, &abort);
    other.join();
    const bool untouched = testing::AllBits(after) == testing::AllBits(before);
    const bool sorted = std::is_sorted(after.begin(), after.end(), testing::Before<T>);
    EXPECT_TRUE(status == Status::kDone ? sorted : (status == Status::kAborted && (sorted || untouched)));
    EXPECT_TRUE(testing::IsPermutation(after, before));
  }
}

TEST(SortOrderTest, PutsNegativeZeroFirstAndNaNLastWithItsBits) {
  const std::uint64_t nan[] = {0x7ff8000000000001, 0xfff8000000000002, 0x7ff0000000000003};
  std::vector<double> values = {testing::FromBits<double>(nan[0]),        0.0,
                                testing::FromBits<double>(nan[1]),        -0.0,
                                std::numeric_limits<double>::infinity(),  testing::FromBits<double>(nan[2]),
                                -std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::denorm_min()};
  ASSERT_EQ(SortAll(values.data(), values.size(), 1), Status::kDone);
  const std::vector<std::uint64_t> expected = {
      0xfff0000000000000, 0x8000000000000001, 0x8000000000000000, 0, 0x7ff0000000000000, nan[2], nan[0], nan[1]};
  EXPECT_EQ(testing::AllBits(values), expected);
}

// Keys that agree in all leading bits but a few, on every level.
TEST(SortOrderTest, SortsKeysWithLongCommonPrefixes) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> values(100'000);
  for (std::uint64_t& value : values) {
    const std::uint64_t bits = random();
    value = bits >> 63 << 63 | bits >> 32 << 16 >> (bits % 3 * 16) | (bits & 1);
  }
  std::vector<std::uint64_t> expected = values;
  std::sort(expected.begin(), expected.end());
  ASSERT_EQ(SortAll(values.data(), values.size(), 2), Status::kDone);
  EXPECT_EQ(values, expected);
}

}  // namespace
}  // namespace allcores::kernel
