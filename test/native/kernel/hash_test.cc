#include "kernel/hash.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <vector>

#include "kernel/crc32.h"
#include "kernel/sha256.h"
#include "kernel/xxh3.h"
#include "support/messages.h"

namespace allcores::kernel {
namespace {

using executor::Parallel;
using testing::Message;
using Bytes = std::span<const std::byte>;

// Around what is hashed at once, and between looks at an abort.
constexpr std::size_t kLengths[] = {0, 1, 2, 100, 4097, 65'535, 65'536, 65'537, 200'003, (1 << 20) + 1, (3 << 20) + 17};

class HashTest : public ::testing::Test {
 protected:
  // On 1, 2 and 3 threads.
  template <typename Body>
  void OnEach(const Body& body) {
    for (executor::ThreadPool* pool : {&one_, &two_, &three_}) body(Parallel(*pool));
  }

  static View ViewOf(Bytes bytes) {
    return {.dtype = DType::kUint8, .data = const_cast<std::byte*>(bytes.data()), .length = bytes.size()};
  }

  // results[0].
  static std::uint64_t Result(Kernel kernel, const Parallel& parallel, const View& input,
                              std::optional<std::uint64_t> seed = std::nullopt) {
    const Scalar arguments[] = {Scalar::Uint(seed.value_or(0))};
    Call call{.inputs = {&input, 1}, .outputs = {}, .arguments = {arguments, seed ? 1U : 0U}, .results = {}};
    EXPECT_EQ(kernel(parallel, call), Status::kDone);
    EXPECT_EQ(call.results[0].kind, Scalar::Kind::kUint);
    return call.results[0].as_uint;
  }

  // outputs[0], of `length` elements; what is behind them must stay.
  template <typename T>
  static std::vector<T> Output(Kernel kernel, const Parallel& parallel, Bytes bytes, std::size_t length,
                               std::initializer_list<std::uint64_t> numbers) {
    std::vector<T> output(length + 1, T{99});
    std::vector<Scalar> arguments;
    for (const std::uint64_t number : numbers) arguments.push_back(Scalar::Uint(number));
    const View input = ViewOf(bytes);
    const View view{.dtype = kDTypeOf<T>, .data = output.data(), .length = length};
    Call call{.inputs = {&input, 1}, .outputs = {&view, 1}, .arguments = arguments, .results = {}};
    EXPECT_EQ(kernel(parallel, call), Status::kDone);
    EXPECT_EQ(output.back(), T{99});
    output.pop_back();
    return output;
  }

  static std::vector<std::uint8_t> DigestOf(Bytes bytes) {
    Sha256 hash;
    hash.Update(bytes);
    std::vector<std::uint8_t> digest;
    for (const std::byte byte : hash.Finish()) digest.push_back(std::to_integer<std::uint8_t>(byte));
    return digest;
  }

  executor::ThreadPool one_{1};
  executor::ThreadPool two_{2};
  executor::ThreadPool three_{3};
};

// From the second byte on, too.
TEST_F(HashTest, HashesAllBytes) {
  for (const std::size_t length : kLengths) {
    const std::vector<std::byte> all = Message(length + 1);
    for (const Bytes bytes : {Bytes(all).first(length), Bytes(all).subspan(1)}) {
      const std::uint64_t xxh3 = Xxh3(bytes);
      const std::uint64_t seeded = Xxh3(bytes, 77);
      const std::uint32_t crc32 = Crc32(bytes);
      const std::vector<std::uint8_t> digest = DigestOf(bytes);
      OnEach([&](const Parallel& parallel) {
        EXPECT_EQ(Result(HashXxh3, parallel, ViewOf(bytes)), xxh3);
        EXPECT_EQ(Result(HashXxh3, parallel, ViewOf(bytes), 0), xxh3);
        EXPECT_EQ(Result(HashXxh3, parallel, ViewOf(bytes), 77), seeded);
        EXPECT_EQ(Result(HashCrc32, parallel, ViewOf(bytes)), crc32);
        EXPECT_EQ(Output<std::uint8_t>(HashSha256, parallel, bytes, 32, {}), digest);
      });
    }
  }
}

TEST_F(HashTest, TakesElementsOfAllTypesAsTheirBytes) {
  constexpr std::array<std::size_t, kDTypes> kSizes = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
  constexpr std::size_t kLength = 1001;
  const std::vector<std::byte> bytes = Message(8 * kLength);
  const Parallel parallel(two_);
  for (std::size_t i = 0; i < kDTypes; ++i) {
    View view = ViewOf(bytes);
    view.dtype = static_cast<DType>(i);
    view.length = kLength;
    const Bytes taken = Bytes(bytes).first(kLength * kSizes[i]);
    EXPECT_EQ(Result(HashXxh3, parallel, view), Xxh3(taken)) << "type " << i;
    EXPECT_EQ(Result(HashCrc32, parallel, view), Crc32(taken)) << "type " << i;
  }
}

TEST_F(HashTest, HashesEachRow) {
  constexpr std::size_t kRows[] = {1, 3, 32, 1000, 65'536, 100'000, (1 << 20) + 3, std::size_t{1} << 40};
  for (const std::size_t length : kLengths) {
    const std::vector<std::byte> all = Message(length + 1);
    const Bytes bytes = Bytes(all).subspan(1);
    for (const std::size_t row : kRows) {
      if (length / row > 10'000) continue;  // enough for all threads; more would take ThreadSanitizer a minute
      std::vector<std::uint64_t> xxh3;
      std::vector<std::uint64_t> seeded;
      std::vector<std::uint32_t> crc32;
      std::vector<std::uint8_t> sha256;
      for (std::size_t i = 0; i < length; i += row) {
        const Bytes one = bytes.subspan(i, std::min(row, length - i));
        xxh3.push_back(Xxh3(one));
        seeded.push_back(Xxh3(one, 5));
        crc32.push_back(Crc32(one));
        const std::vector<std::uint8_t> digest = DigestOf(one);
        sha256.insert(sha256.end(), digest.begin(), digest.end());
      }
      OnEach([&](const Parallel& parallel) {
        EXPECT_EQ(Output<std::uint64_t>(HashRowsXxh3, parallel, bytes, xxh3.size(), {row}), xxh3);
        EXPECT_EQ(Output<std::uint64_t>(HashRowsXxh3, parallel, bytes, xxh3.size(), {row, 5}), seeded);
        EXPECT_EQ(Output<std::uint32_t>(HashRowsCrc32, parallel, bytes, xxh3.size(), {row}), crc32);
        EXPECT_EQ(Output<std::uint8_t>(HashRowsSha256, parallel, bytes, sha256.size(), {row}), sha256);
      });
    }
  }
}

TEST_F(HashTest, StopsWhenAborted) {
  const std::atomic<std::uint32_t> abort{1};
  const std::vector<std::byte> bytes = Message(3 << 20);
  const View input = ViewOf(bytes);
  std::vector<std::uint64_t> output(96);
  const Scalar arguments[] = {Scalar::Uint(1 << 20)};
  const auto status = [&](Kernel kernel, DType dtype, std::size_t length, std::size_t count) {
    const View view{.dtype = dtype, .data = output.data(), .length = length};
    Call call{.inputs = {&input, 1}, .outputs = {&view, 1}, .arguments = {arguments, count}, .results = {}};
    return kernel(Parallel(two_, &abort), call);
  };
  EXPECT_EQ(status(HashXxh3, DType::kUint64, 0, 0), Status::kAborted);
  EXPECT_EQ(status(HashCrc32, DType::kUint64, 0, 0), Status::kAborted);
  EXPECT_EQ(status(HashSha256, DType::kUint8, 32, 0), Status::kAborted);
  EXPECT_EQ(status(HashRowsXxh3, DType::kUint64, 3, 1), Status::kAborted);
  EXPECT_EQ(status(HashRowsCrc32, DType::kUint32, 3, 1), Status::kAborted);
  EXPECT_EQ(status(HashRowsSha256, DType::kUint8, 96, 1), Status::kAborted);
}

}  // namespace
}  // namespace allcores::kernel
