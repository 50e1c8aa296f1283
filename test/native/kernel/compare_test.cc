#include "kernel/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <compare>
#include <thread>

#include "support/move_rig.h"
#include "support/race_detection.h"

namespace allcores::kernel {
namespace {

using testing::Elements;
using testing::ForEachType;
using testing::kLengths;
using testing::SameVectors;

constexpr CompareOp kOps[] = {CompareOp::kLess,         CompareOp::kLessEqual, CompareOp::kGreater,
                              CompareOp::kGreaterEqual, CompareOp::kEqual,     CompareOp::kNotEqual};

bool Holds(CompareOp op, std::partial_ordering order) {
  switch (op) {
    case CompareOp::kLess:
      return order < 0;
    case CompareOp::kLessEqual:
      return order <= 0;
    case CompareOp::kGreater:
      return order > 0;
    case CompareOp::kGreaterEqual:
      return order >= 0;
    case CompareOp::kEqual:
      return order == 0;
    case CompareOp::kNotEqual:
      break;
  }
  return order != 0;
}

// An integer of 64 bits, or a double: as an integer part, exact or beyond all integers, and a fraction.
struct Exact {
  __extension__ using Whole = __int128;
  bool nan = false;
  double huge = 0;      // what is not below 2^70
  Whole whole = 0;      // truncated
  double fraction = 0;  // of the same sign

  explicit Exact(const Scalar& from) {
    if (from.kind == Scalar::Kind::kInt) {
      whole = from.as_int;
    } else if (from.kind == Scalar::Kind::kUint) {
      whole = from.as_uint;
    } else if (std::isnan(from.as_float)) {
      nan = true;
    } else if (std::fabs(from.as_float) >= 0x1p70) {
      huge = from.as_float;
    } else {
      whole = static_cast<Whole>(from.as_float);
      fraction = from.as_float - std::trunc(from.as_float);
    }
  }

  std::partial_ordering operator<=>(const Exact& other) const {
    if (nan || other.nan) return std::partial_ordering::unordered;
    if (huge != other.huge) return huge <=> other.huge;
    if (whole != other.whole) return whole < other.whole ? std::partial_ordering::less : std::partial_ordering::greater;
    return fraction <=> other.fraction;
  }
};

class CompareTest : public testing::KernelTest {
 protected:
  template <typename T>
  void Check(const executor::Parallel& on, Elements<T>& x, CompareOp op, const Scalar& operand) {
    Elements<std::uint8_t> out(std::vector<std::uint8_t>(x.size(), 7));
    ASSERT_EQ(Run(on, Compare, {x.view()}, {out.view()}, {Scalar::Uint(static_cast<std::uint32_t>(op)), operand}),
              Status::kDone);
    const Exact exact(operand);
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_EQ(out[i], Holds(op, Exact(Scalar::Of(x[i])) <=> exact) ? 1 : 0)
          << +x[i] << " op " << static_cast<int>(op) << " kind " << static_cast<int>(operand.kind) << ": "
          << operand.as_float << " = " << operand.as_int;
    }
    ASSERT_TRUE(out.GuardsHold());
  }

  std::uint64_t CountOf(const executor::Parallel& on, const View& view) {
    std::array<Scalar, 4> results;
    EXPECT_EQ(Run(on, Count, {view}, {}, {}, &results), Status::kDone);
    EXPECT_EQ(results[0].kind, Scalar::Kind::kUint);
    return results[0].as_uint;
  }

  // Zeros and others, about as many as `share` of 16.
  std::vector<std::uint8_t> RandomMask(std::size_t length, std::uint32_t share) {
    std::vector<std::uint8_t> mask(length);
    for (std::uint8_t& one : mask) one = random() % 16 < share ? static_cast<std::uint8_t>(1 + random() % 255) : 0;
    return mask;
  }
};

TEST_F(CompareTest, ComparesVectors) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      for (const std::size_t length : kLengths) {
        const CompareOp op = kOps[random() % std::size(kOps)];
        Elements<T> x(RandomVector<T>(length));
        Elements<T> y(RandomVector<T>(length));
        for (std::size_t i = 0; i < length; i += 3) y[i] = x[i];
        Elements<std::uint8_t> out(length);
        ASSERT_EQ(Run(on, Compare, {x.view(), y.view()}, {out.view()}, {Scalar::Uint(static_cast<std::uint32_t>(op))}),
                  Status::kDone);
        std::vector<std::uint8_t> expected(length);
        for (std::size_t i = 0; i < length; ++i) expected[i] = Holds(op, x[i] <=> y[i]) ? 1 : 0;
        ASSERT_TRUE(SameVectors(out.Values(), expected)) << static_cast<int>(op);
        ASSERT_TRUE(out.GuardsHold());
      }
    });
  });
}

TEST_F(CompareTest, ComparesWithNumbersOfAllKindsExactly) {
  std::vector<Scalar> operands;
  for (const double whole : {0.0, 127.0, 128.0, 255.0, 256.0, 32768.0, 65536.0, 0x1p24, 0x1p31, 0x1p32, 0x1p53, 0x1p63,
                             0x1p64, 0x1p80, 0x1p127, 0x1p128, 0x1.fffffep127, 1e300}) {
    for (const double sign : {1.0, -1.0}) {
      for (const double value : {whole, whole + 0.5, whole - 0.5, whole + 1, whole - 1, std::nextafter(whole, INFINITY),
                                 std::nextafter(whole, -INFINITY)}) {
        operands.push_back(Scalar::Float(sign * value));
      }
    }
  }
  for (const double value : {1e-300, -1e-300, 0.1, -0.1, static_cast<double>(INFINITY), -static_cast<double>(INFINITY),
                             static_cast<double>(NAN)}) {
    operands.push_back(Scalar::Float(value));
  }
  for (int bit = 0; bit < 64; ++bit) {
    for (const std::int64_t by : {-1, 0, 1}) {
      const std::uint64_t value = (std::uint64_t{1} << bit) + static_cast<std::uint64_t>(by);
      operands.push_back(Scalar::Uint(value));
      operands.push_back(Scalar::Int(static_cast<std::int64_t>(value)));
      operands.push_back(Scalar::Int(static_cast<std::int64_t>(0 - value)));
    }
  }
  ForEachType([&]<typename T>() {
    std::vector<T> values = RandomVector<T>(100);
    // What is next to the operands in the type.
    for (const Scalar& operand : operands) {
      const T value = operand.To<T>();
      values.push_back(value);
      if constexpr (std::is_floating_point_v<T>) {
        values.push_back(std::nextafter(value, -std::numeric_limits<T>::infinity()));
        values.push_back(std::nextafter(value, std::numeric_limits<T>::infinity()));
      } else {
        values.push_back(static_cast<T>(static_cast<std::uint64_t>(value) + 1));
        values.push_back(static_cast<T>(static_cast<std::uint64_t>(value) - 1));
      }
    }
    Elements<T> x(values);
    for (const Scalar& operand : operands) {
      for (const CompareOp op : kOps) ASSERT_NO_FATAL_FAILURE(Check(parallel, x, op, operand));
    }
  });
}

TEST_F(CompareTest, ComparesWithNumbersOnAnyLength) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      for (const std::size_t length : kLengths) {
        Elements<T> x(RandomVector<T>(length));
        const CompareOp op = kOps[random() % std::size(kOps)];
        const Scalar operand = random() % 2 == 0 ? Scalar::Of(Random<T>()) : Scalar::Of(Random<double>());
        ASSERT_NO_FATAL_FAILURE(Check(on, x, op, operand));
      }
    });
  });
}

TEST_F(CompareTest, ComparesInPlace) {
  Elements<std::uint8_t> x(RandomVector<std::uint8_t>(70'000));
  std::vector<std::uint8_t> expected = x.Values();
  for (std::uint8_t& one : expected) one = one < 100 ? 1 : 0;
  ASSERT_EQ(Run(parallel, Compare, {x.view()}, {x.view()}, {Scalar::Uint(0), Scalar::Int(100)}), Status::kDone);
  EXPECT_EQ(x.Values(), expected);
}

TEST_F(CompareTest, CountsWhatIsNotZero) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      for (const std::size_t length : kLengths) {
        Elements<T> x(RandomVector<T>(length));
        const std::vector<T> values = x.Values();
        ASSERT_EQ(CountOf(on, x.view()),
                  length - static_cast<std::size_t>(std::count(values.begin(), values.end(), T{0})));
      }
      Elements<T> ones(std::vector<T>(100'000, T{1}));
      EXPECT_EQ(CountOf(on, ones.view()), 100'000U);
    });
  });
  Elements<double> odd{NAN, -0.0, 0.0, 5e-324, -INFINITY};
  EXPECT_EQ(CountOf(parallel, odd.view()), 3U);
}

TEST_F(CompareTest, FiltersInOrder) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      for (const std::size_t length : kLengths) {
        for (const std::uint32_t share : {0, 1, 8, 15, 16}) {
          Elements<T> x(RandomVector<T>(length));
          Elements<std::uint8_t> mask(RandomMask(length, share));
          std::vector<T> selected;
          for (std::size_t i = 0; i < length; ++i) {
            if (mask[i] != 0) selected.push_back(x[i]);
          }
          const std::size_t count = selected.size();
          std::array<Scalar, 4> results;
          ASSERT_EQ(Run(on, Filter, {x.view(), mask.view()}, {}, {}, &results), Status::kDone);
          ASSERT_EQ(results[0].as_uint, count);
          // Just enough, too much, and too little room.
          for (const std::size_t room : {count, count + 5, count / 2, std::size_t{0}}) {
            Elements<T> out(std::vector<T>(room, T{3}));
            results = {};
            ASSERT_EQ(Run(on, Filter, {x.view(), mask.view()}, {out.view()}, {}, &results), Status::kDone);
            ASSERT_EQ(results[0].kind, Scalar::Kind::kUint);
            ASSERT_EQ(results[0].as_uint, count);
            std::vector<T> expected = selected;
            expected.resize(room, T{3});
            ASSERT_TRUE(SameVectors(out.Values(), expected));
            ASSERT_TRUE(out.GuardsHold());
          }
        }
      }
    });
  });
}

TEST_F(CompareTest, AMaskThatChangesDoesNotLeadBeyondTheOutput) {
  if (testing::kRacesAreSeen) GTEST_SKIP() << "it is a race, by intention";
  constexpr std::size_t kLength = 100'000;
  Elements<std::int32_t> x(std::vector<std::int32_t>(kLength, 4));
  Elements<std::uint8_t> mask(kLength);
  std::atomic<bool> stop{false};
  std::thread other([&] {
    for (std::uint8_t value = 0; !stop.load(); value ^= 1) {
      for (std::size_t i = 0; i < kLength; ++i) {
        std::atomic_ref<std::uint8_t>(mask[i]).store(value, std::memory_order_relaxed);
      }
    }
  });
  for (int i = 0; i < 300; ++i) {
    Elements<std::int32_t> out(random() % kLength);
    std::array<Scalar, 4> results;
    ASSERT_EQ(Run(parallel, Filter, {x.view(), mask.view()}, {out.view()}, {}, &results), Status::kDone);
    ASSERT_LE(results[0].as_uint, kLength);
    ASSERT_TRUE(out.GuardsHold());
  }
  stop = true;
  other.join();
}

TEST_F(CompareTest, SaysThatItWasAborted) {
  Elements<std::uint8_t> x(std::vector<std::uint8_t>(100'000, 1));
  Elements<std::uint8_t> out(100'000);
  EXPECT_EQ(RunAborted(Compare, {x.view()}, {out.view()}, {Scalar::Uint(0), Scalar::Int(100)}), Status::kAborted);
  EXPECT_EQ(RunAborted(Compare, {x.view(), x.view()}, {out.view()}, {Scalar::Uint(4)}), Status::kAborted);
  EXPECT_EQ(RunAborted(Count, {x.view()}, {}), Status::kAborted);
  EXPECT_EQ(RunAborted(Filter, {x.view(), x.view()}, {}), Status::kAborted);
  EXPECT_EQ(RunAborted(Filter, {x.view(), x.view()}, {out.view()}), Status::kAborted);
  EXPECT_EQ(out.Values(), std::vector<std::uint8_t>(100'000));
}

}  // namespace
}  // namespace allcores::kernel
