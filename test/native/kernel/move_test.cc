#include "kernel/move.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

#include "kernel/convert.h"
#include "support/move_rig.h"

namespace allcores::kernel {
namespace {

using testing::Elements;
using testing::ForEachType;
using testing::kLengths;
using testing::SameVectors;

class MoveTest : public testing::KernelTest {
 protected:
  // What JavaScript's ToIntN does, by repeated division of the magnitude: fmod is exact.
  static std::uint64_t Modulo(double value) {
    if (!std::isfinite(value)) return 0;
    const double magnitude = std::fmod(std::fabs(std::trunc(value)), 0x1p64);
    const auto whole = static_cast<std::uint64_t>(magnitude);
    return value < 0 ? 0 - whole : whole;
  }

  // All pairs of types come by here: what they have to compile is no more than that.
  template <typename To, typename From>
  static std::vector<To> Converted(const std::vector<From>& from) {
    std::vector<To> to(from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
        to[i] = static_cast<To>(Modulo(from[i]));
      } else {
        to[i] = static_cast<To>(from[i]);
      }
    }
    return to;
  }

  template <typename To>
  static void CheckCopy(const executor::Parallel& on, const View& from, const std::vector<To>& expected) {
    Elements<To> to(expected.size());
    ASSERT_EQ(Run(on, Copy, {from}, {to.view()}), Status::kDone);
    ASSERT_TRUE(SameVectors(to.Values(), expected));
    ASSERT_TRUE(to.GuardsHold());
  }

  // Elements of all types, by indices of one: `indices` are these positions.
  void CheckGather(const executor::Parallel& on, const View& indices, const std::vector<std::uint32_t>& positions) {
    ForEachType([&]<typename T>() {
      Elements<T> source(RandomVector<T>(120));
      Elements<T> out(positions.size());
      ASSERT_EQ(Run(on, Gather, {source.view(), indices}, {out.view()}), Status::kDone);
      std::vector<T> expected(positions.size());
      for (std::size_t i = 0; i < positions.size(); ++i) expected[i] = source[positions[i]];
      ASSERT_TRUE(SameVectors(out.Values(), expected));
      ASSERT_TRUE(out.GuardsHold());
    });
  }
};

TEST_F(MoveTest, FillsWithANumberOfAnyKind) {
  const Scalar numbers[] = {Scalar::Float(2.75), Scalar::Float(-1),   Scalar::Float(1e300),
                            Scalar::Float(NAN),  Scalar::Int(-7),     Scalar::Int(300),
                            Scalar::Uint(~0ULL), Scalar::Float(-0.0), Scalar::Int(INT64_MIN)};
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      for (const std::size_t length : kLengths) {
        const Scalar& number = numbers[random() % std::size(numbers)];
        Elements<T> out(RandomVector<T>(length));
        ASSERT_EQ(Run(on, Fill, {}, {out.view()}, {number}), Status::kDone);
        ASSERT_TRUE(SameVectors(out.Values(), std::vector<T>(length, number.To<T>())));
        ASSERT_TRUE(out.GuardsHold());
      }
    });
  });
}

TEST_F(MoveTest, CopiesElementsOfOneTypeBitByBit) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      for (const std::size_t length : kLengths) {
        Elements<T> from(RandomVector<T>(length));
        Elements<T> to(length);
        ASSERT_EQ(Run(on, Copy, {from.view()}, {to.view()}), Status::kDone);
        if (length != 0) {
          ASSERT_EQ(std::memcmp(to.data(), from.data(), length * sizeof(T)), 0);
        }
        ASSERT_TRUE(to.GuardsHold());
      }
    });
  });
}

TEST_F(MoveTest, CopiesOverlappingMemoryAsIfByWayOfAnother) {
  OnThreads([&](const executor::Parallel& on) {
    for (const std::size_t shift : {0, 1, 3, 1000, 100'000, 150'000}) {
      for (const bool up : {true, false}) {
        std::vector<std::int32_t> memory = RandomVector<std::int32_t>(300'000);
        constexpr std::size_t kLength = 150'000;
        std::vector<std::int32_t> expected = memory;
        const std::size_t from = up ? 0 : shift;
        const std::size_t to = up ? shift : 0;
        const std::vector<std::int32_t> part(memory.begin() + static_cast<std::ptrdiff_t>(from),
                                             memory.begin() + static_cast<std::ptrdiff_t>(from + kLength));
        std::copy(part.begin(), part.end(), expected.begin() + static_cast<std::ptrdiff_t>(to));
        ASSERT_EQ(Run(on, Copy, {{DType::kInt32, &memory[from], kLength}}, {{DType::kInt32, &memory[to], kLength}}),
                  Status::kDone);
        ASSERT_EQ(memory, expected) << shift << (up ? " up" : " down");
      }
    }
  });
}

TEST_F(MoveTest, ConvertsBetweenAllTypes) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename From>() {
      for (const std::size_t length : {0, 1, 77, 20'000}) {
        const std::vector<From> values = RandomVector<From>(length);
        Elements<From> from(values);
        ForEachType([&]<typename To>() { CheckCopy<To>(on, from.view(), Converted<To>(values)); });
      }
    });
  });
}

TEST_F(MoveTest, WrapsFloatsAsJavaScriptDoes) {
  EXPECT_EQ(ConvertWrapping<std::uint8_t>(256.9), 0);
  EXPECT_EQ(ConvertWrapping<std::uint8_t>(-1.5), 255);
  EXPECT_EQ(ConvertWrapping<std::int8_t>(128.0), -128);
  EXPECT_EQ(ConvertWrapping<std::int32_t>(4294967301.0), 5);
  EXPECT_EQ(ConvertWrapping<std::int32_t>(-2147483649.0), 2147483647);
  EXPECT_EQ(ConvertWrapping<std::int32_t>(0x1p63 + 0x1p11), 2048);
  EXPECT_EQ(ConvertWrapping<std::uint64_t>(0x1.8p63), 3ULL << 62);
  EXPECT_EQ(ConvertWrapping<std::int64_t>(-0x1p63), INT64_MIN);
  EXPECT_EQ(ConvertWrapping<std::int64_t>(0x1p63), INT64_MIN);
  EXPECT_EQ(ConvertWrapping<std::uint64_t>(0x1p64), 0U);
  EXPECT_EQ(ConvertWrapping<std::uint64_t>(-(0x1p64 + 0x1p12)), 0 - (1ULL << 12));
  EXPECT_EQ(ConvertWrapping<std::int32_t>(1e300), 0);
  EXPECT_EQ(ConvertWrapping<std::int32_t>(NAN), 0);
  EXPECT_EQ(ConvertWrapping<std::int32_t>(-INFINITY), 0);
  for (int i = 0; i < 200'000; ++i) {
    // All signs and exponents.
    const auto value = std::bit_cast<double>(random());
    ASSERT_EQ(WrapFloat(value), Modulo(value)) << value;
    const double about = std::ldexp(value < 0 ? -1.0 - 1e-15 * i : 1.0 + 1e-15 * i, 50 + i % 70);
    ASSERT_EQ(WrapFloat(about), Modulo(about)) << about;
  }
}

template <typename Index>
std::vector<Index> RandomIndices(std::mt19937_64& random, std::size_t count, std::size_t below) {
  std::vector<Index> indices(count);
  for (Index& index : indices) index = static_cast<Index>(random() % below);
  return indices;
}

TEST_F(MoveTest, GathersByIndicesOfAnyType) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename Index>() {
      if constexpr (std::is_integral_v<Index>) {
        for (const std::size_t length : {0, 1, 511, 513, 20'000}) {
          const std::vector<Index> positions = RandomIndices<Index>(random, length, 120);
          Elements<Index> indices(positions);
          CheckGather(on, indices.view(), {positions.begin(), positions.end()});
        }
      }
    });
  });
}

TEST_F(MoveTest, GatherTellsOfTheFirstBadIndexAndSkipsIt) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename Index>() {
      if constexpr (std::is_integral_v<Index>) {
        for (const std::size_t length : {1, 2, 600, 100'000}) {
          Elements<std::int32_t> source(RandomVector<std::int32_t>(100));
          Elements<Index> indices(RandomIndices<Index>(random, length, 100));
          const std::size_t first = random() % length;
          const Index bad = std::is_signed_v<Index> && random() % 2 != 0 ? static_cast<Index>(-1) : Index{100};
          indices[first] = bad;
          for (int i = 0; i < 30; ++i) indices[first + random() % (length - first)] = std::numeric_limits<Index>::max();
          indices[first] = bad;
          Elements<std::int32_t> out(std::vector<std::int32_t>(length, 5));
          std::array<Scalar, 4> results;
          ASSERT_EQ(Run(on, Gather, {source.view(), indices.view()}, {out.view()}, {}, &results), Status::kOutOfRange);
          EXPECT_EQ(results[0].kind, Scalar::Kind::kUint);
          ASSERT_EQ(results[0].as_uint, first);
          EXPECT_EQ(results[1].kind, std::is_signed_v<Index> ? Scalar::Kind::kInt : Scalar::Kind::kUint);
          ASSERT_EQ(results[1].as_int, static_cast<std::int64_t>(bad));
          std::vector<std::int32_t> expected(length, 5);
          for (std::size_t i = 0; i < length; ++i) {
            if (indices[i] >= 0 && static_cast<std::uint64_t>(indices[i]) < 100) {
              expected[i] = source[static_cast<std::size_t>(indices[i])];
            }
          }
          ASSERT_TRUE(SameVectors(out.Values(), expected));
        }
      }
    });
  });
}

TEST_F(MoveTest, NothingCanBeGatheredFromNothing) {
  Elements<double> source(0);
  Elements<std::uint64_t> indices{0};
  Elements<double> out{3};
  EXPECT_EQ(Run(parallel, Gather, {source.view(), indices.view()}, {out.view()}), Status::kOutOfRange);
  EXPECT_EQ(out[0], 3);
}

TEST_F(MoveTest, ScattersAPermutation) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      for (const std::size_t length : kLengths) {
        std::vector<std::uint32_t> order(length);
        std::iota(order.begin(), order.end(), 0U);
        std::shuffle(order.begin(), order.end(), random);
        Elements<std::uint32_t> indices(order);
        Elements<T> values(RandomVector<T>(length));
        Elements<T> out(length + 1);
        out[length] = 17;
        ASSERT_EQ(Run(on, Scatter, {values.view(), indices.view()}, {out.view()}), Status::kDone);
        std::vector<T> expected(length + 1, T{17});
        for (std::size_t i = 0; i < length; ++i) expected[order[i]] = values[i];
        ASSERT_TRUE(SameVectors(out.Values(), expected));
        ASSERT_TRUE(out.GuardsHold());
      }
    });
  });
}

TEST_F(MoveTest, OfEqualIndicesOneValueStays) {
  OnThreads([&](const executor::Parallel& on) {
    constexpr std::size_t kLength = 100'000;
    std::vector<std::int64_t> numbers(kLength);
    std::iota(numbers.begin(), numbers.end(), 0);
    Elements<std::int64_t> values(numbers);
    Elements<std::int8_t> indices(RandomIndices<std::int8_t>(random, kLength, 10));
    Elements<std::int64_t> out(std::vector<std::int64_t>(10, -1));
    ASSERT_EQ(Run(on, Scatter, {values.view(), indices.view()}, {out.view()}), Status::kDone);
    for (std::size_t i = 0; i < 10; ++i) {
      ASSERT_GE(out[i], 0);
      ASSERT_EQ(static_cast<std::size_t>(indices[static_cast<std::size_t>(out[i])]), i);
    }
  });
}

TEST_F(MoveTest, ScatterWritesNothingIfAnIndexIsBad) {
  OnThreads([&](const executor::Parallel& on) {
    for (const std::size_t length : {1, 513, 100'000}) {
      for (const std::int64_t bad : {std::int64_t{-1}, std::int64_t{100}, INT64_MIN, INT64_MAX}) {
        Elements<std::int64_t> indices(RandomIndices<std::int64_t>(random, length, 100));
        Elements<float> values(std::vector<float>(length, 1));
        Elements<float> out(100);
        const std::size_t first = random() % length;
        indices[length - 1] = 1000;
        indices[first] = bad;
        std::array<Scalar, 4> results;
        ASSERT_EQ(Run(on, Scatter, {values.view(), indices.view()}, {out.view()}, {}, &results), Status::kOutOfRange);
        ASSERT_EQ(results[0].as_uint, first);
        ASSERT_EQ(results[1].kind, Scalar::Kind::kInt);
        ASSERT_EQ(results[1].as_int, bad);
        ASSERT_TRUE(SameVectors(out.Values(), std::vector<float>(100)));
      }
    }
  });
}

TEST_F(MoveTest, SaysThatItWasAborted) {
  Elements<std::int32_t> x(RandomVector<std::int32_t>(1000));
  Elements<std::int32_t> indices(1000);
  Elements<std::int32_t> same(1000);
  Elements<double> other(1000);
  EXPECT_EQ(RunAborted(Fill, {}, {same.view()}, {Scalar::Int(4)}), Status::kAborted);
  for (const View& out : {same.view(), other.view(), View{DType::kInt32, x.data() + 1, 999}}) {
    EXPECT_EQ(RunAborted(Copy, {{DType::kInt32, x.data(), out.length}}, {out}), Status::kAborted);
  }
  EXPECT_EQ(RunAborted(Gather, {x.view(), indices.view()}, {same.view()}), Status::kAborted);
  EXPECT_EQ(RunAborted(Scatter, {x.view(), indices.view()}, {same.view()}), Status::kAborted);
  EXPECT_EQ(same.Values(), std::vector<std::int32_t>(1000));
}

}  // namespace
}  // namespace allcores::kernel
