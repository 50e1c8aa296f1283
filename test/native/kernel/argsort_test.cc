#include <numeric>

#include "kernel/sort.h"
#include "support/sort_rig.h"

namespace allcores::kernel {
namespace {

using testing::Shape;
using testing::Spread;

template <typename T>
Status ArgSortAll(const T* data, std::uint32_t* indices, std::size_t length, std::uint32_t threads,
                  const std::atomic<std::uint32_t>* abort = nullptr) {
  executor::ThreadPool pool(threads);
  const View inputs[] = {{.dtype = kDTypeOf<T>, .data = const_cast<T*>(data), .length = length}};
  const View outputs[] = {{.dtype = DType::kUint32, .data = indices, .length = length}};
  Call call{.inputs = inputs, .outputs = outputs, .arguments = {}, .results = {}};
  return ArgSort(executor::Parallel(pool, abort), call);
}

// By the elements, and equal ones by index.
template <typename T>
std::vector<std::uint32_t> StableOrder(const T* data, std::size_t length) {
  std::vector<std::uint32_t> indices(length);
  std::iota(indices.begin(), indices.end(), 0);
  std::sort(indices.begin(), indices.end(), [data](std::uint32_t a, std::uint32_t b) {
    return testing::Before(data[a], data[b]) || (!testing::Before(data[b], data[a]) && a < b);
  });
  return indices;
}

template <typename T>
class ArgSortTest : public ::testing::Test {};
TYPED_TEST_SUITE(ArgSortTest, testing::ElementTypes);

TYPED_TEST(ArgSortTest, GivesTheStableOrder) {
  using T = TypeParam;
  std::uint64_t seed = 100;
  for (const std::size_t length : testing::kLengths) {
    for (const Spread spread : testing::kSpreads) {
      const std::vector<T> values = testing::Elements<T>(length + 1, spread, ++seed);
      const T* const data = values.data() + 1;
      const std::vector<std::uint32_t> expected = StableOrder(data, length);
      for (const std::uint32_t threads : {1, 2, 3}) {
        std::vector<std::uint32_t> indices(length + 1, 77);
        ASSERT_EQ(ArgSortAll(data, indices.data(), length, threads), Status::kDone);
        EXPECT_EQ(indices.back(), 77U);
        indices.pop_back();
        ASSERT_EQ(indices, expected) << length << " elements, spread " << static_cast<int>(spread);
      }
    }
  }
}

TYPED_TEST(ArgSortTest, GivesTheStableOrderOfWhatIsInOrderOrNearly) {
  using T = TypeParam;
  std::uint64_t seed = 300;
  for (const std::size_t length : testing::kShapedLengths) {
    for (const Shape shape : testing::kShapes) {
      const std::vector<T> values = testing::Shaped<T>(length, shape, ++seed);
      const std::vector<std::uint32_t> expected = StableOrder(values.data(), length);
      for (const std::uint32_t threads : {1, 2, 3}) {
        std::vector<std::uint32_t> indices(length + 1, 77);
        ASSERT_EQ(ArgSortAll(values.data(), indices.data(), length, threads), Status::kDone);
        EXPECT_EQ(indices.back(), 77U);
        indices.pop_back();
        ASSERT_EQ(indices, expected) << length << " elements, shape " << static_cast<int>(shape);
      }
    }
  }
}

TYPED_TEST(ArgSortTest, StopsWhenAborted) {
  using T = TypeParam;
  const std::atomic<std::uint32_t> abort{1};
  for (const std::size_t length : {std::size_t{100}, std::size_t{50'000}}) {
    for (const Shape shape : {Shape::kOrganPipe, Shape::kDescending, Shape::kAscending}) {
      const std::vector<T> values = testing::Shaped<T>(length, shape, length);
      std::vector<std::uint32_t> indices(length, 77);
      EXPECT_EQ(ArgSortAll(values.data(), indices.data(), length, 2, &abort), Status::kAborted);
      EXPECT_EQ(std::count(indices.begin(), indices.end(), 77U), static_cast<std::ptrdiff_t>(length));
    }
  }
}

}  // namespace
}  // namespace allcores::kernel
