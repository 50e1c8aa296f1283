#include "kernel/elementwise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "support/elementwise_model.h"
#include "support/move_rig.h"

namespace allcores::kernel {
namespace {

using testing::Elements;
using testing::Expected;
using testing::ForEachType;
using testing::kLengths;
using testing::Program;
using testing::Same;
using testing::SameVectors;

class ElementwiseTest : public testing::KernelTest {
 protected:
  template <typename T>
  void Check(const executor::Parallel& on, const std::vector<View>& inputs, const Program& program) {
    Elements<T> out(std::vector<T>(inputs[0].length, T{7}));
    ASSERT_EQ(Run(on, Map, inputs, {out.view()}, program.arguments), Status::kDone);
    ASSERT_TRUE(SameVectors(out.Values(), Expected<T>(inputs, program)));
    ASSERT_TRUE(out.GuardsHold());
  }

  // A vector of a random dtype, which lives as long as the test.
  View RandomView(std::size_t length) {
    return VisitType(static_cast<DType>(random() % kDTypes), [&]<typename T>() {
      auto elements = std::make_shared<Elements<T>>(RandomVector<T>(length));
      kept.push_back(elements);
      return elements->view();
    });
  }

  Scalar RandomNumber() {
    switch (random() % 3) {
      case 0:
        return Scalar::Float(Random<double>());
      case 1:
        return Scalar::Int(Random<std::int64_t>());
      default:
        return Scalar::Uint(Random<std::uint64_t>());
    }
  }

  ElementwiseOp RandomOp() { return static_cast<ElementwiseOp>(random() % kElementwiseOps); }

  std::vector<std::shared_ptr<void>> kept;
};

TEST_F(ElementwiseTest, EachStepWithNumbersAndVectorsOfEachType) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      Elements<T> x(RandomVector<T>(3000));
      Elements<T> a(RandomVector<T>(3000));
      Elements<T> b(RandomVector<T>(3000));
      const std::vector<View> inputs = {x.view(), a.view(), b.view()};
      for (std::uint32_t i = 0; i < kElementwiseOps; ++i) {
        SCOPED_TRACE("op " + std::to_string(i));
        const auto op = static_cast<ElementwiseOp>(i);
        for (const OperandKind kind_a : {OperandKind::kNumber, OperandKind::kVector}) {
          for (const OperandKind kind_b : {OperandKind::kNumber, OperandKind::kVector}) {
            const Scalar first = kind_a == OperandKind::kVector ? Scalar::Uint(1) : Scalar::Of(Random<T>());
            const Scalar second = kind_b == OperandKind::kVector ? Scalar::Uint(2) : Scalar::Of(Random<T>());
            Program program;
            program.Then(op, kind_a, first, kind_b, second);
            ASSERT_NO_FATAL_FAILURE(Check<T>(on, inputs, program));
          }
        }
      }
    });
  });
}

TEST_F(ElementwiseTest, AnyProgramOnVectorsOfAnyTypes) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      for (const std::size_t length : kLengths) {
        kept.clear();
        std::vector<View> inputs;
        for (std::size_t i = 0; i <= random() % 4; ++i) inputs.push_back(RandomView(length));
        const auto kind = [&] { return random() % 2 == 0 ? OperandKind::kNumber : OperandKind::kVector; };
        const auto operand = [&](OperandKind of) {
          return of == OperandKind::kNumber ? RandomNumber() : Scalar::Uint(random() % inputs.size());
        };
        Program program;
        for (std::size_t i = 0; i < random() % 6; ++i) {
          const OperandKind kind_a = kind();
          const OperandKind kind_b = kind();
          program.Then(RandomOp(), kind_a, operand(kind_a), kind_b, operand(kind_b));
        }
        ASSERT_NO_FATAL_FAILURE(Check<T>(on, inputs, program));
      }
    });
  });
}

TEST_F(ElementwiseTest, OneStepFromMemoryToMemory) {
  const auto check = [&]<typename T>(const executor::Parallel& on) {
    for (const std::size_t length : kLengths) {
      for (const ElementwiseOp op :
           {ElementwiseOp::kAdd, ElementwiseOp::kSub, ElementwiseOp::kMul, ElementwiseOp::kDiv}) {
        Elements<T> x(RandomVector<T>(length));
        Elements<T> a(RandomVector<T>(length));
        Elements<float> other(RandomVector<float>(length));
        ASSERT_NO_FATAL_FAILURE(Check<T>(on, {x.view(), a.view()}, Program().ThenVector(op, 1)));
        ASSERT_NO_FATAL_FAILURE(Check<T>(on, {x.view(), other.view()}, Program().ThenVector(op, 1)));
        ASSERT_NO_FATAL_FAILURE(Check<T>(on, {other.view(), x.view()}, Program().ThenVector(op, 1)));
        ASSERT_NO_FATAL_FAILURE(Check<T>(on, {x.view()}, Program().ThenVector(op, 0)));
        ASSERT_NO_FATAL_FAILURE(Check<T>(on, {x.view()}, Program().ThenNumber(op, RandomNumber())));
      }
    }
  };
  OnThreads([&](const executor::Parallel& on) {
    check.operator()<double>(on);
    check.operator()<float>(on);
  });
}

TEST_F(ElementwiseTest, TheResultMayTakeThePlaceOfAnyInput) {
  OnThreads([&](const executor::Parallel& on) {
    ForEachType([&]<typename T>() {
      for (const std::size_t length : {1, 513, 70'001}) {
        const Program programs[] = {
            Program().ThenNumber(ElementwiseOp::kMul, Scalar::Int(3)),
            Program().ThenVector(ElementwiseOp::kSub, 0),
            Program().ThenVector(ElementwiseOp::kSub, 1),
            Program().ThenVector(ElementwiseOp::kAdd, 1).ThenVector(ElementwiseOp::kSub, 0),
            Program().Then(ElementwiseOp::kWhere, OperandKind::kVector, Scalar::Uint(1), OperandKind::kVector,
                           Scalar::Uint(0)),
        };
        for (const Program& program : programs) {
          for (const std::size_t place : {0, 1}) {
            Elements<T> inputs[] = {Elements<T>(RandomVector<T>(length)), Elements<T>(RandomVector<T>(length))};
            const std::vector<View> views = {inputs[0].view(), inputs[1].view()};
            const std::vector<T> expected = Expected<T>(views, program);
            ASSERT_EQ(Run(on, Map, views, {views[place]}, program.arguments), Status::kDone);
            ASSERT_TRUE(SameVectors(inputs[place].Values(), expected));
            ASSERT_TRUE(inputs[place].GuardsHold());
          }
        }
      }
    });
  });
}

TEST_F(ElementwiseTest, TheResultMayHaveAnotherTypeInTheSameMemory) {
  constexpr std::size_t kLength = 40'000;
  std::vector<std::int32_t> numbers = RandomVector<std::int32_t>(kLength);
  std::vector<float> memory(kLength);
  std::memcpy(memory.data(), numbers.data(), kLength * sizeof(float));
  ASSERT_EQ(Run(parallel, Map, {{DType::kInt32, memory.data(), kLength}}, {{DType::kFloat32, memory.data(), kLength}},
                Program().ThenNumber(ElementwiseOp::kDiv, Scalar::Int(2)).arguments),
            Status::kDone);
  for (std::size_t i = 0; i < kLength; ++i) ASSERT_EQ(memory[i], static_cast<float>(numbers[i]) / 2) << i;
}

template <typename T>
T One(const executor::Parallel& on, const Program& program, Elements<T> x) {
  const View view = x.view();
  Call call;
  call.inputs = {&view, 1};
  call.outputs = {&view, 1};
  call.arguments = program.arguments;
  EXPECT_EQ(Map(on, call), Status::kDone);
  return x[0];
}

TEST_F(ElementwiseTest, IntegersWrapAndNeverTrap) {
  const auto of = [&](ElementwiseOp op, std::int64_t x, std::int64_t a) {
    return One<std::int64_t>(parallel, Program().ThenNumber(op, Scalar::Int(a)), {x});
  };
  EXPECT_EQ(of(ElementwiseOp::kDiv, INT64_MIN, -1), INT64_MIN);
  EXPECT_EQ(of(ElementwiseOp::kMod, INT64_MIN, -1), 0);
  EXPECT_EQ(of(ElementwiseOp::kDiv, -7, 2), -3);
  EXPECT_EQ(of(ElementwiseOp::kMod, -7, 2), -1);
  EXPECT_EQ(of(ElementwiseOp::kMod, 7, -2), 1);
  EXPECT_EQ(of(ElementwiseOp::kDiv, 7, 0), 0);
  EXPECT_EQ(of(ElementwiseOp::kMod, 7, 0), 0);
  EXPECT_EQ(of(ElementwiseOp::kAdd, INT64_MAX, 1), INT64_MIN);
  EXPECT_EQ(of(ElementwiseOp::kNeg, INT64_MIN, 0), INT64_MIN);
  EXPECT_EQ(of(ElementwiseOp::kAbs, INT64_MIN, 0), INT64_MIN);
  EXPECT_EQ(of(ElementwiseOp::kPow, -3, 3), -27);
  EXPECT_EQ(of(ElementwiseOp::kPow, 0, 0), 1);
  EXPECT_EQ(of(ElementwiseOp::kPow, 2, 64), 0);
  EXPECT_EQ(of(ElementwiseOp::kPow, 2, -1), 0);
  EXPECT_EQ(of(ElementwiseOp::kPow, 0, -1), 0);
  EXPECT_EQ(of(ElementwiseOp::kPow, 1, -5), 1);
  EXPECT_EQ(of(ElementwiseOp::kPow, -1, -5), -1);
  EXPECT_EQ(of(ElementwiseOp::kPow, -1, INT64_MIN), 1);
  EXPECT_EQ(of(ElementwiseOp::kSqrt, 9, 0), 9);
  EXPECT_EQ(One<std::int8_t>(parallel, Program().ThenNumber(ElementwiseOp::kAdd, Scalar::Int(100)), {100}), -56);
  EXPECT_EQ(One<std::uint8_t>(parallel, Program().Then(ElementwiseOp::kNeg), {1}), 255);
  // Steps have 64 bits, so nothing is lost between them.
  EXPECT_EQ(
      One<std::int8_t>(
          parallel,
          Program().ThenNumber(ElementwiseOp::kMul, Scalar::Int(100)).ThenNumber(ElementwiseOp::kDiv, Scalar::Int(100)),
          {100}),
      100);
}

TEST_F(ElementwiseTest, FloatsKeepWhatTheStandardSays) {
  const auto of = [&](ElementwiseOp op, double x, double a = 0, double b = 0) {
    return One<double>(
        parallel, Program().Then(op, OperandKind::kNumber, Scalar::Float(a), OperandKind::kNumber, Scalar::Float(b)),
        {x});
  };
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(of(ElementwiseOp::kMin, kNaN, 1)));
  EXPECT_TRUE(std::isnan(of(ElementwiseOp::kMin, 1, kNaN)));
  EXPECT_TRUE(std::isnan(of(ElementwiseOp::kMax, kNaN, 1)));
  EXPECT_TRUE(std::isnan(of(ElementwiseOp::kMax, 1, kNaN)));
  EXPECT_TRUE(std::isnan(of(ElementwiseOp::kClamp, kNaN, 1, 2)));
  EXPECT_EQ(of(ElementwiseOp::kClamp, 5, kNaN, 2), 2);
  EXPECT_EQ(of(ElementwiseOp::kClamp, 5, 9, 2), 2);
  EXPECT_EQ(of(ElementwiseOp::kRound, 0.5), 0);
  EXPECT_EQ(of(ElementwiseOp::kRound, 1.5), 2);
  EXPECT_EQ(of(ElementwiseOp::kRound, 2.5), 2);
  EXPECT_TRUE(Same(of(ElementwiseOp::kRound, -0.5), -0.0));
  EXPECT_EQ(of(ElementwiseOp::kMod, -7.5, 2), -1.5);
  EXPECT_EQ(of(ElementwiseOp::kDiv, 1, 0), INFINITY);
  EXPECT_TRUE(Same(of(ElementwiseOp::kNeg, 0), -0.0));
  EXPECT_EQ(of(ElementwiseOp::kWhere, 5, kNaN, 2), 5);
  EXPECT_EQ(of(ElementwiseOp::kWhere, 5, -0.0, 2), 2);
}

// Conditions that a conversion to the type of the result would make 0.
TEST_F(ElementwiseTest, AConditionIsTestedAsItIs) {
  Elements<std::int32_t> x{1, 2, 3, 4};
  Elements<double> condition{0.5, NAN, 0, 1e-300};
  Elements<std::int32_t> out(4);
  Program program;
  program.Then(ElementwiseOp::kWhere, OperandKind::kVector, Scalar::Uint(1), OperandKind::kNumber, Scalar::Int(9));
  ASSERT_EQ(Run(parallel, Map, {x.view(), condition.view()}, {out.view()}, program.arguments), Status::kDone);
  EXPECT_EQ(out.Values(), (std::vector<std::int32_t>{1, 2, 9, 4}));
  program = {};
  program.Then(ElementwiseOp::kWhere, OperandKind::kNumber, Scalar::Float(0.5), OperandKind::kNumber, Scalar::Int(9));
  EXPECT_EQ(One<std::int32_t>(parallel, program, {4}), 4);
}

TEST_F(ElementwiseTest, SaysThatItWasAborted) {
  Elements<double> x(std::vector<double>(1000, 1));
  Elements<double> out(1000);
  Elements<std::int8_t> bytes(1000);
  const Program program = Program().ThenNumber(ElementwiseOp::kAdd, Scalar::Int(1));
  EXPECT_EQ(RunAborted(Map, {x.view()}, {out.view()}, program.arguments), Status::kAborted);
  EXPECT_EQ(RunAborted(Map, {x.view()}, {bytes.view()}, program.arguments), Status::kAborted);
  EXPECT_EQ(out.Values(), std::vector<double>(1000));
}

}  // namespace
}  // namespace allcores::kernel
