#include "kernel/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/element_types.h"
#include "support/reduce_rig.h"

namespace allcores::kernel {
namespace {

using Counts = std::vector<std::uint64_t>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <typename T>
class HistogramTest : public ::testing::Test {
 protected:
  // By both types of counts, on all pools, which must agree.
  Counts Run(std::vector<T>& values, std::size_t begin, double low, double high, std::size_t bins) {
    Counts result;
    rig.OnEach([&](const executor::Parallel& parallel) {
      // Not 0 before, and with one behind that must stay.
      Counts counts(bins + 1, 99);
      std::vector<std::uint32_t> words(bins + 1, 99);
      EXPECT_EQ(CountOn(parallel, rig.ViewOf(values, begin), low, high, counts), Status::kDone);
      EXPECT_EQ(CountOn(parallel, rig.ViewOf(values, begin), low, high, words), Status::kDone);
      EXPECT_TRUE(std::equal(words.begin(), words.end(), counts.begin()));
      EXPECT_EQ(counts.back(), 99U);
      counts.pop_back();
      EXPECT_TRUE(result.empty() || counts == result);
      result = counts;
    });
    return result;
  }

  template <typename Count>
  Status CountOn(const executor::Parallel& parallel, const View& input, double low, double high,
                 std::vector<Count>& counts) {
    View output = rig.ViewOf(counts);
    --output.length;
    const std::array<Scalar, 2> arguments = {Scalar::Float(low), Scalar::Float(high)};
    Call call{.inputs = {&input, 1}, .outputs = {&output, 1}, .arguments = arguments, .results = {}};
    return Histogram(parallel, call);
  }

  static std::vector<double> Edges(double low, double high, std::size_t bins) {
    std::vector<double> edges;
    for (std::size_t i = 0; i < bins; ++i) {
      edges.push_back(low + static_cast<double>(i) * (high - low) / static_cast<double>(bins));
    }
    edges.push_back(high);
    return edges;
  }

  // By a search among the edges.
  static Counts Expected(const std::vector<T>& values, std::size_t begin, const std::vector<double>& edges) {
    Counts counts(edges.size() - 1);
    for (std::size_t i = begin; i < values.size(); ++i) {
      const auto value = static_cast<double>(values[i]);
      if (!(value >= edges.front() && value <= edges.back())) continue;
      const auto bin = std::upper_bound(edges.begin(), edges.end() - 1, value) - edges.begin() - 1;
      ++counts[static_cast<std::size_t>(bin)];
    }
    return counts;
  }

  void Check(std::vector<T>& values, std::size_t begin, double low, double high, std::size_t bins) {
    SCOPED_TRACE(::testing::Message() << values.size() << " by " << bins << " in " << low << ", " << high);
    EXPECT_EQ(Run(values, begin, low, high, bins), Expected(values, begin, Edges(low, high, bins)));
  }

  testing::ReduceRig rig;
};

TYPED_TEST_SUITE(HistogramTest, testing::ElementTypes);

TYPED_TEST(HistogramTest, CountsAreThoseOfASearch) {
  using Limits = std::numeric_limits<TypeParam>;
  const bool integer = Limits::is_integer;
  const double least = integer ? static_cast<double>(Limits::min()) : -500'000;
  const double most = integer ? static_cast<double>(Limits::max()) : 500'000;
  for (const std::size_t length : this->rig.kLengths) {
    for (const std::size_t begin : {0, 1}) {
      std::vector<TypeParam> values = this->rig.template Values<TypeParam>(length + begin);
      this->Check(values, begin, least, most, 10);
      this->Check(values, begin, least / 2, most / 3, 7);
    }
  }
}

// Of one bin to more than there are elements, which share counts in other ways.
TYPED_TEST(HistogramTest, TakesAnyNumberOfBins) {
  std::vector<TypeParam> values(150'000);
  for (TypeParam& value : values) value = static_cast<TypeParam>(this->rig.random()() % 128);
  for (const std::size_t bins : {1, 2, 3, 100, 127, 128, 5000, 20'000, 200'000}) this->Check(values, 0, 0, 127, bins);
}

TYPED_TEST(HistogramTest, AnAbortIsTold) {
  std::vector<TypeParam> values(100'000);
  Counts counts(11);
  this->rig.OnEachAborted([&](const executor::Parallel& parallel) {
    EXPECT_EQ(this->CountOn(parallel, this->rig.ViewOf(values), 0, 1, counts), Status::kAborted);
  });
}

using HistogramOfDoublesTest = HistogramTest<double>;

// The edges themselves, and the doubles next to them.
TEST_F(HistogramOfDoublesTest, EdgesEncloseTheirBins) {
  for (const auto& [low, high] : {std::pair{0.0, 1.0}, {-0.1, 0.7}, {1e9, 1e9 + 1}, {-3e-7, 1e5}, {0.0, 5e-324}}) {
    for (const std::size_t bins : {1, 3, 10, 49, 1000, 4099}) {
      std::vector<double> values;
      for (const double edge : Edges(low, high, bins)) {
        values.insert(values.end(), {edge, std::nextafter(edge, -kInfinity), std::nextafter(edge, kInfinity)});
      }
      Check(values, 0, low, high, bins);
    }
  }
}

// More bins than there are doubles between: a guess is off by many.
TEST_F(HistogramOfDoublesTest, ManyEdgesMayBeOneDouble) {
  std::vector<double> values;
  for (int i = -2; i < 12; ++i) values.insert(values.end(), 3000, 1e16 + 2 * i);
  Check(values, 0, 1e16, 1e16 + 16, 1000);
}

TEST_F(HistogramOfDoublesTest, TheRangeMayBeMoreThanADouble) {
  constexpr double kMost = std::numeric_limits<double>::max();
  std::vector<double> values = {-kMost, -kMost * 0.6, -1, 0, 1, kMost * 0.4, kMost * 0.6, kMost, kInfinity, -kInfinity};
  EXPECT_EQ(Run(values, 0, -kMost, kMost, 4), (Counts{2, 1, 3, 2}));
}

TEST_F(HistogramOfDoublesTest, LeavesOutWhatIsOutsideAndNan) {
  std::vector<double> values = {kNan, -kNan, kInfinity, -kInfinity, -0.0, 0, 1, 2, 1.9999, 2.0001, -0.0001};
  EXPECT_EQ(Run(values, 0, 0, 2, 2), (Counts{2, 3}));
}

TEST_F(HistogramOfDoublesTest, NothingIsCountedOfNothing) {
  std::vector<double> values;
  EXPECT_EQ(Run(values, 0, 0, 1, 3), (Counts{0, 0, 0}));
}

}  // namespace
}  // namespace allcores::kernel
