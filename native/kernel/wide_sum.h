#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace allcores::kernel {

// An exact sum of integers: 128 bits, two's complement. No sum of a vector that fits into memory overflows it.
class WideSum {
 public:
  void Add(std::int64_t value) { Add(static_cast<std::uint64_t>(value), value < 0 ? ~std::uint64_t{0} : 0); }
  void Add(const WideSum& other) { Add(other.low_, other.high_); }
  // value · 2^32
  void AddHigh(std::uint64_t value) { Add(value << 32, value >> 32); }
  // value · 2^63
  void SubtractTop(std::uint64_t value) {
    Add(~(value << 63), ~(value >> 1));
    Add(1);
  }

  // Rounded once, to the nearest, ties to even.
  [[nodiscard]] double ToDouble() const {
    const bool negative = high_ >> 63 != 0;
    const std::uint64_t low = negative ? ~low_ + 1 : low_;
    const std::uint64_t high = negative ? ~high_ + (low == 0 ? 1 : 0) : high_;
    const double magnitude = high == 0 ? static_cast<double>(low) : Round(high, low);
    return negative ? -magnitude : magnitude;
  }

 private:
  void Add(std::uint64_t low, std::uint64_t high) {
    low_ += low;
    high_ += high + (low_ < low ? 1 : 0);
  }

  // The 64 uppermost bits are more than a double keeps: the last of them stands for all that come after it.
  static double Round(std::uint64_t high, std::uint64_t low) {
    const int shift = 64 - std::countl_zero(high);
    const std::uint64_t rest = shift == 64 ? low : low << (64 - shift);
    const std::uint64_t top = shift == 64 ? high : high << (64 - shift) | low >> shift;
    return std::ldexp(static_cast<double>(top | (rest != 0 ? 1 : 0)), shift);
  }

  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
};

}  // namespace allcores::kernel
