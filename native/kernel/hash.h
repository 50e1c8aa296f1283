#pragma once

#include "kernel/call.h"

namespace allcores::kernel {

// Hashes of the bytes of a vector. inputs[0]: of any type and length, as its bytes in memory, which are those of a
// machine with little-endian order everywhere. So -0 and +0 differ, and so do NaNs with different bits.
//
// Each looks at whether it is aborted at least once in 1 MiB. Nothing is allocated.

// results[0]: of all bytes together, Uint.
//
// XXH3 and SHA-256 are sequential by definition: what comes of a part is needed for the next. So HashXxh3 and
// HashSha256 use one thread. CRC-32 is linear: HashCrc32 gives parts to several threads.

// XXH3 of 64 bits. arguments[0], which may be left out: the seed, an integer, otherwise 0. Some 20 GB/s, or what memory
// gives.
Status HashXxh3(const executor::Parallel& parallel, Call& call);

// CRC-32 as of zlib. Some 2 GB/s a thread.
Status HashCrc32(const executor::Parallel& parallel, Call& call);

// SHA-256. No result; outputs[0]: the digest, kUint8, of 32 elements. Some 1.5 GB/s where the processor has
// instructions for it, otherwise 0.3.
Status HashSha256(const executor::Parallel& parallel, Call& call);

// The same for each row, on several threads: a row is arguments[0] bytes, an integer above 0, the last one what is
// left. It need not be a multiple of the size of an element. outputs[0] has an element for each row, of SHA-256 32 of
// them, and does not overlap the input. Aborted, some of it has been written.

// arguments[1], which may be left out: the seed. outputs[0]: kUint64.
Status HashRowsXxh3(const executor::Parallel& parallel, Call& call);

// outputs[0]: kUint32.
Status HashRowsCrc32(const executor::Parallel& parallel, Call& call);

// outputs[0]: kUint8, 32 elements for each row, one digest after the other.
Status HashRowsSha256(const executor::Parallel& parallel, Call& call);

}  // namespace allcores::kernel
