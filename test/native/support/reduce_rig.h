#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>
#include <vector>

#include "executor/parallel.h"
#include "kernel/call.h"

namespace allcores::testing {

// Calls kernels that reduce, scan or count vectors, on pools of several sizes.
class ReduceRig {
 public:
  static constexpr std::array<std::size_t, 16> kLengths = {0,    1,    2,     7,     15,    16,      17,      4095,
                                                           4096, 4097, 16383, 16384, 16385, 100'003, 131'072, 200'001};

  // The same kernel on 1, 2 and 3 threads.
  template <typename Body>
  void OnEach(Body&& body) {
    for (executor::ThreadPool* pool : {&one_, &two_, &three_}) body(executor::Parallel(*pool));
  }

  // As OnEach, with a request to stop: nothing but kAborted is right.
  template <typename Body>
  void OnEachAborted(Body&& body) {
    const std::atomic<std::uint32_t> abort{1};
    for (executor::ThreadPool* pool : {&one_, &two_, &three_}) body(executor::Parallel(*pool, &abort));
  }

  template <typename T>
  static kernel::View ViewOf(std::vector<T>& values, std::size_t begin = 0) {
    return {.dtype = kernel::kDTypeOf<T>, .data = values.data() + begin, .length = values.size() - begin};
  }

  std::mt19937_64& random() { return random_; }

  // Integers: of the whole range. Floats: of many magnitudes, and few of them alike.
  template <typename T>
  std::vector<T> Values(std::size_t length) {
    std::vector<T> values(length);
    for (T& value : values) {
      if constexpr (std::is_floating_point_v<T>) {
        value = static_cast<T>(
            std::ldexp(std::uniform_real_distribution<double>(-1, 1)(random_), static_cast<int>(random_() % 20)));
      } else {
        value = static_cast<T>(random_());
      }
    }
    return values;
  }

 private:
  executor::ThreadPool one_{1};
  executor::ThreadPool two_{2};
  executor::ThreadPool three_{3};
  std::mt19937_64 random_{20240917};
};

// Equal bit by bit, but that all NaN are alike.
inline bool SameBits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

inline bool Same(const kernel::Scalar& a, const kernel::Scalar& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == kernel::Scalar::Kind::kFloat) return SameBits(a.as_float, b.as_float);
  return a.kind == kernel::Scalar::Kind::kNone || a.as_uint == b.as_uint;
}

}  // namespace allcores::testing
