#include "kernel/extremes.h"

#include <gtest/gtest.h>

#include "support/element_types.h"
#include "support/reduce_rig.h"

namespace allcores::kernel {
namespace {

using testing::Same;

template <typename T>
class ExtremesTest : public ::testing::Test {
 protected:
  // On all pools, which must agree.
  Scalar Run(Kernel kernel, const View& input) {
    Scalar result;
    bool first = true;
    rig.OnEach([&](const executor::Parallel& parallel) {
      Call call{.inputs = {&input, 1}, .outputs = {}, .arguments = {}, .results = {}};
      EXPECT_EQ(kernel(parallel, call), Status::kDone);
      EXPECT_TRUE(first || Same(call.results[0], result));
      result = call.results[0];
      first = false;
    });
    return result;
  }

  // All four kernels against plain loops.
  void Check(std::vector<T>& values, std::size_t begin = 0) {
    const View view = rig.ViewOf(values, begin);
    const Indexes found = Find(static_cast<const T*>(view.data), view.length);
    EXPECT_TRUE(Same(Run(Min, view), Scalar::Of(found.least)));
    EXPECT_TRUE(Same(Run(Max, view), Scalar::Of(found.greatest)));
    EXPECT_TRUE(Same(Run(ArgMin, view), Scalar::Uint(found.of_least)));
    EXPECT_TRUE(Same(Run(ArgMax, view), Scalar::Uint(found.of_greatest)));
  }

  struct Indexes {
    T least;
    T greatest;
    std::size_t of_least;
    std::size_t of_greatest;
  };

  static bool Negative(T value) {
    if constexpr (std::is_floating_point_v<T>) return std::signbit(value);
    return value < T{0};
  }

  static Indexes Find(const T* data, std::size_t length) {
    Indexes found{data[0], data[0], 0, 0};
    for (std::size_t i = 0; i < length; ++i) {
      const T value = data[i];
      if (value != value) return {value, value, i, i};
      if (value < data[found.of_least]) found.of_least = i;
      if (value > data[found.of_greatest]) found.of_greatest = i;
      if (value < found.least || (value == found.least && Negative(value))) found.least = value;
      if (value > found.greatest || (value == found.greatest && !Negative(value))) found.greatest = value;
    }
    return found;
  }

  testing::ReduceRig rig;
};

TYPED_TEST_SUITE(ExtremesTest, testing::ElementTypes);

TYPED_TEST(ExtremesTest, AreThoseOfAPlainLoop) {
  for (const std::size_t length : this->rig.kLengths) {
    for (const std::size_t begin : {0, 1}) {
      if (length == 0) continue;
      SCOPED_TRACE(length);
      std::vector<TypeParam> values = this->rig.template Values<TypeParam>(length + begin);
      this->Check(values, begin);
    }
  }
}

// Few values, so that there are many of each, in many blocks.
TYPED_TEST(ExtremesTest, TheFirstOfManyCounts) {
  for (int round = 0; round < 20; ++round) {
    std::vector<TypeParam> values(40'000 + static_cast<std::size_t>(round), TypeParam{5});
    for (int i = 0; i < 6; ++i) {
      values[this->rig.random()() % values.size()] = static_cast<TypeParam>(this->rig.random()() % 2 == 0 ? 3 : 9);
    }
    this->Check(values);
  }
}

TYPED_TEST(ExtremesTest, IsFoundInAnyPlace) {
  using Limits = std::numeric_limits<TypeParam>;
  for (const std::size_t place : {0, 1, 15, 63, 64, 4095, 4096, 8191, 9999, 10'000}) {
    SCOPED_TRACE(place);
    std::vector<TypeParam> values(10'001, TypeParam{7});
    values[place] = Limits::lowest();
    this->Check(values);
    values[place] = Limits::max();
    this->Check(values);
  }
}

TYPED_TEST(ExtremesTest, AVectorOfOneExtremeHasIt) {
  using Limits = std::numeric_limits<TypeParam>;
  for (const TypeParam value : {Limits::lowest(), Limits::max(), TypeParam{0}}) {
    std::vector<TypeParam> values(5000, value);
    this->Check(values);
  }
}

TYPED_TEST(ExtremesTest, OfNothingThereIsNone) {
  std::vector<TypeParam> values;
  for (const Kernel kernel : {Min, Max, ArgMin, ArgMax}) {
    EXPECT_EQ(this->Run(kernel, this->rig.ViewOf(values)).kind, Scalar::Kind::kNone);
  }
}

TYPED_TEST(ExtremesTest, AnAbortIsTold) {
  std::vector<TypeParam> values(20'000);
  const View view = this->rig.ViewOf(values);
  this->rig.OnEachAborted([&](const executor::Parallel& parallel) {
    for (const Kernel kernel : {Min, Max, ArgMin, ArgMax}) {
      Call call{.inputs = {&view, 1}, .outputs = {}, .arguments = {}, .results = {}};
      EXPECT_EQ(kernel(parallel, call), Status::kAborted);
    }
  });
}

template <typename T>
class ExtremesOfFloatsTest : public ExtremesTest<T> {};
using Floats = ::testing::Types<float, double>;
TYPED_TEST_SUITE(ExtremesOfFloatsTest, Floats);

TYPED_TEST(ExtremesOfFloatsTest, ANanAnywhereWins) {
  using Limits = std::numeric_limits<TypeParam>;
  for (const TypeParam nan : {Limits::quiet_NaN(), -Limits::quiet_NaN(), Limits::signaling_NaN()}) {
    for (const std::size_t place : {0, 1, 16, 4095, 4096, 9999, 10'000}) {
      SCOPED_TRACE(place);
      std::vector<TypeParam> values = this->rig.template Values<TypeParam>(10'001);
      values[place] = nan;
      this->Check(values);
      // Beside infinities, and before another one.
      values[(place + 5000) % values.size()] = Limits::infinity();
      values[(place + 5001) % values.size()] = -Limits::infinity();
      values[(place + 5002) % values.size()] = Limits::quiet_NaN();
      this->Check(values);
    }
  }
}

TYPED_TEST(ExtremesOfFloatsTest, InfinitiesAreExtremes) {
  std::vector<TypeParam> values = this->rig.template Values<TypeParam>(10'001);
  values[6000] = std::numeric_limits<TypeParam>::infinity();
  values[3000] = -std::numeric_limits<TypeParam>::infinity();
  this->Check(values);
}

// Zeros of both signs: the sign counts for the value, the first of either for the index.
TYPED_TEST(ExtremesOfFloatsTest, MinusZeroIsLess) {
  for (const TypeParam most : {TypeParam{0}, -TypeParam{0}}) {
    for (const std::size_t place : {0, 1, 16, 4095, 4096, 9999, 10'000}) {
      for (const TypeParam other : {TypeParam{-1}, TypeParam{1}}) {
        SCOPED_TRACE(place);
        std::vector<TypeParam> values(10'001, most);
        values[place] = -most;
        this->Check(values);
        values[(place + 1) % values.size()] = other;
        this->Check(values);
        std::vector<TypeParam> few(10'001, other);
        few[5000] = most;
        few[(place + 5001) % few.size()] = -most;
        this->Check(few);
      }
    }
  }
}

}  // namespace
}  // namespace allcores::kernel
