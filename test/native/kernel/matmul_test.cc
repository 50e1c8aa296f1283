#include "kernel/matmul.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "kernel/blas.h"
#include "support/race_detection.h"

namespace allcores::kernel {
namespace {

struct Shape {
  std::size_t m;
  std::size_t k;
  std::size_t n;
};

// Around the sizes of tiles, panels, blocks and tasks.
constexpr Shape kShapes[] = {{0, 3, 4},    {3, 0, 4},      {3, 4, 0},     {1, 1, 1},     {1, 300, 1},
                             {4, 4, 8},    {5, 7, 9},      {3, 255, 17},  {4, 256, 16},  {65, 257, 31},
                             {2, 5, 1030}, {1, 513, 1025}, {130, 70, 33}, {64, 64, 256}, {67, 100, 259}};

template <typename T>
class MatMulTest : public ::testing::Test {
 protected:
  static std::vector<T> Random(std::size_t length, bool whole) {
    static std::mt19937_64 random(3);
    std::vector<T> values(length);
    for (T& value : values) {
      value = whole ? static_cast<T>(static_cast<int>(random() % 17) - 8)
                    : static_cast<T>(std::uniform_real_distribution<double>(-1, 1)(random));
    }
    return values;
  }

  // The matrices begin at the second element; c ends before the last.
  static std::vector<T> Multiply(const Shape& shape, const std::vector<T>& a, const std::vector<T>& b,
                                 std::uint32_t threads, Status expected = Status::kDone,
                                 const std::atomic<std::uint32_t>* abort = nullptr, Kernel kernel = MatMulBlocked) {
    executor::ThreadPool pool(threads);
    std::vector<T> c(shape.m * shape.n + 2, T{77});
    const View inputs[] = {{.dtype = kDTypeOf<T>, .data = const_cast<T*>(a.data()) + 1, .length = shape.m * shape.k},
                           {.dtype = kDTypeOf<T>, .data = const_cast<T*>(b.data()) + 1, .length = shape.k * shape.n}};
    const View outputs[] = {{.dtype = kDTypeOf<T>, .data = c.data() + 1, .length = shape.m * shape.n}};
    const Scalar arguments[] = {Scalar::Uint(shape.m), Scalar::Uint(shape.k), Scalar::Uint(shape.n)};
    Call call{.inputs = inputs, .outputs = outputs, .arguments = arguments, .results = {}};
    EXPECT_EQ(kernel(executor::Parallel(pool, abort), call), expected);
    EXPECT_EQ(c.front(), T{77});
    EXPECT_EQ(c.back(), T{77});
    return {c.begin() + 1, c.end() - 1};
  }
};

using FloatTypes = ::testing::Types<float, double>;
TYPED_TEST_SUITE(MatMulTest, FloatTypes);

// Of small whole numbers all sums are exact.
TYPED_TEST(MatMulTest, IsExactOfWholeNumbers) {
  using T = TypeParam;
  for (const Shape& shape : kShapes) {
    const std::vector<T> a = this->Random(shape.m * shape.k + 1, true);
    const std::vector<T> b = this->Random(shape.k * shape.n + 1, true);
    std::vector<T> expected(shape.m * shape.n);
    for (std::size_t i = 0; i < shape.m; ++i) {
      for (std::size_t p = 0; p < shape.k; ++p) {
        for (std::size_t j = 0; j < shape.n; ++j) {
          expected[i * shape.n + j] += a[1 + i * shape.k + p] * b[1 + p * shape.n + j];
        }
      }
    }
    EXPECT_EQ(this->Multiply(shape, a, b, 2), expected) << shape.m << " x " << shape.k << " x " << shape.n;
  }
}

TYPED_TEST(MatMulTest, KeepsToItsErrorBoundAndIsTheSameOnAnyThreads) {
  using T = TypeParam;
  for (const Shape& shape : kShapes) {
    const std::vector<T> a = this->Random(shape.m * shape.k + 1, false);
    const std::vector<T> b = this->Random(shape.k * shape.n + 1, false);
    const std::vector<T> c = this->Multiply(shape, a, b, 1);
    for (std::size_t i = 0; i < shape.m; ++i) {
      for (std::size_t j = 0; j < shape.n; ++j) {
        long double sum = 0;
        long double magnitude = 0;
        for (std::size_t p = 0; p < shape.k; ++p) {
          const long double term =
              static_cast<long double>(a[1 + i * shape.k + p]) * static_cast<long double>(b[1 + p * shape.n + j]);
          sum += term;
          magnitude += std::abs(term);
        }
        const long double bound = (256 + static_cast<long double>(shape.k) / 256) * magnitude *
                                  static_cast<long double>(std::numeric_limits<T>::epsilon());
        ASSERT_LE(std::abs(static_cast<long double>(c[i * shape.n + j]) - sum), bound);
      }
    }
    for (const std::uint32_t threads : {2, 3}) {
      const std::vector<T> other = this->Multiply(shape, a, b, threads);
      EXPECT_TRUE(c.empty() || std::memcmp(c.data(), other.data(), c.size() * sizeof(T)) == 0);
    }
  }
}

// A NaN of a is in its row, and one of b in its column, and nowhere else.
TYPED_TEST(MatMulTest, KeepsNaNAndInfinityWhereTheyBelong) {
  using T = TypeParam;
  const Shape shape{7, 300, 21};
  std::vector<T> a(shape.m * shape.k + 1, T{1});
  std::vector<T> b(shape.k * shape.n + 1, T{1});
  a[1 + 6 * shape.k + 299] = std::numeric_limits<T>::quiet_NaN();
  b[1 + 280 * shape.n + 20] = std::numeric_limits<T>::infinity();
  const std::vector<T> c = this->Multiply(shape, a, b, 2);
  for (std::size_t i = 0; i < shape.m; ++i) {
    for (std::size_t j = 0; j < shape.n; ++j) {
      const T value = c[i * shape.n + j];
      if (i == 6) {
        EXPECT_TRUE(std::isnan(value));
      } else if (j == 20) {
        EXPECT_EQ(value, std::numeric_limits<T>::infinity());
      } else {
        EXPECT_EQ(value, T{300});
      }
    }
  }
}

TYPED_TEST(MatMulTest, StopsWhenAborted) {
  using T = TypeParam;
  const std::atomic<std::uint32_t> abort{1};
  for (const std::size_t k : {std::size_t{0}, std::size_t{20}}) {
    const Shape shape{50, k, 50};
    const std::vector<T> a(shape.m * shape.k + 1, T{1});
    const std::vector<T> b(shape.k * shape.n + 1, T{1});
    const std::vector<T> c = this->Multiply(shape, a, b, 2, Status::kAborted, &abort);
    EXPECT_EQ(std::count(c.begin(), c.end(), T{77}), 2500);
  }
}

// By a library where there is one, and else by the same blocks as above: the callers do not see which.
TYPED_TEST(MatMulTest, LeavesLargeProductsToALibrary) {
  if (testing::kRacesAreSeen) GTEST_SKIP() << "how the threads of a library are synchronized is not seen";
  using T = TypeParam;
  for (const Shape& shape : {Shape{130, 131, 132}, Shape{1, 1500, 1600}, Shape{700, 3, 1201}}) {
    const std::vector<T> a = this->Random(shape.m * shape.k + 1, true);
    const std::vector<T> b = this->Random(shape.k * shape.n + 1, true);
    EXPECT_EQ(this->Multiply(shape, a, b, 2, Status::kDone, nullptr, MatMul), this->Multiply(shape, a, b, 2));
  }
  const std::atomic<std::uint32_t> abort{1};
  const Shape shape{130, 131, 132};
  const std::vector<T> a(shape.m * shape.k + 1, T{1});
  const std::vector<T> b(shape.k * shape.n + 1, T{1});
  this->Multiply(shape, a, b, 2, Status::kAborted, &abort, MatMul);
}

TEST(Blas, OfThisMachineGivesTheProduct) {
  const Blas* const blas = InstalledBlas();
  if (testing::kRacesAreSeen || blas == nullptr) GTEST_SKIP() << "no BLAS is installed, or none that may be watched";
  const double a[] = {1, 2, 3, 4, 5, 6};
  const double b[] = {1, 0, 2, 0, 1, 3};
  double c[] = {std::nan(""), 77, 77, 77};
  blas->Multiply(2, 3, 2, a, b, c);
  EXPECT_EQ(std::vector<double>(std::begin(c), std::end(c)), (std::vector<double>{8, 9, 20, 18}));
}

}  // namespace
}  // namespace allcores::kernel
