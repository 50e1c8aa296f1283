#include "kernel/elementwise.h"

#include <algorithm>
#include <atomic>
#include <functional>

#include "kernel/convert.h"
#include "kernel/elementwise_steps.h"

namespace allcores::kernel {
namespace {

// Elements of a block: three blocks of doubles take half of a first-level cache of 32 KiB.
constexpr std::size_t kBlock = 512;
// Of one cheap step, as a part of a loop.
constexpr std::size_t kCheapGrain = 16'384;
constexpr std::size_t kArgumentsOfStep = 5;

template <typename T>
using ComputeType = std::conditional_t<std::is_floating_point_v<T>, T,
                                       std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;

struct Step {
  ElementwiseOp op;
  OperandKind kind_a;
  const Scalar& a;
  OperandKind kind_b;
  const Scalar& b;
};

Step StepAt(const Call& call, std::size_t index) {
  const Scalar* at = &call.arguments[index * kArgumentsOfStep];
  return {.op = static_cast<ElementwiseOp>(at[0].as_uint),
          .kind_a = static_cast<OperandKind>(at[1].as_uint),
          .a = at[2],
          .kind_b = static_cast<OperandKind>(at[3].as_uint),
          .b = at[4]};
}

bool IsTrue(const Scalar& number) {
  return number.kind == Scalar::Kind::kFloat || number.kind == Scalar::Kind::kNone ? number.as_float != 0
                                                                                   : number.as_uint != 0;
}

// In units of a cheap step.
std::size_t CostOf(ElementwiseOp op) {
  switch (op) {
    case ElementwiseOp::kDiv:
    case ElementwiseOp::kSqrt:
      return 4;
    case ElementwiseOp::kMod:
    case ElementwiseOp::kPow:
    case ElementwiseOp::kExp:
    case ElementwiseOp::kLog:
    case ElementwiseOp::kSin:
    case ElementwiseOp::kCos:
    case ElementwiseOp::kTan:
    case ElementwiseOp::kTanh:
      return 16;
    default:
      return 1;
  }
}

template <typename C>
void Load(const View& from, std::size_t begin, std::size_t count, C* block) {
  VisitType(from.dtype, [&]<typename T>() {
    const T* data = from.As<T>() + begin;
    for (std::size_t i = 0; i < count; ++i) block[i] = ConvertOrZero<C>(data[i]);
  });
  // What was loaded is not loaded again: a divisor that is no zero stays none, whoever changes the memory.
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

// 1 for what is not 0, else 0: before a conversion could make a 0 of it.
template <typename C>
void LoadTruth(const View& from, std::size_t begin, std::size_t count, C* block) {
  VisitType(from.dtype, [&]<typename T>() {
    const T* data = from.As<T>() + begin;
    for (std::size_t i = 0; i < count; ++i) block[i] = static_cast<C>(data[i] != T{0});
  });
}

template <typename C>
Operand<C> LoadOperand(const Call& call, OperandKind kind, const Scalar& value, bool truth, std::size_t begin,
                       std::size_t count, C* block) {
  if (kind == OperandKind::kNone) return {};
  if (kind == OperandKind::kNumber) return {.number = truth ? static_cast<C>(IsTrue(value)) : value.To<C>()};
  const View& from = call.inputs[value.as_uint];
  if (truth) {
    LoadTruth(from, begin, count, block);
  } else {
    Load(from, begin, count, block);
  }
  return {.block = block};
}

// Any program, for elements of one part.
template <typename T>
void MapPart(const Call& call, std::size_t begin, std::size_t end) {
  using C = ComputeType<T>;
  alignas(64) C x[kBlock];
  alignas(64) C a[kBlock];
  alignas(64) C b[kBlock];
  const std::size_t steps = call.arguments.size() / kArgumentsOfStep;
  T* out = call.outputs[0].As<T>();
  for (std::size_t at = begin; at < end; at += kBlock) {
    const std::size_t count = std::min(kBlock, end - at);
    Load(call.inputs[0], at, count, x);
    for (std::size_t i = 0; i < steps; ++i) {
      const Step step = StepAt(call, i);
      const bool truth = step.op == ElementwiseOp::kWhere;
      const Operand<C> first = LoadOperand(call, step.kind_a, step.a, truth, at, count, a);
      const Operand<C> second = LoadOperand(call, step.kind_b, step.b, false, at, count, b);
      ApplyStep(step.op, x, count, first, second);
    }
    for (std::size_t i = 0; i < count; ++i) out[at + i] = static_cast<T>(x[i]);
  }
}

// From memory to memory. Where two of the vectors are one, a loop of its own says so: a compiler that only knows two
// pointers to it takes one element at a time.
template <typename T, typename F>
void DirectPart(const T* x, const Operand<T>& a, T* out, std::size_t begin, std::size_t end, F f) {
  const T* y = a.block;
  if (y == nullptr) {
    const T number = a.number;
    if (out == x) {
      for (std::size_t i = begin; i < end; ++i) out[i] = f(out[i], number);
    } else {
      for (std::size_t i = begin; i < end; ++i) out[i] = f(x[i], number);
    }
  } else if (out == x) {
    for (std::size_t i = begin; i < end; ++i) out[i] = f(out[i], y[i]);
  } else if (out == y) {
    for (std::size_t i = begin; i < end; ++i) out[i] = f(x[i], out[i]);
  } else {
    for (std::size_t i = begin; i < end; ++i) out[i] = f(x[i], y[i]);
  }
}

// False: not a program for a direct loop, and nothing was done.
template <typename T>
bool MapDirectly(const executor::Parallel& parallel, const Call& call) {
  if (call.arguments.size() != kArgumentsOfStep || call.inputs[0].dtype != kDTypeOf<T>) return false;
  const Step step = StepAt(call, 0);
  if (step.op > ElementwiseOp::kDiv) return false;
  Operand<T> operand;
  if (step.kind_a == OperandKind::kVector) {
    const View& from = call.inputs[step.a.as_uint];
    if (from.dtype != kDTypeOf<T>) return false;
    operand.block = from.As<T>();
  } else {
    operand.number = step.kind_a == OperandKind::kNumber ? step.a.To<T>() : T{0};
  }
  const T* x = call.inputs[0].As<T>();
  T* out = call.outputs[0].As<T>();
  const auto run = [&](auto f) {
    parallel.For(call.outputs[0].length, kCheapGrain,
                 [&](std::size_t begin, std::size_t end) { DirectPart(x, operand, out, begin, end, f); });
    return true;
  };
  switch (step.op) {
    case ElementwiseOp::kAdd:
      return run(std::plus<T>());
    case ElementwiseOp::kSub:
      return run(std::minus<T>());
    case ElementwiseOp::kMul:
      return run(std::multiplies<T>());
    default:
      return run(std::divides<T>());
  }
}

}  // namespace

Status Map(const executor::Parallel& parallel, Call& call) {
  std::size_t cost = 1;
  for (std::size_t i = 0; i < call.arguments.size() / kArgumentsOfStep; ++i) cost += CostOf(StepAt(call, i).op);
  const std::size_t grain = std::max(kBlock, kCheapGrain / cost / kBlock * kBlock);
  VisitType(call.outputs[0].dtype, [&]<typename T>() {
    if constexpr (std::is_floating_point_v<T>) {
      if (MapDirectly<T>(parallel, call)) return;
    }
    parallel.For(call.outputs[0].length, grain,
                 [&](std::size_t begin, std::size_t end) { MapPart<T>(call, begin, end); });
  });
  return parallel.aborted() ? Status::kAborted : Status::kDone;
}

}  // namespace allcores::kernel
