#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace allcores::memory {

// The heap hands out its memory in units; a run is some of them in a row. A unit is the granularity of large blocks, so
// it is small: one of 33 KiB wastes a fifth at worst, where units of 64 KiB would waste a half.
inline constexpr std::uint32_t kUnitShift = 13;
inline constexpr std::uint64_t kUnitBytes = std::uint64_t{1} << kUnitShift;

// Small blocks come in classes: all multiples of 16 up to 128, then four a doubling. So a block is less than 20 %
// larger than what was asked for, but for the rounding to 16 of the smallest.
inline constexpr std::uint32_t kClasses = 40;
inline constexpr std::uint64_t kMostSmall = 32768;
inline constexpr std::uint32_t kLinearClasses = 8;
inline constexpr std::uint32_t kMostBlocks = 2048;  // in a span: what its packed word can count
inline constexpr std::uint32_t kMostSpanUnits = 8;

// The class of the smallest blocks that hold `bytes`, which is at most kMostSmall.
constexpr std::uint32_t ClassOf(std::uint64_t bytes) {
  if (bytes <= 16) return 0;
  if (bytes <= 128) return static_cast<std::uint32_t>((bytes + 15) / 16 - 1);
  const auto width = static_cast<std::uint32_t>(std::bit_width(bytes - 1));
  return kLinearClasses + (width - 8) * 4 + static_cast<std::uint32_t>((bytes - 1) >> (width - 3) & 3);
}

constexpr std::uint32_t SizeOfClass(std::uint32_t number) {
  if (number < kLinearClasses) return (number + 1) * 16;
  const std::uint32_t width = 8 + (number - kLinearClasses) / 4;
  const std::uint32_t quarter = (number - kLinearClasses) % 4;
  return (1U << (width - 1)) + ((quarter + 1) << (width - 3));
}

// How a span of one class is divided.
struct SizeClass {
  std::uint32_t bytes;    // of a block
  std::uint32_t units;    // of a span
  std::uint32_t blocks;   // in a span
  std::uint32_t inverse;  // of `bytes`, times 2^32, rounded up

  // The block that begins `distance` bytes behind the span's beginning. Exact: distance * bytes < 2^32.
  [[nodiscard]] constexpr std::uint32_t IndexOf(std::uint64_t distance) const {
    return static_cast<std::uint32_t>(distance * inverse >> 32);
  }
};

// A size is (1 to 8) times a power of two, so some number of units up to 8 is divided without a rest. The most of them.
constexpr SizeClass DivideSpan(std::uint32_t number) {
  const std::uint32_t bytes = SizeOfClass(number);
  std::uint32_t best = 0;
  for (std::uint32_t units = 1; units <= kMostSpanUnits; ++units) {
    const std::uint64_t span = units * kUnitBytes;
    if (span % bytes == 0 && span / bytes <= kMostBlocks && span / bytes >= 2) best = units;
  }
  return {bytes, best, static_cast<std::uint32_t>(best * kUnitBytes / bytes),
          static_cast<std::uint32_t>(((std::uint64_t{1} << 32) + bytes - 1) / bytes)};
}

inline constexpr auto kSizeClasses = [] {
  std::array<SizeClass, kClasses> classes{};
  for (std::uint32_t number = 0; number < kClasses; ++number) classes[number] = DivideSpan(number);
  return classes;
}();

}  // namespace allcores::memory
