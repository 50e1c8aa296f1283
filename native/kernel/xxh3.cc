#include "kernel/xxh3.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace allcores::kernel {
namespace {

using Lanes = Xxh3Lanes<FastPair>;

constexpr std::uint64_t kPrime32A = kXxh3Prime32;
constexpr std::uint64_t kPrime32B = 0x85ebca77;
constexpr std::uint64_t kPrime32C = 0xc2b2ae3d;
constexpr std::uint64_t kPrime64A = 0x9e3779b185ebca87;
constexpr std::uint64_t kPrime64B = 0xc2b2ae3d27d4eb4f;
constexpr std::uint64_t kPrime64C = 0x165667b19e3779f9;
constexpr std::uint64_t kPrime64D = 0x85ebca77c2b2ae63;
constexpr std::uint64_t kPrime64E = 0x27d4eb2f165667c5;
constexpr std::uint64_t kMixA = 0x165667919e3779f9;
constexpr std::uint64_t kMixB = 0x9fb21c651e98df25;

constexpr std::array<std::uint64_t, Lanes::kWords> kStart = {kPrime32C, kPrime64A, kPrime64B, kPrime64C,
                                                             kPrime64D, kPrime32B, kPrime64E, kPrime32A};

// As words in memory order.
alignas(64) constexpr std::array<std::uint64_t, Lanes::kSecretBytes / 8> kSecretWords = {
    0xbe4ba423396cfeb8, 0x1cad21f72c81017c, 0xdb979083e96dd4de, 0x1f67b3b7a4a44072, 0x78e5c0cc4ee679cb,
    0x2172ffcc7dd05a82, 0x8e2443f7744608b8, 0x4c263a81e69035e0, 0xcb00c391bb52283c, 0xa32e531b8b65d088,
    0x4ef90da297486471, 0xd8acdea946ef1938, 0x3f349ce33f76faa8, 0x1d4f0bc7c7bbdcf9, 0x3159b4cd4be0518a,
    0x647378d9c97e9fc8, 0xc3ebd33483acc5ea, 0xeb6313faffa081c5, 0x49daf0b751dd0d17, 0x9e68d429265516d3,
    0xfca1477d58be162b, 0xce31d07ad1b8f88f, 0x280416958f3acb45, 0x7e404bbbcafbd7af};

const std::byte* Secret() { return reinterpret_cast<const std::byte*>(kSecretWords.data()); }

// Where in the secret some steps begin.
constexpr std::size_t kLastStripeAt = Lanes::kScrambleAt - 7;
constexpr std::size_t kMergeAt = 11;
constexpr std::size_t kSecondRoundsAt = 3;
constexpr std::size_t kLastRoundAt = 119;

// Longest messages of each kind.
constexpr std::size_t kShort = 16;
constexpr std::size_t kMiddle = 128;
constexpr std::size_t kLong = 240;

std::uint32_t Read32(const std::byte* from) {
  std::uint32_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

std::uint64_t Read64(const std::byte* from) {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof(word));
  return word;
}

std::uint64_t ReverseBytes(std::uint64_t word) {
  word = (word & 0x00ff00ff00ff00ff) << 8 | (word >> 8 & 0x00ff00ff00ff00ff);
  word = (word & 0x0000ffff0000ffff) << 16 | (word >> 16 & 0x0000ffff0000ffff);
  return word << 32 | word >> 32;
}

// The halves of the product of 128 bits, by exclusive or.
std::uint64_t MultiplyFold(std::uint64_t a, std::uint64_t b) {
#if defined(__SIZEOF_INT128__)
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
#else
  constexpr std::uint64_t kLower = 0xffffffff;
  const std::uint64_t low = (a & kLower) * (b & kLower);
  const std::uint64_t cross = (low >> 32) + (a >> 32) * (b & kLower);  // below 2^64
  const std::uint64_t middle = (cross & kLower) + (a & kLower) * (b >> 32);
  const std::uint64_t high = (a >> 32) * (b >> 32) + (cross >> 32) + (middle >> 32);
  return (middle << 32 | (low & kLower)) ^ high;
#endif
}

std::uint64_t Avalanche(std::uint64_t hash) {
  hash = (hash ^ hash >> 37) * kMixA;
  return hash ^ hash >> 32;
}

// That of XXH64.
std::uint64_t StrongAvalanche(std::uint64_t hash) {
  hash = (hash ^ hash >> 33) * kPrime64B;
  hash = (hash ^ hash >> 29) * kPrime64C;
  return hash ^ hash >> 32;
}

std::uint64_t HashShort(const std::byte* data, std::size_t length, std::uint64_t seed) {
  const std::byte* const secret = Secret();
  if (length > 8) {
    const std::uint64_t low = Read64(data) ^ ((Read64(secret + 24) ^ Read64(secret + 32)) + seed);
    const std::uint64_t high = Read64(data + length - 8) ^ ((Read64(secret + 40) ^ Read64(secret + 48)) - seed);
    return Avalanche(length + ReverseBytes(low) + high + MultiplyFold(low, high));
  }
  if (length >= 4) {
    const std::uint64_t reversed = ReverseBytes(seed & 0xffffffff) >> 32;
    const std::uint64_t flip = (Read64(secret + 8) ^ Read64(secret + 16)) - (seed ^ reversed << 32);
    std::uint64_t hash = (Read32(data + length - 4) + (std::uint64_t{Read32(data)} << 32)) ^ flip;
    hash = (hash ^ std::rotl(hash, 49) ^ std::rotl(hash, 24)) * kMixB;
    hash = (hash ^ ((hash >> 35) + length)) * kMixB;
    return hash ^ hash >> 28;
  }
  if (length == 0) return StrongAvalanche(seed ^ Read64(secret + 56) ^ Read64(secret + 64));
  const auto byte_at = [data](std::size_t i) { return std::to_integer<std::uint32_t>(data[i]); };
  const std::uint32_t word =
      byte_at(0) << 16 | byte_at(length / 2) << 24 | byte_at(length - 1) | static_cast<std::uint32_t>(length) << 8;
  return StrongAvalanche(word ^ ((Read32(secret) ^ Read32(secret + 4)) + seed));
}

std::uint64_t Round(const std::byte* data, std::size_t secret_at, std::uint64_t seed) {
  const std::byte* const secret = Secret() + secret_at;
  return MultiplyFold(Read64(data) ^ (Read64(secret) + seed), Read64(data + 8) ^ (Read64(secret + 8) - seed));
}

// From both ends inwards.
std::uint64_t HashMiddle(const std::byte* data, std::size_t length, std::uint64_t seed) {
  std::uint64_t hash = length * kPrime64A;
  for (std::size_t i = (length - 1) / 32 + 1; i-- > 0;) {
    hash += Round(data + 16 * i, 32 * i, seed);
    hash += Round(data + length - 16 * (i + 1), 32 * i + 16, seed);
  }
  return Avalanche(hash);
}

std::uint64_t HashUpToLong(const std::byte* data, std::size_t length, std::uint64_t seed) {
  std::uint64_t hash = length * kPrime64A;
  for (std::size_t i = 0; i < 8; ++i) hash += Round(data + 16 * i, 16 * i, seed);
  hash = Avalanche(hash);
  for (std::size_t i = 8; i < length / 16; ++i) hash += Round(data + 16 * i, 16 * (i - 8) + kSecondRoundsAt, seed);
  return Avalanche(hash + Round(data + length - 16, kLastRoundAt, seed));
}

std::uint64_t HashUpToLongOrLess(const std::byte* data, std::size_t length, std::uint64_t seed) {
  if (length <= kShort) return HashShort(data, length, seed);
  return length <= kMiddle ? HashMiddle(data, length, seed) : HashUpToLong(data, length, seed);
}

void DeriveSecret(std::uint64_t seed, std::byte* secret) {
  for (std::size_t i = 0; i < kSecretWords.size(); ++i) {
    const std::uint64_t word = kSecretWords[i] + (i % 2 == 0 ? seed : 0 - seed);
    std::memcpy(secret + 8 * i, &word, sizeof(word));
  }
}

// The end of a message, from 1 byte to a block, and before it in memory at least so much that `end` - 64 is there.
std::uint64_t FinishLong(std::uint64_t* state, const std::byte* rest, const std::byte* end, std::uint64_t length,
                         const std::byte* secret) {
  Lanes::TakeStripes(state, rest, static_cast<std::size_t>(end - rest - 1) / Lanes::kStripe, secret);
  Lanes::TakeStripes(state, end - Lanes::kStripe, 1, secret + kLastStripeAt);
  std::uint64_t hash = length * kPrime64A;
  for (std::size_t i = 0; i < Lanes::kWords; i += 2) {
    const std::byte* const own = secret + kMergeAt + 8 * i;
    hash += MultiplyFold(state[i] ^ Read64(own), state[i + 1] ^ Read64(own + 8));
  }
  return Avalanche(hash);
}

std::uint64_t HashLong(const std::byte* data, std::size_t length, const std::byte* secret) {
  std::array<std::uint64_t, Lanes::kWords> state = kStart;
  const std::size_t blocks = (length - 1) / Lanes::kBlock;
  Lanes::TakeBlocks(state.data(), data, blocks, secret);
  return FinishLong(state.data(), data + blocks * Lanes::kBlock, data + length, length, secret);
}

}  // namespace

std::uint64_t Xxh3(std::span<const std::byte> message, std::uint64_t seed) {
  if (message.size() <= kLong) return HashUpToLongOrLess(message.data(), message.size(), seed);
  if (seed == 0) return HashLong(message.data(), message.size(), Secret());
  std::array<std::byte, Lanes::kSecretBytes> secret;
  DeriveSecret(seed, secret.data());
  return HashLong(message.data(), message.size(), secret.data());
}

Xxh3Stream::Xxh3Stream(std::uint64_t seed) : seed_(seed), state_(kStart) { DeriveSecret(seed, secret_.data()); }

void Xxh3Stream::Update(std::span<const std::byte> piece) {
  if (piece.empty()) return;
  std::byte* const rest = buffer_.data() + Lanes::kStripe;
  length_ += piece.size();
  const std::byte* data = piece.data();
  std::size_t left = piece.size();
  if (buffered_ + left > Lanes::kBlock) {
    if (buffered_ > 0) {
      const std::size_t missing = Lanes::kBlock - buffered_;
      std::memcpy(rest + buffered_, data, missing);
      data += missing;
      left -= missing;
      Lanes::TakeBlocks(state_.data(), rest, 1, secret_.data());
    }
    const std::size_t blocks = (left - 1) / Lanes::kBlock;
    Lanes::TakeBlocks(state_.data(), data, blocks, secret_.data());
    const std::byte* const last = blocks > 0 ? data + blocks * Lanes::kBlock : rest + Lanes::kBlock;
    std::memcpy(buffer_.data(), last - Lanes::kStripe, Lanes::kStripe);
    data += blocks * Lanes::kBlock;
    left -= blocks * Lanes::kBlock;
    buffered_ = 0;
  }
  std::memcpy(rest + buffered_, data, left);
  buffered_ += left;
}

std::uint64_t Xxh3Stream::Finish() const {
  const std::byte* const rest = buffer_.data() + Lanes::kStripe;
  if (length_ <= kLong) return HashUpToLongOrLess(rest, buffered_, seed_);
  std::array<std::uint64_t, Lanes::kWords> state = state_;
  return FinishLong(state.data(), rest, rest + buffered_, length_, secret_.data());
}

}  // namespace allcores::kernel
