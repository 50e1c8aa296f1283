#include "kernel/scan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/element_types.h"
#include "support/reduce_rig.h"

namespace allcores::kernel {
namespace {

using testing::SameBits;

template <typename T>
class ScanTest : public ::testing::Test {
 protected:
  static constexpr bool kFloat = std::is_floating_point_v<T>;

  // On all pools, which must agree bit by bit, in place and not. Elements before `begin` must stay.
  std::vector<T> Run(const std::vector<T>& values, std::size_t begin = 0) {
    std::vector<T> result;
    rig.OnEach([&](const executor::Parallel& parallel) {
      std::vector<T> input = values;
      std::vector<T> apart(values);
      Scan(parallel, rig.ViewOf(input, begin), rig.ViewOf(apart, begin), Status::kDone);
      EXPECT_TRUE(Alike(input, values));
      Scan(parallel, rig.ViewOf(input, begin), rig.ViewOf(input, begin), Status::kDone);
      EXPECT_TRUE(Alike(input, apart));
      EXPECT_TRUE(result.empty() || Alike(apart, result));
      result = apart;
    });
    return result;
  }

  static void Scan(const executor::Parallel& parallel, const View& input, const View& output, Status status) {
    Call call{.inputs = {&input, 1}, .outputs = {&output, 1}, .arguments = {}, .results = {}};
    EXPECT_EQ(PrefixSum(parallel, call), status);
  }

  static bool Alike(const std::vector<T>& a, const std::vector<T>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if constexpr (kFloat) {
        if (!SameBits(a[i], b[i])) return false;
      } else {
        if (a[i] != b[i]) return false;
      }
    }
    return a.size() == b.size();
  }

  testing::ReduceRig rig;
};

TYPED_TEST_SUITE(ScanTest, testing::ElementTypes);

TYPED_TEST(ScanTest, SumsAreThoseOfAPlainLoop) {
  std::vector<std::size_t> lengths(this->rig.kLengths.begin(), this->rig.kLengths.end());
  for (const std::size_t length : {2047, 2048, 2049, 4097, 16'383 + 2048, 65'536}) lengths.push_back(length);
  for (const std::size_t length : lengths) {
    for (const std::size_t begin : {0, 1}) {
      SCOPED_TRACE(length);
      const std::vector<TypeParam> values = this->rig.template Values<TypeParam>(length + begin);
      const std::vector<TypeParam> sums = this->Run(values, begin);
      if (begin != 0) {
        EXPECT_EQ(sums[0], values[0]);
      }
      long double sum = 0;
      long double magnitudes = 0;
      std::uint64_t wrapped = 0;
      for (std::size_t i = begin; i < values.size(); ++i) {
        if constexpr (std::is_floating_point_v<TypeParam>) {
          sum += values[i];
          magnitudes += std::abs(values[i]);
          const double rounding = std::abs(static_cast<double>(sum)) * std::numeric_limits<TypeParam>::epsilon();
          const double units = 2050 + static_cast<double>(length) / 2048;
          ASSERT_NEAR(sums[i], static_cast<double>(sum), static_cast<double>(magnitudes) * 0x1p-53 * units + rounding);
        } else {
          wrapped += static_cast<std::uint64_t>(values[i]);
          ASSERT_EQ(sums[i], static_cast<TypeParam>(wrapped)) << i;
        }
      }
    }
  }
}

TYPED_TEST(ScanTest, AnAbortIsTold) {
  std::vector<TypeParam> values(100'000);
  const View view = this->rig.ViewOf(values);
  this->rig.OnEachAborted(
      [&](const executor::Parallel& parallel) { this->Scan(parallel, view, view, Status::kAborted); });
}

template <typename T>
class ScanOfFloatsTest : public ScanTest<T> {};
using Floats = ::testing::Types<float, double>;
TYPED_TEST_SUITE(ScanOfFloatsTest, Floats);

// Where units meet rounding could make a sum less than the one before.
TYPED_TEST(ScanOfFloatsTest, NeverDecreasesWithoutNegativeElements) {
  std::vector<TypeParam> values = this->rig.template Values<TypeParam>(200'001);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = i % 2048 == 0 || i % 2048 == 2047 ? TypeParam{0} : std::abs(values[i]);
  }
  const std::vector<TypeParam> sums = this->Run(values);
  EXPECT_TRUE(std::is_sorted(sums.begin(), sums.end()));
}

TYPED_TEST(ScanOfFloatsTest, IntegersStayExact) {
  std::vector<TypeParam> values(100'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<TypeParam>(i % 7);
  const std::vector<TypeParam> sums = this->Run(values);
  TypeParam sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(sums[i], sum += values[i]);
}

TYPED_TEST(ScanOfFloatsTest, NanAndInfinitiesGoOn) {
  constexpr TypeParam kInfinity = std::numeric_limits<TypeParam>::infinity();
  std::vector<TypeParam> values(100'000, TypeParam{1});
  values[20'000] = kInfinity;
  values[70'000] = -kInfinity;
  const std::vector<TypeParam> sums = this->Run(values);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i < 20'000) {
      ASSERT_EQ(sums[i], static_cast<TypeParam>(i + 1));
    } else if (i < 70'000) {
      ASSERT_EQ(sums[i], kInfinity) << i;
    } else {
      ASSERT_TRUE(std::isnan(sums[i])) << i;
    }
  }
}

TYPED_TEST(ScanOfFloatsTest, ASumOfZerosIsPlusZero) {
  for (const TypeParam sum : this->Run(std::vector<TypeParam>(20'000, -TypeParam{0}))) {
    ASSERT_TRUE(SameBits(sum, 0.0));
  }
}

}  // namespace
}  // namespace allcores::kernel
