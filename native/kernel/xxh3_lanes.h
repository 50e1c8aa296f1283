#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace allcores::kernel {

static_assert(std::endian::native == std::endian::little);

inline constexpr std::uint32_t kXxh3Prime32 = 0x9e3779b1;

// Two words of 64 bits, and what XXH3 does with them; one type for each set of instructions.
struct PlainPair {
  std::uint64_t first;
  std::uint64_t second;

  static PlainPair Load(const void* from) {
    PlainPair pair;
    std::memcpy(&pair, from, sizeof(pair));
    return pair;
  }
  void Store(void* to) const { std::memcpy(to, this, sizeof(*this)); }
  [[nodiscard]] PlainPair Plus(PlainPair other) const { return {first + other.first, second + other.second}; }
  [[nodiscard]] PlainPair Xor(PlainPair other) const { return {first ^ other.first, second ^ other.second}; }
  [[nodiscard]] PlainPair Swapped() const { return {second, first}; }
  // Of each word, its lower half times its upper half.
  [[nodiscard]] PlainPair HalvesMultiplied() const { return {Halves(first), Halves(second)}; }
  [[nodiscard]] PlainPair Shifted47() const { return {first >> 47, second >> 47}; }
  [[nodiscard]] PlainPair TimesPrime() const { return {first * kXxh3Prime32, second * kXxh3Prime32}; }

 private:
  static std::uint64_t Halves(std::uint64_t word) { return (word & 0xffffffff) * (word >> 32); }
};

#if defined(__SSE2__)

struct SsePair {
  __m128i words;

  static SsePair Load(const void* from) { return {_mm_loadu_si128(static_cast<const __m128i*>(from))}; }
  void Store(void* to) const { _mm_storeu_si128(static_cast<__m128i*>(to), words); }
  [[nodiscard]] SsePair Plus(SsePair other) const { return {_mm_add_epi64(words, other.words)}; }
  [[nodiscard]] SsePair Xor(SsePair other) const { return {_mm_xor_si128(words, other.words)}; }
  [[nodiscard]] SsePair Swapped() const { return {_mm_shuffle_epi32(words, _MM_SHUFFLE(1, 0, 3, 2))}; }
  [[nodiscard]] SsePair HalvesMultiplied() const { return {_mm_mul_epu32(words, _mm_srli_epi64(words, 32))}; }
  [[nodiscard]] SsePair Shifted47() const { return {_mm_srli_epi64(words, 47)}; }
  [[nodiscard]] SsePair TimesPrime() const {
    const __m128i prime = _mm_set1_epi32(static_cast<int>(kXxh3Prime32));
    const __m128i upper = _mm_slli_epi64(_mm_mul_epu32(_mm_srli_epi64(words, 32), prime), 32);
    return {_mm_add_epi64(_mm_mul_epu32(words, prime), upper)};
  }
};
using FastPair = SsePair;

#elif defined(__ARM_NEON)

struct NeonPair {
  uint64x2_t words;

  static NeonPair Load(const void* from) {
    return {vreinterpretq_u64_u8(vld1q_u8(static_cast<const std::uint8_t*>(from)))};
  }
  void Store(void* to) const { vst1q_u8(static_cast<std::uint8_t*>(to), vreinterpretq_u8_u64(words)); }
  [[nodiscard]] NeonPair Plus(NeonPair other) const { return {vaddq_u64(words, other.words)}; }
  [[nodiscard]] NeonPair Xor(NeonPair other) const { return {veorq_u64(words, other.words)}; }
  [[nodiscard]] NeonPair Swapped() const { return {vextq_u64(words, words, 1)}; }
  [[nodiscard]] NeonPair HalvesMultiplied() const { return {vmull_u32(vmovn_u64(words), vshrn_n_u64(words, 32))}; }
  [[nodiscard]] NeonPair Shifted47() const { return {vshrq_n_u64(words, 47)}; }
  [[nodiscard]] NeonPair TimesPrime() const {
    const uint32x2_t prime = vdup_n_u32(kXxh3Prime32);
    const uint64x2_t upper = vshlq_n_u64(vmull_u32(vshrn_n_u64(words, 32), prime), 32);
    return {vmlal_u32(upper, vmovn_u64(words), prime)};
  }
};
using FastPair = NeonPair;

#else

using FastPair = PlainPair;

#endif

// The state of XXH3 over long messages: eight words.
template <typename Pair>
class Xxh3Lanes {
 public:
  static constexpr std::size_t kWords = 8;
  static constexpr std::size_t kStripe = 64;
  static constexpr std::size_t kSecretStep = 8;  // from stripe to stripe
  static constexpr std::size_t kSecretBytes = 192;
  static constexpr std::size_t kScrambleAt = kSecretBytes - kStripe;
  static constexpr std::size_t kBlockStripes = kScrambleAt / kSecretStep;
  static constexpr std::size_t kBlock = kBlockStripes * kStripe;

  // Whole blocks.
  static void TakeBlocks(std::uint64_t* state, const std::byte* data, std::size_t count, const std::byte* secret) {
    Xxh3Lanes lanes(state);
    for (std::size_t i = 0; i < count; ++i) {
      lanes.Take(data + i * kBlock, kBlockStripes, secret);
      lanes.Scramble(secret + kScrambleAt);
    }
    lanes.Save(state);
  }

  // Fewer stripes than a block has, each with the next part of the secret.
  static void TakeStripes(std::uint64_t* state, const std::byte* data, std::size_t count, const std::byte* secret) {
    Xxh3Lanes lanes(state);
    lanes.Take(data, count, secret);
    lanes.Save(state);
  }

 private:
  // Four variables: so they stay in registers.
  explicit Xxh3Lanes(const std::uint64_t* state)
      : a_(Pair::Load(state)), b_(Pair::Load(state + 2)), c_(Pair::Load(state + 4)), d_(Pair::Load(state + 6)) {}

  void Save(std::uint64_t* state) const {
    a_.Store(state);
    b_.Store(state + 2);
    c_.Store(state + 4);
    d_.Store(state + 6);
  }

  void Take(const std::byte* data, std::size_t count, const std::byte* secret) {
    for (std::size_t i = 0; i < count; ++i, data += kStripe, secret += kSecretStep) {
      a_ = Mixed(a_, data, secret);
      b_ = Mixed(b_, data + 16, secret + 16);
      c_ = Mixed(c_, data + 32, secret + 32);
      d_ = Mixed(d_, data + 48, secret + 48);
    }
  }

  void Scramble(const std::byte* secret) {
    a_ = Scrambled(a_, secret);
    b_ = Scrambled(b_, secret + 16);
    c_ = Scrambled(c_, secret + 32);
    d_ = Scrambled(d_, secret + 48);
  }

  static Pair Mixed(Pair pair, const std::byte* data, const std::byte* secret) {
    const Pair value = Pair::Load(data);
    return pair.Plus(value.Swapped()).Plus(value.Xor(Pair::Load(secret)).HalvesMultiplied());
  }

  static Pair Scrambled(Pair pair, const std::byte* secret) {
    return pair.Xor(pair.Shifted47()).Xor(Pair::Load(secret)).TimesPrime();
  }

  Pair a_;
  Pair b_;
  Pair c_;
  Pair d_;
};

}  // namespace allcores::kernel
