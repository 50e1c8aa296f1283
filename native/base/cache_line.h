#pragma once

#include <cstddef>
#include <cstdint>

namespace allcores {

// Distance that keeps two words from sharing a line. Apple's arm64 cores use 128-byte lines and x86 prefetches lines in
// pairs, but doubling every block for the latter gained nothing measurable.
#if defined(__APPLE__) && defined(__aarch64__)
inline constexpr std::size_t kCacheLine = 128;
#else
inline constexpr std::size_t kCacheLine = 64;
#endif

constexpr std::uint64_t RoundUp(std::uint64_t value, std::uint64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

}  // namespace allcores
