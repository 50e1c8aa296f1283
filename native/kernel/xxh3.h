#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernel/xxh3_lanes.h"

namespace allcores::kernel {

// XXH3 with 64 bits (Collet, the specification of xxHash): the number that XXH3_64bits_withSeed gives, and with seed 0
// XXH3_64bits. Not for whoever must not be able to find two messages with the same number.
//
// Each block of a message is mixed into what came of the blocks before, so one message cannot be divided among threads.
// Cost: about 60 ps a byte of a long message in the cache, some ns of a short one.
std::uint64_t Xxh3(std::span<const std::byte> message, std::uint64_t seed = 0);

// The same of a message that comes in pieces.
class Xxh3Stream {
 public:
  explicit Xxh3Stream(std::uint64_t seed = 0);

  void Update(std::span<const std::byte> piece);
  // Of all pieces so far.
  [[nodiscard]] std::uint64_t Finish() const;

 private:
  using Lanes = Xxh3Lanes<FastPair>;

  const std::uint64_t seed_;
  std::uint64_t length_ = 0;
  std::array<std::uint64_t, Lanes::kWords> state_;
  std::array<std::byte, Lanes::kSecretBytes> secret_;
  // A stripe that has been taken, and what has not been: at least a byte and at most a block once there was any, since
  // the end of a message is taken in another way.
  std::array<std::byte, Lanes::kStripe + Lanes::kBlock> buffer_;
  std::size_t buffered_ = 0;
};

}  // namespace allcores::kernel
