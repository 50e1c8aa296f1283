#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace allcores::testing {

// Bytes that hashes are computed of: the first of one sequence, so that expected values can be computed elsewhere.
inline std::vector<std::byte> Message(std::size_t length) {
  std::vector<std::byte> message(length);
  std::uint64_t state = 1;
  for (std::byte& byte : message) {
    state = state * 6364136223846793005 + 1442695040888963407;
    byte = static_cast<std::byte>(state >> 56);
  }
  return message;
}

inline std::span<const std::byte> BytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

template <typename Digest>
std::string Hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const auto byte : digest) {
    hex += kDigits[static_cast<std::size_t>(byte) >> 4];
    hex += kDigits[static_cast<std::size_t>(byte) & 15];
  }
  return hex;
}

// Calls take(piece) for pieces of lengths up to `longest`, some of them empty, in order.
template <typename Take>
void InPieces(std::span<const std::byte> message, std::size_t longest, std::uint64_t seed, const Take& take) {
  std::mt19937_64 random(seed);
  while (!message.empty()) {
    const std::size_t length = std::min<std::size_t>(message.size(), random() % (longest + 1));
    take(message.first(length));
    message = message.subspan(length);
  }
}

}  // namespace allcores::testing
