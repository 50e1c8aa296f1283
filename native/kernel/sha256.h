#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernel/sha256_blocks.h"

namespace allcores::kernel {

// SHA-256 (FIPS 180-4) of a message that comes in pieces.
//
// Each block of a message is mixed into what came of the blocks before, so one message cannot be divided among threads.
class Sha256 {
 public:
  static constexpr std::size_t kDigestBytes = 32;
  using Digest = std::array<std::byte, kDigestBytes>;

  explicit Sha256(Sha256Blocks blocks = FastSha256Blocks()) : blocks_(blocks) {}

  void Update(std::span<const std::byte> piece);
  // Of all pieces. Once, and nothing is updated afterwards.
  Digest Finish();

 private:
  static constexpr std::size_t kBlock = 64;

  const Sha256Blocks blocks_;
  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::uint64_t length_ = 0;
  std::array<std::byte, kBlock> rest_;  // length_ % kBlock bytes that have not been taken
};

}  // namespace allcores::kernel
