#include "kernel/reduce.h"

#include <gtest/gtest.h>

#include "kernel/moments.h"
#include "kernel/wide_sum.h"
#include "support/element_types.h"
#include "support/reduce_rig.h"

namespace allcores::kernel {
namespace {

using testing::Same;
using testing::SameBits;
__extension__ using Int128 = __int128;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kUnit = 0x1p-53;

template <typename T>
constexpr bool kFloat = std::is_floating_point_v<T>;

template <typename T>
class ReduceTest : public ::testing::Test {
 protected:
  using Element = T;

  // On all pools, which must agree.
  Scalar Run(Kernel kernel, const std::vector<View>& inputs, const std::vector<Scalar>& arguments = {}) {
    Scalar result;
    bool first = true;
    rig.OnEach([&](const executor::Parallel& parallel) {
      Call call{.inputs = inputs, .outputs = {}, .arguments = arguments, .results = {}};
      EXPECT_EQ(kernel(parallel, call), Status::kDone);
      EXPECT_TRUE(first || Same(call.results[0], result));
      result = call.results[0];
      first = false;
    });
    return result;
  }

  // Calls body(values, begin) for vectors of all lengths, that begin with the memory or an element after.
  template <typename Body>
  void EachVector(Body&& body) {
    for (const std::size_t length : rig.kLengths) {
      for (const std::size_t begin : {0, 1}) {
        std::vector<T> values = rig.template Values<T>(length + begin);
        SCOPED_TRACE(length);
        body(values, begin);
      }
    }
  }

  // Of an exact integer, as a kernel gives it.
  static Scalar Modulo(std::uint64_t value) {
    return std::is_signed_v<T> ? Scalar::Int(static_cast<std::int64_t>(value)) : Scalar::Uint(value);
  }

  testing::ReduceRig rig;
};

TYPED_TEST_SUITE(ReduceTest, testing::ElementTypes);

double ErrorBound(std::size_t length, long double magnitudes) {
  return static_cast<double>(magnitudes) * kUnit * (262 + std::log2(1 + static_cast<double>(length)));
}

TYPED_TEST(ReduceTest, SumIsThatOfAPlainLoop) {
  this->EachVector([&](std::vector<TypeParam>& values, std::size_t begin) {
    const Scalar result = this->Run(Sum, {this->rig.ViewOf(values, begin)});
    if constexpr (kFloat<TypeParam>) {
      long double sum = 0;
      long double magnitudes = 0;
      for (std::size_t i = begin; i < values.size(); ++i) {
        sum += values[i];
        magnitudes += std::abs(values[i]);
      }
      ASSERT_EQ(result.kind, Scalar::Kind::kFloat);
      EXPECT_NEAR(result.as_float, static_cast<double>(sum), ErrorBound(values.size(), magnitudes));
    } else {
      std::uint64_t sum = 0;
      for (std::size_t i = begin; i < values.size(); ++i) sum += static_cast<std::uint64_t>(values[i]);
      EXPECT_TRUE(Same(result, this->Modulo(sum)));
    }
  });
}

TYPED_TEST(ReduceTest, DotIsThatOfAPlainLoop) {
  this->EachVector([&](std::vector<TypeParam>& values, std::size_t begin) {
    std::vector<TypeParam> others = this->rig.template Values<TypeParam>(values.size() - begin);
    const Scalar result = this->Run(Dot, {this->rig.ViewOf(values, begin), this->rig.ViewOf(others)});
    if constexpr (kFloat<TypeParam>) {
      long double sum = 0;
      long double magnitudes = 0;
      for (std::size_t i = 0; i < others.size(); ++i) {
        const long double product = static_cast<long double>(values[i + begin]) * others[i];
        sum += product;
        magnitudes += std::abs(product);
      }
      ASSERT_EQ(result.kind, Scalar::Kind::kFloat);
      EXPECT_NEAR(result.as_float, static_cast<double>(sum), ErrorBound(values.size(), magnitudes));
    } else {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < others.size(); ++i) {
        sum += static_cast<std::uint64_t>(values[i + begin]) * static_cast<std::uint64_t>(others[i]);
      }
      EXPECT_TRUE(Same(result, this->Modulo(sum)));
    }
  });
}

TYPED_TEST(ReduceTest, MeanIsTheExactSumDividedOnce) {
  this->EachVector([&](std::vector<TypeParam>& values, std::size_t begin) {
    const std::size_t length = values.size() - begin;
    const Scalar result = this->Run(Mean, {this->rig.ViewOf(values, begin)});
    ASSERT_EQ(result.kind, Scalar::Kind::kFloat);
    if constexpr (kFloat<TypeParam>) {
      const Scalar sum = this->Run(Sum, {this->rig.ViewOf(values, begin)});
      EXPECT_TRUE(SameBits(result.as_float, sum.as_float / static_cast<double>(length)));
    } else {
      Int128 sum = 0;
      for (std::size_t i = begin; i < values.size(); ++i) sum += values[i];
      EXPECT_TRUE(SameBits(result.as_float, static_cast<double>(sum) / static_cast<double>(length)));
    }
  });
}

// Against two plain passes in a wider type.
TYPED_TEST(ReduceTest, VarianceIsThatOfTwoPasses) {
  this->EachVector([&](std::vector<TypeParam>& values, std::size_t begin) {
    const std::size_t length = values.size() - begin;
    long double mean = 0;
    for (std::size_t i = begin; i < values.size(); ++i) mean += values[i];
    mean /= static_cast<long double>(length);
    long double squares = 0;
    for (std::size_t i = begin; i < values.size(); ++i) squares += (values[i] - mean) * (values[i] - mean);
    for (const std::uint64_t missing : {0, 1, 3}) {
      const Scalar result = this->Run(Variance, {this->rig.ViewOf(values, begin)}, {Scalar::Uint(missing)});
      ASSERT_EQ(result.kind, Scalar::Kind::kFloat);
      if (length <= missing) {
        EXPECT_TRUE(std::isnan(result.as_float));
      } else {
        const auto expected = static_cast<double>(squares / static_cast<long double>(length - missing));
        EXPECT_NEAR(result.as_float, expected, expected * 1e-13);
      }
    }
  });
}

// Every element the same extreme: what overflows a lane or a half shows.
TYPED_TEST(ReduceTest, TakesExtremes) {
  using Limits = std::numeric_limits<TypeParam>;
  if constexpr (!kFloat<TypeParam>) {
    for (const TypeParam extreme : {Limits::min(), Limits::max()}) {
      std::vector<TypeParam> values(50'000, extreme);
      const auto value = static_cast<std::uint64_t>(extreme);
      EXPECT_TRUE(Same(this->Run(Sum, {this->rig.ViewOf(values)}), this->Modulo(50'000 * value)));
      const View view = this->rig.ViewOf(values);
      EXPECT_TRUE(Same(this->Run(Dot, {view, view}), this->Modulo(50'000 * value * value)));
      EXPECT_EQ(this->Run(Mean, {view}).as_float, static_cast<double>(static_cast<Int128>(extreme) * 50'000) / 50'000);
      EXPECT_EQ(this->Run(Variance, {view}, {Scalar::Uint(1)}).as_float, 0);
    }
  }
}

TYPED_TEST(ReduceTest, AnAbortIsTold) {
  std::vector<TypeParam> values(20'000);
  const std::vector<View> inputs = {this->rig.ViewOf(values), this->rig.ViewOf(values)};
  const std::vector<Scalar> arguments = {Scalar::Uint(0)};
  this->rig.OnEachAborted([&](const executor::Parallel& parallel) {
    for (const Kernel kernel : {Sum, Mean, Variance, Dot}) {
      Call call{.inputs = inputs, .outputs = {}, .arguments = arguments, .results = {}};
      EXPECT_EQ(kernel(parallel, call), Status::kAborted);
    }
  });
}

using ReduceFloatTest = ReduceTest<double>;

TEST_F(ReduceFloatTest, NanAndInfinitiesComeOutAsOfAPlainLoop) {
  for (const std::size_t place : {std::size_t{0}, std::size_t{5000}, std::size_t{9999}}) {
    std::vector<double> values = rig.Values<double>(10'000);
    std::vector<double> ones(10'000, 1);
    for (const double special : {kNan, kInfinity, -kInfinity}) {
      values[place] = special;
      EXPECT_TRUE(SameBits(Run(Sum, {rig.ViewOf(values)}).as_float, special));
      EXPECT_TRUE(SameBits(Run(Mean, {rig.ViewOf(values)}).as_float, special));
      EXPECT_TRUE(SameBits(Run(Dot, {rig.ViewOf(values), rig.ViewOf(ones)}).as_float, special));
      EXPECT_TRUE(std::isnan(Run(Variance, {rig.ViewOf(values)}, {Scalar::Uint(0)}).as_float));
    }
    values[place] = kInfinity;
    values[3] = -kInfinity;
    EXPECT_TRUE(std::isnan(Run(Sum, {rig.ViewOf(values)}).as_float));
  }
}

TEST_F(ReduceFloatTest, ZerosSumToPlusZero) {
  std::vector<double> values(5000, -0.0);
  EXPECT_TRUE(SameBits(Run(Sum, {rig.ViewOf(values)}).as_float, 0.0));
  values.clear();
  EXPECT_TRUE(SameBits(Run(Sum, {rig.ViewOf(values)}).as_float, 0.0));
}

// A plain loop of additions would be off by some 1e-6.
TEST_F(ReduceFloatTest, SumsOfManyAreNearlyExact) {
  std::vector<double> values(1'000'000, 0.1);
  EXPECT_NEAR(Run(Sum, {rig.ViewOf(values)}).as_float, 100'000, 1e-9);
}

TEST_F(ReduceFloatTest, VarianceSurvivesALargeMean) {
  std::vector<double> values;
  for (int i = 0; i < 30'000; ++i) values.push_back(1e9 + i % 3);
  EXPECT_NEAR(Run(Variance, {rig.ViewOf(values)}, {Scalar::Uint(0)}).as_float, 2.0 / 3, 1e-12);
}

using ReduceIntegerTest = ReduceTest<std::int64_t>;

// As doubles these would all be alike.
TEST_F(ReduceIntegerTest, VarianceOfLargeIntegersIsThatOfTheirDifferences) {
  std::vector<std::int64_t> values;
  std::vector<std::uint64_t> tops;
  for (int i = 0; i < 30'000; ++i) {
    values.push_back((std::int64_t{1} << 62) + i % 3);
    tops.push_back(~std::uint64_t{0} - static_cast<std::uint64_t>(i % 3));
  }
  EXPECT_NEAR(Run(Variance, {rig.ViewOf(values)}, {Scalar::Uint(0)}).as_float, 2.0 / 3, 1e-9);
  EXPECT_NEAR(Run(Variance, {rig.ViewOf(tops)}, {Scalar::Uint(0)}).as_float, 2.0 / 3, 1e-9);
}

TEST(WideSumTest, RoundsOnce) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 100'000; ++i) {
    WideSum sum;
    Int128 expected = 0;
    const std::uint64_t high = random() >> (1 + random() % 63);
    // Near ties, and with what breaks them far below.
    const std::uint64_t low = random() << (random() % 64) | random() % 2;
    sum.AddHigh(high);
    expected += static_cast<Int128>(high) << 32;
    sum.Add(static_cast<std::int64_t>(low));
    expected += static_cast<std::int64_t>(low);
    const std::uint64_t top = random() >> (random() % 64);
    if (i % 2 == 0) {
      sum.SubtractTop(top >> 2);
      expected -= static_cast<Int128>(top >> 2) << 63;
    }
    sum.Add(WideSum(sum));
    EXPECT_EQ(sum.ToDouble(), static_cast<double>(2 * expected));
  }
}

}  // namespace
}  // namespace allcores::kernel
