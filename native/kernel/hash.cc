#include "kernel/hash.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "kernel/crc32.h"
#include "kernel/sha256.h"
#include "kernel/xxh3.h"

namespace allcores::kernel {
namespace {

using executor::Parallel;
using Bytes = std::span<const std::byte>;

// Between looks at whether it is aborted.
constexpr std::size_t kStep = std::size_t{1} << 20;
// Worth a claim of a loop: 5 to 50 µs.
constexpr std::size_t kGrain = std::size_t{1} << 16;

Bytes BytesOf(const View& view) {
  const std::size_t size = VisitType(view.dtype, []<typename T>() { return sizeof(T); });
  return {static_cast<const std::byte*>(view.data), view.length * size};
}

std::uint64_t SeedOf(const Call& call, std::size_t at) {
  return call.arguments.size() > at ? call.arguments[at].To<std::uint64_t>() : 0;
}

// Calls take(piece) for pieces of the bytes, in order, until it is aborted.
template <typename Take>
void EachStep(const Parallel& parallel, Bytes bytes, const Take& take) {
  for (std::size_t i = 0; i < bytes.size() && !parallel.aborted(); i += kStep) {
    take(bytes.subspan(i, std::min(kStep, bytes.size() - i)));
  }
}

std::uint64_t Xxh3Of(const Parallel& parallel, Bytes bytes, std::uint64_t seed) {
  if (bytes.size() <= kStep) return Xxh3(bytes, seed);
  Xxh3Stream stream(seed);
  EachStep(parallel, bytes, [&](Bytes piece) { stream.Update(piece); });
  return stream.Finish();
}

std::uint32_t Crc32Of(const Parallel& parallel, Bytes bytes) {
  std::uint32_t crc = 0;
  EachStep(parallel, bytes, [&](Bytes piece) { crc = Crc32(piece, crc); });
  return crc;
}

void Sha256Of(const Parallel& parallel, Bytes bytes, std::uint8_t* digest) {
  Sha256 hash;
  EachStep(parallel, bytes, [&](Bytes piece) { hash.Update(piece); });
  const Sha256::Digest finished = hash.Finish();
  std::memcpy(digest, finished.data(), finished.size());
}

Status End(const Parallel& parallel) { return parallel.aborted() ? Status::kAborted : Status::kDone; }

// Calls hash(i, row) for each row.
template <typename Hash>
Status HashRows(const Parallel& parallel, const Call& call, const Hash& hash) {
  const Bytes bytes = BytesOf(call.inputs[0]);
  // 0 is nobody's row, and must not be divided by.
  const auto row = static_cast<std::size_t>(std::max<std::uint64_t>(call.arguments[0].To<std::uint64_t>(), 1));
  const std::size_t rows = bytes.size() / row + (bytes.size() % row != 0 ? 1 : 0);
  parallel.For(rows, kGrain / row, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last && !parallel.aborted(); ++i) {
      hash(i, bytes.subspan(i * row, std::min(row, bytes.size() - i * row)));
    }
  });
  return End(parallel);
}

}  // namespace

Status HashXxh3(const Parallel& parallel, Call& call) {
  call.results[0] = Scalar::Uint(Xxh3Of(parallel, BytesOf(call.inputs[0]), SeedOf(call, 0)));
  return End(parallel);
}

Status HashCrc32(const Parallel& parallel, Call& call) {
  const Bytes bytes = BytesOf(call.inputs[0]);
  // Relaxed: the loop's end publishes it. The order of exclusive ors does not matter.
  std::atomic<std::uint32_t> whole{0};
  parallel.For(bytes.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    const std::uint32_t part = Crc32Of(parallel, bytes.subspan(begin, end - begin));
    whole.fetch_xor(ShiftedCrc32(part, bytes.size() - end), std::memory_order_relaxed);
  });
  call.results[0] = Scalar::Uint(whole.load(std::memory_order_relaxed));
  return End(parallel);
}

Status HashSha256(const Parallel& parallel, Call& call) {
  Sha256Of(parallel, BytesOf(call.inputs[0]), call.outputs[0].As<std::uint8_t>());
  return End(parallel);
}

Status HashRowsXxh3(const Parallel& parallel, Call& call) {
  const std::uint64_t seed = SeedOf(call, 1);
  auto* const hashes = call.outputs[0].As<std::uint64_t>();
  return HashRows(parallel, call, [&](std::size_t i, Bytes row) { hashes[i] = Xxh3Of(parallel, row, seed); });
}

Status HashRowsCrc32(const Parallel& parallel, Call& call) {
  auto* const hashes = call.outputs[0].As<std::uint32_t>();
  return HashRows(parallel, call, [&](std::size_t i, Bytes row) { hashes[i] = Crc32Of(parallel, row); });
}

Status HashRowsSha256(const Parallel& parallel, Call& call) {
  auto* const digests = call.outputs[0].As<std::uint8_t>();
  return HashRows(parallel, call,
                  [&](std::size_t i, Bytes row) { Sha256Of(parallel, row, digests + i * Sha256::kDigestBytes); });
}

}  // namespace allcores::kernel
