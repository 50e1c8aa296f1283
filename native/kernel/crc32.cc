#include "kernel/crc32.h"

#include <array>
#include <bit>
#include <cstring>

namespace allcores::kernel {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint32_t kPolynomial = 0xedb88320;
constexpr std::size_t kSlices = 16;

using Table = std::array<std::uint32_t, 256>;

// tables[i][b]: what the byte b comes to when i bytes follow it.
constexpr std::array<Table, kSlices> MakeTables() {
  std::array<Table, kSlices> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ kPolynomial : crc >> 1;
    tables[0][byte] = crc;
  }
  for (std::size_t i = 1; i < kSlices; ++i) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t crc = tables[i - 1][byte];
      tables[i][byte] = crc >> 8 ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}

alignas(64) constexpr std::array<Table, kSlices> kTables = MakeTables();

// The 8 bytes of a word that have `kAfter` bytes of the slice behind them.
template <std::size_t kAfter>
std::uint32_t Slice(std::uint64_t word) {
  const std::uint32_t first = kTables[kAfter + 7][word & 0xff] ^ kTables[kAfter + 6][word >> 8 & 0xff];
  const std::uint32_t second = kTables[kAfter + 5][word >> 16 & 0xff] ^ kTables[kAfter + 4][word >> 24 & 0xff];
  const std::uint32_t third = kTables[kAfter + 3][word >> 32 & 0xff] ^ kTables[kAfter + 2][word >> 40 & 0xff];
  const std::uint32_t fourth = kTables[kAfter + 1][word >> 48 & 0xff] ^ kTables[kAfter][word >> 56];
  return first ^ second ^ (third ^ fourth);
}

// Polynomials modulo that of the CRC. The coefficient of x^i is bit 31 - i.
constexpr std::uint32_t kOne = 0x80000000;
constexpr std::uint32_t kX8 = kOne >> 8;

std::uint32_t Multiply(std::uint32_t a, std::uint32_t b) {
  std::uint32_t product = 0;
  for (std::uint32_t bit = kOne; bit != 0; bit >>= 1) {
    product ^= (a & bit) != 0 ? b : 0;
    b = b >> 1 ^ ((b & 1) != 0 ? kPolynomial : 0);
  }
  return product;
}

}  // namespace

std::uint32_t Crc32(std::span<const std::byte> bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  const std::byte* data = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= kSlices; data += kSlices, left -= kSlices) {
    std::uint64_t words[2];
    std::memcpy(words, data, sizeof(words));
    crc = Slice<8>(words[0] ^ crc) ^ Slice<0>(words[1]);
  }
  for (; left > 0; ++data, --left) crc = crc >> 8 ^ kTables[0][(crc ^ std::to_integer<std::uint32_t>(*data)) & 0xff];
  return ~crc;
}

// A byte behind multiplies by x^8. The complements before and after cancel out.
std::uint32_t ShiftedCrc32(std::uint32_t crc, std::uint64_t after) {
  std::uint32_t power = kX8;
  for (; after != 0; after >>= 1) {
    if ((after & 1) != 0) crc = Multiply(crc, power);
    power = Multiply(power, power);
  }
  return crc;
}

}  // namespace allcores::kernel
