#include "kernel/crc32.h"

#include <gtest/gtest.h>

#include "support/messages.h"

namespace allcores::kernel {
namespace {

using testing::BytesOf;
using testing::Message;

// Bit by bit, as the polynomial is divided.
std::uint32_t PlainCrc32(std::span<const std::byte> bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return ~crc;
}

TEST(Crc32Test, GivesPublishedNumbers) {
  EXPECT_EQ(Crc32({}), 0U);
  EXPECT_EQ(Crc32(BytesOf("123456789")), 0xcbf43926);
  EXPECT_EQ(Crc32(BytesOf("The quick brown fox jumps over the lazy dog")), 0x414fa339U);
}

// As zlib computes them.
TEST(Crc32Test, GivesKnownNumbers) {
  struct Known {
    std::size_t length;
    std::uint32_t crc;
  };
  constexpr Known kKnown[] = {{1, 0x9606c2fe},   {15, 0xb401f694},   {16, 0x7e0a173b},    {17, 0x277321cd},
                              {100, 0x4eeedbef}, {1000, 0xe8be3e1e}, {65537, 0x65cb6425}, {1000000, 0x4bea4db4}};
  for (const Known& known : kKnown) EXPECT_EQ(Crc32(Message(known.length)), known.crc) << known.length << " bytes";
}

TEST(Crc32Test, DividesBytesOfAllLengthsAndPlaces) {
  const std::vector<std::byte> message = Message(400);
  for (std::size_t length = 0; length <= 380; ++length) {
    const std::span<const std::byte> bytes = std::span(message).subspan(length % 19, length);
    ASSERT_EQ(Crc32(bytes), PlainCrc32(bytes)) << length << " bytes";
  }
}

TEST(Crc32Test, GoesOnFromWhatPrecedes) {
  const std::vector<std::byte> message = Message(20'000);
  for (const std::size_t longest : {1, 40, 5000}) {
    std::uint32_t crc = 0;
    testing::InPieces(message, longest, longest, [&](auto piece) { crc = Crc32(piece, crc); });
    EXPECT_EQ(crc, Crc32(message));
  }
}

TEST(Crc32Test, IsTheSumOfItsShiftedParts) {
  const std::vector<std::byte> bytes = Message(70'000);
  const std::span<const std::byte> message(bytes);
  const std::uint32_t expected = Crc32(message);
  for (std::size_t first = 0; first <= message.size(); first += 1 + first / 5) {
    for (std::size_t second = first; second <= message.size(); second += 1 + second / 3) {
      const std::uint32_t whole = ShiftedCrc32(Crc32(message.first(first)), message.size() - first) ^
                                  ShiftedCrc32(Crc32(message.subspan(first, second - first)), message.size() - second) ^
                                  Crc32(message.subspan(second));
      ASSERT_EQ(whole, expected) << first << ", " << second;
    }
  }
}

// The polynomial is primitive: x to the power of 2^32 - 1 is 1.
TEST(Crc32Test, ShiftsByMoreThan32Bits) {
  const std::uint32_t crc = 0x4bea4db4;
  EXPECT_EQ(ShiftedCrc32(crc, 0xffffffff), crc);
  EXPECT_NE(ShiftedCrc32(crc, 0x7fffffff), crc);
  EXPECT_EQ(ShiftedCrc32(crc, std::uint64_t{0xffffffff} * 1'000'003 + 77), ShiftedCrc32(crc, 77));
}

}  // namespace
}  // namespace allcores::kernel
