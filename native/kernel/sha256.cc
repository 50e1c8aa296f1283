#include "kernel/sha256.h"

#include <algorithm>
#include <cstring>

namespace allcores::kernel {

void Sha256::Update(std::span<const std::byte> piece) {
  if (piece.empty()) return;
  const std::byte* data = piece.data();
  std::size_t left = piece.size();
  const std::size_t buffered = length_ % kBlock;
  length_ += left;
  if (buffered > 0) {
    const std::size_t taken = std::min(left, kBlock - buffered);
    std::memcpy(rest_.data() + buffered, data, taken);
    if (buffered + taken < kBlock) return;
    blocks_(state_.data(), rest_.data(), 1);
    data += taken;
    left -= taken;
  }
  blocks_(state_.data(), data, left / kBlock);
  std::memcpy(rest_.data(), data + left / kBlock * kBlock, left % kBlock);
}

Sha256::Digest Sha256::Finish() {
  // A bit that is set, zeros, and in the last 8 bytes of a block the number of bits.
  constexpr std::size_t kLengthAt = kBlock - sizeof(std::uint64_t);
  const std::size_t buffered = length_ % kBlock;
  rest_[buffered] = std::byte{0x80};
  std::fill(rest_.begin() + static_cast<std::ptrdiff_t>(buffered) + 1, rest_.end(), std::byte{0});
  if (buffered >= kLengthAt) {
    blocks_(state_.data(), rest_.data(), 1);
    rest_.fill(std::byte{0});
  }
  const std::uint64_t bits = length_ * 8;
  for (std::size_t i = 0; i < 8; ++i) rest_[kLengthAt + i] = static_cast<std::byte>(bits >> (56 - 8 * i));
  blocks_(state_.data(), rest_.data(), 1);
  Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::byte>(state_[i / 4] >> (24 - 8 * (i % 4)));
  }
  return digest;
}

}  // namespace allcores::kernel
