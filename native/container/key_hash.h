#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace allcores::container {

// A hash of bytes whose every bit depends on every bit of key and seed: the 128-bit product of two words, halves
// folded, 16 bytes at a time. Whoever does not know the seed cannot make keys that collide.
class KeyHash {
 public:
  explicit KeyHash(std::uint64_t seed) : seed_(seed) {}

  [[nodiscard]] std::uint64_t operator()(std::span<const std::byte> key) const {
    const std::byte* at = key.data();
    std::size_t left = key.size();
    std::uint64_t state = seed_ ^ kFirst;
    while (left > 16) {
      state = Fold(Word(at, 8) ^ state, Word(at + 8, 8) ^ kSecond ^ seed_);
      at += 16;
      left -= 16;
    }
    // The length goes in at the end, so that trailing zeros count.
    const std::uint64_t low = Word(at, left < 8 ? left : 8);
    const std::uint64_t high = left > 8 ? Word(at + 8, left - 8) : 0;
    state = Fold(low ^ state, high ^ kSecond ^ seed_);
    return Fold(state ^ key.size(), seed_ ^ kThird);
  }

  // The whole of both words in each bit.
  static std::uint64_t Fold(std::uint64_t a, std::uint64_t b) {
#if defined(__SIZEOF_INT128__)
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
#else
    const std::uint64_t low = (a & 0xffffffff) * (b & 0xffffffff);
    const std::uint64_t middle = (a >> 32) * (b & 0xffffffff) + (low >> 32);
    const std::uint64_t other = (a & 0xffffffff) * (b >> 32) + (middle & 0xffffffff);
    const std::uint64_t high = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
    return ((other << 32) | (low & 0xffffffff)) ^ high;
#endif
  }

 private:
  // Odd, with about as many ones as zeros.
  static constexpr std::uint64_t kFirst = 0x9e3779b97f4a7c15;
  static constexpr std::uint64_t kSecond = 0xd1b54a32d192ed03;
  static constexpr std::uint64_t kThird = 0x8cb92ba72f3d8dd7;

  static std::uint64_t Word(const std::byte* at, std::size_t bytes) {
    std::uint64_t word = 0;
    if (bytes == 8) {
      std::memcpy(&word, at, 8);  // of a fixed length: one load
    } else if (bytes >= 4) {
      std::uint32_t first = 0;
      std::uint32_t last = 0;
      std::memcpy(&first, at, 4);
      std::memcpy(&last, at + bytes - 4, 4);
      word = static_cast<std::uint64_t>(last) << 32 | first;
    } else if (bytes > 0) {
      word = std::to_integer<std::uint64_t>(at[0]) | std::to_integer<std::uint64_t>(at[bytes / 2]) << 8 |
             std::to_integer<std::uint64_t>(at[bytes - 1]) << 16;
    }
    return word;
  }

  std::uint64_t seed_;
};

}  // namespace allcores::container
