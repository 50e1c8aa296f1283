#include "kernel/sha256_blocks.h"

#include <bit>
#include <cstring>

// Compilers that know the name of the feature. Apple's have other numbers, and Apple's processors other instructions.
#if defined(__x86_64__) && !defined(__APPLE__) && \
    ((defined(__clang__) && __clang_major__ >= 19) || (!defined(__clang__) && defined(__GNUC__) && __GNUC__ >= 11))
#define ALLCORES_SHA256_X86 1
#include <cpuid.h>
#include <immintrin.h>
#elif defined(__ARM_FEATURE_SHA2)
#define ALLCORES_SHA256_ARM 1
#include <arm_neon.h>
#endif

namespace allcores::kernel {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kBlock = 64;
constexpr std::size_t kRounds = 64;

alignas(64) constexpr std::uint32_t kConstants[kRounds] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

std::uint32_t ReadReversed(const std::byte* from) {
  std::uint32_t word;
  std::memcpy(&word, from, sizeof(word));
  word = (word & 0x00ff00ff) << 8 | (word >> 8 & 0x00ff00ff);
  return word << 16 | word >> 16;
}

// One round: the variables move by one, which callers do by naming them so.
inline void Round(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t& d, std::uint32_t e, std::uint32_t f,
                  std::uint32_t g, std::uint32_t& h, std::uint32_t added) {
  h += (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + (((f ^ g) & e) ^ g) + added;
  d += h;
  h += (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + (a & b) + ((a ^ b) & c);
}

#if defined(ALLCORES_SHA256_X86)

#define ALLCORES_SHA256_TARGET __attribute__((target("sha,sse4.1")))

// Four rounds.
ALLCORES_SHA256_TARGET inline void Rounds(__m128i& abef, __m128i& cdgh, __m128i words, std::size_t round) {
  const __m128i constants = _mm_load_si128(reinterpret_cast<const __m128i*>(kConstants + round));
  const __m128i added = _mm_add_epi32(words, constants);
  cdgh = _mm_sha256rnds2_epu32(cdgh, abef, added);
  abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_unpackhi_epi64(added, added));
}

// The words of the rounds after those of d, in place of a.
ALLCORES_SHA256_TARGET inline void Extend(__m128i& a, __m128i b, __m128i c, __m128i d) {
  a = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4)), d);
}

ALLCORES_SHA256_TARGET inline __m128i LoadReversed(const std::byte* from) {
  const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  return _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)), order);
}

ALLCORES_SHA256_TARGET void X86Sha256Blocks(std::uint32_t* state, const std::byte* blocks, std::size_t count) {
  auto* const words = reinterpret_cast<__m128i*>(state);
  // From the order a, b, c, d and e, f, g, h to that of the instructions, which name the highest word first.
  const __m128i badc = _mm_shuffle_epi32(_mm_loadu_si128(words), _MM_SHUFFLE(2, 3, 0, 1));
  const __m128i fehg = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), _MM_SHUFFLE(2, 3, 0, 1));
  __m128i abef = _mm_unpacklo_epi64(fehg, badc);
  __m128i cdgh = _mm_unpackhi_epi64(fehg, badc);
  for (; count > 0; --count, blocks += kBlock) {
    const __m128i abef_before = abef;
    const __m128i cdgh_before = cdgh;
    __m128i a = LoadReversed(blocks);
    __m128i b = LoadReversed(blocks + 16);
    __m128i c = LoadReversed(blocks + 32);
    __m128i d = LoadReversed(blocks + 48);
    for (std::size_t round = 0; round < kRounds - 16; round += 16) {
      Rounds(abef, cdgh, a, round);
      Extend(a, b, c, d);
      Rounds(abef, cdgh, b, round + 4);
      Extend(b, c, d, a);
      Rounds(abef, cdgh, c, round + 8);
      Extend(c, d, a, b);
      Rounds(abef, cdgh, d, round + 12);
      Extend(d, a, b, c);
    }
    Rounds(abef, cdgh, a, kRounds - 16);
    Rounds(abef, cdgh, b, kRounds - 12);
    Rounds(abef, cdgh, c, kRounds - 8);
    Rounds(abef, cdgh, d, kRounds - 4);
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  _mm_storeu_si128(words, _mm_shuffle_epi32(_mm_unpackhi_epi64(abef, cdgh), _MM_SHUFFLE(2, 3, 0, 1)));
  _mm_storeu_si128(words + 1, _mm_shuffle_epi32(_mm_unpacklo_epi64(abef, cdgh), _MM_SHUFFLE(2, 3, 0, 1)));
}

#elif defined(ALLCORES_SHA256_ARM)

// Four rounds.
inline void Rounds(uint32x4_t& abcd, uint32x4_t& efgh, uint32x4_t words, std::size_t round) {
  const uint32x4_t added = vaddq_u32(words, vld1q_u32(kConstants + round));
  const uint32x4_t before = abcd;
  abcd = vsha256hq_u32(abcd, efgh, added);
  efgh = vsha256h2q_u32(efgh, before, added);
}

// The words of the rounds after those of d, in place of a.
inline void Extend(uint32x4_t& a, uint32x4_t b, uint32x4_t c, uint32x4_t d) {
  a = vsha256su1q_u32(vsha256su0q_u32(a, b), c, d);
}

inline uint32x4_t LoadReversed(const std::byte* from) {
  return vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(reinterpret_cast<const std::uint8_t*>(from))));
}

void ArmSha256Blocks(std::uint32_t* state, const std::byte* blocks, std::size_t count) {
  uint32x4_t abcd = vld1q_u32(state);
  uint32x4_t efgh = vld1q_u32(state + 4);
  for (; count > 0; --count, blocks += kBlock) {
    const uint32x4_t abcd_before = abcd;
    const uint32x4_t efgh_before = efgh;
    uint32x4_t a = LoadReversed(blocks);
    uint32x4_t b = LoadReversed(blocks + 16);
    uint32x4_t c = LoadReversed(blocks + 32);
    uint32x4_t d = LoadReversed(blocks + 48);
    for (std::size_t round = 0; round < kRounds - 16; round += 16) {
      Rounds(abcd, efgh, a, round);
      Extend(a, b, c, d);
      Rounds(abcd, efgh, b, round + 4);
      Extend(b, c, d, a);
      Rounds(abcd, efgh, c, round + 8);
      Extend(c, d, a, b);
      Rounds(abcd, efgh, d, round + 12);
      Extend(d, a, b, c);
    }
    Rounds(abcd, efgh, a, kRounds - 16);
    Rounds(abcd, efgh, b, kRounds - 12);
    Rounds(abcd, efgh, c, kRounds - 8);
    Rounds(abcd, efgh, d, kRounds - 4);
    abcd = vaddq_u32(abcd, abcd_before);
    efgh = vaddq_u32(efgh, efgh_before);
  }
  vst1q_u32(state, abcd);
  vst1q_u32(state + 4, efgh);
}

#endif

}  // namespace

void PlainSha256Blocks(std::uint32_t* state, const std::byte* blocks, std::size_t count) {
  for (; count > 0; --count, blocks += kBlock) {
    std::uint32_t words[kRounds];
    for (std::size_t i = 0; i < 16; ++i) words[i] = ReadReversed(blocks + 4 * i);
    for (std::size_t i = 16; i < kRounds; ++i) {
      const std::uint32_t near = words[i - 2];
      const std::uint32_t far = words[i - 15];
      words[i] = words[i - 16] + words[i - 7] + (std::rotr(near, 17) ^ std::rotr(near, 19) ^ near >> 10) +
                 (std::rotr(far, 7) ^ std::rotr(far, 18) ^ far >> 3);
    }
    std::uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    std::uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (std::size_t i = 0; i < kRounds; i += 8) {
      const auto added = [&words, i](std::size_t j) { return words[i + j] + kConstants[i + j]; };
      Round(a, b, c, d, e, f, g, h, added(0));
      Round(h, a, b, c, d, e, f, g, added(1));
      Round(g, h, a, b, c, d, e, f, added(2));
      Round(f, g, h, a, b, c, d, e, added(3));
      Round(e, f, g, h, a, b, c, d, added(4));
      Round(d, e, f, g, h, a, b, c, added(5));
      Round(c, d, e, f, g, h, a, b, added(6));
      Round(b, c, d, e, f, g, h, a, added(7));
    }
    const std::uint32_t rounded[] = {a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state[i] += rounded[i];
  }
}

#if defined(ALLCORES_SHA256_X86)
namespace {

// Not by __builtin_cpu_supports, whose symbols are missing where the compiler's own library is not linked.
bool HasShaInstructions() {
  constexpr unsigned kSha = 1U << 29U;  // EBX of leaf 7
  unsigned eax = 0;
  unsigned ebx = 0;
  unsigned ecx = 0;
  unsigned edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & bit_SSE4_1) == 0) return false;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & kSha) != 0;
}

}  // namespace
#endif

Sha256Blocks FastSha256Blocks() {
#if defined(ALLCORES_SHA256_X86)
  if (HasShaInstructions()) return X86Sha256Blocks;
#elif defined(ALLCORES_SHA256_ARM)
  return ArmSha256Blocks;
#endif
  return PlainSha256Blocks;
}

}  // namespace allcores::kernel
