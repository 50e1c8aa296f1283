#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "executor/parallel.h"
#include "kernel/call.h"

namespace allcores::testing {

// Calls visit.operator()<T>() for each type of elements.
template <typename Visit>
void ForEachType(Visit&& visit) {
  for (std::uint32_t i = 0; i < kernel::kDTypes; ++i) {
    const auto dtype = static_cast<kernel::DType>(i);
    kernel::VisitType(dtype, [&]<typename T>() {
      SCOPED_TRACE("dtype " + std::to_string(i));
      visit.template operator()<T>();
    });
  }
}

// Lengths about the sizes of blocks and parts.
inline const std::vector<std::size_t> kLengths = {0, 1, 2, 3, 127, 128, 129, 511, 512, 513, 1025, 16'384, 70'001};

// Elements in memory with some before and behind them that nobody may write. They begin at an odd place, so they are
// aligned for their type and for nothing wider.
template <typename T>
class Elements {
 public:
  explicit Elements(std::size_t length) : Elements(std::vector<T>(length)) {}
  explicit Elements(const std::vector<T>& values) : memory_(values.size() + 2, kGuard) {
    std::copy(values.begin(), values.end(), memory_.begin() + 1);
  }
  Elements(std::initializer_list<T> values) : Elements(std::vector<T>(values)) {}

  T* data() { return memory_.data() + 1; }
  [[nodiscard]] std::size_t size() const { return memory_.size() - 2; }
  T& operator[](std::size_t i) { return memory_[i + 1]; }
  [[nodiscard]] std::vector<T> Values() const { return {memory_.begin() + 1, memory_.end() - 1}; }
  kernel::View view() { return {.dtype = kernel::kDTypeOf<T>, .data = data(), .length = size()}; }
  [[nodiscard]] bool GuardsHold() const { return memory_.front() == kGuard && memory_.back() == kGuard; }

 private:
  static constexpr T kGuard = 91;
  std::vector<T> memory_;
};

// Equal bit by bit, but for what a NaN has.
template <typename T>
bool Same(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    return a == b && std::signbit(a) == std::signbit(b);
  } else {
    return a == b;
  }
}

template <typename T>
::testing::AssertionResult SameVectors(const std::vector<T>& actual, const std::vector<T>& expected) {
  if (actual.size() != expected.size()) return ::testing::AssertionFailure() << actual.size() << " elements";
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (Same(actual[i], expected[i])) continue;
    return ::testing::AssertionFailure() << "[" << i << "] of " << actual.size() << ": " << +actual[i] << ", expected "
                                         << +expected[i];
  }
  return ::testing::AssertionSuccess();
}

class KernelTest : public ::testing::Test {
 protected:
  // On 1, 2 and 3 threads.
  static void OnThreads(const std::function<void(const executor::Parallel&)>& body) {
    for (std::uint32_t threads = 1; threads <= 3; ++threads) {
      SCOPED_TRACE(std::to_string(threads) + " threads");
      executor::ThreadPool own(threads);
      body(executor::Parallel(own));
    }
  }

  // The results of the call are in `results`, if that is not null.
  static kernel::Status Run(const executor::Parallel& on, kernel::Kernel kernel,
                            const std::vector<kernel::View>& inputs, const std::vector<kernel::View>& outputs,
                            const std::vector<kernel::Scalar>& arguments = {},
                            std::array<kernel::Scalar, 4>* results = nullptr) {
    kernel::Call call;
    call.inputs = inputs;
    call.outputs = outputs;
    call.arguments = arguments;
    const kernel::Status status = kernel(on, call);
    if (results != nullptr) *results = call.results;
    return status;
  }

  // Of a call that is aborted before it begins.
  kernel::Status RunAborted(kernel::Kernel kernel, const std::vector<kernel::View>& inputs,
                            const std::vector<kernel::View>& outputs,
                            const std::vector<kernel::Scalar>& arguments = {}) {
    const std::atomic<std::uint32_t> abort{1};
    return Run(executor::Parallel(pool, &abort), kernel, inputs, outputs, arguments);
  }

  // Numbers of all magnitudes, and in places those at the ends and beyond numbers.
  template <typename T>
  T Random() {
    const std::uint64_t bits = random();
    if constexpr (std::is_floating_point_v<T>) {
      using Limits = std::numeric_limits<T>;
      static constexpr T kSpecial[] = {T{0},
                                       -T{0},
                                       T{1},
                                       T{-1},
                                       T{0.5},
                                       T{2.5},
                                       T{-2.5},
                                       Limits::infinity(),
                                       -Limits::infinity(),
                                       Limits::quiet_NaN(),
                                       Limits::max(),
                                       Limits::lowest(),
                                       Limits::denorm_min(),
                                       T{255.5},
                                       T{9.3e18},
                                       T{-9.3e18}};
      if (bits % 4 == 0) return kSpecial[bits / 4 % std::size(kSpecial)];
      const auto unit = static_cast<T>(static_cast<double>(bits >> 11) * 0x1p-52 - 1);
      if (bits % 4 == 1) return unit;
      return std::ldexp(unit, static_cast<int>(bits / 4 % 80));
    } else {
      static constexpr T kSpecial[] = {
          T{0}, T{1},  static_cast<T>(-1), std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), T{2},
          T{3}, T{100}};
      if (bits % 4 == 0) return kSpecial[bits / 4 % std::size(kSpecial)];
      return static_cast<T>(static_cast<std::int64_t>(bits) >> bits % 63);
    }
  }

  template <typename T>
  std::vector<T> RandomVector(std::size_t length) {
    std::vector<T> values(length);
    for (T& value : values) value = Random<T>();
    return values;
  }

  std::mt19937_64 random{20240501};
  executor::ThreadPool pool{2};
  executor::Parallel parallel{pool};
};

}  // namespace allcores::testing
