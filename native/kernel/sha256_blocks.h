#pragma once

#include <cstddef>
#include <cstdint>

namespace allcores::kernel {

// Takes `count` blocks of 64 bytes into the 8 words of the state of SHA-256.
using Sha256Blocks = void (*)(std::uint32_t* state, const std::byte* blocks, std::size_t count);

// Runs anywhere. Cost: about 3 ns a byte.
void PlainSha256Blocks(std::uint32_t* state, const std::byte* blocks, std::size_t count);

// The fastest that this processor has: by its own instructions for SHA-256, some 5 times as fast, or the above. Those
// of x86-64 are asked for when the program runs, those of arm64 when it is compiled.
Sha256Blocks FastSha256Blocks();

}  // namespace allcores::kernel
