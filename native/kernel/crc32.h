#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace allcores::kernel {

// CRC-32 as of IEEE 802.3 and zlib: the reflected polynomial 0xedb88320, complemented before and after. Of nothing it
// is 0, and `before` is that of what precedes the bytes.
//
// Scheme: slicing by 16 (Kounavis and Berry, 2005). Cost: about 0.4 ns a byte, and 16 KiB of tables.
std::uint32_t Crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);

// What the number of some bytes adds to that of a whole which has `after` more bytes behind them: the number of the
// whole is the exclusive or of this for each of its parts. Cost: about 1 µs.
std::uint32_t ShiftedCrc32(std::uint32_t crc, std::uint64_t after);

}  // namespace allcores::kernel
