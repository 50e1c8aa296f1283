#include "kernel/xxh3.h"

#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "support/messages.h"

namespace allcores::kernel {
namespace {

using testing::Message;

// What XXH3_64bits_withSeed of xxHash 0.8.1 gives for messages of these lengths.
struct Known {
  std::size_t length;
  std::uint64_t unseeded;
  std::uint64_t seeded;
};

constexpr std::uint64_t kSeed = 0x9e3779b97f4a7c15;

constexpr Known kKnown[] = {
    {0, 0x2d06800538d394c2, 0x602b0e2cd6662c8b},     {1, 0xc00f9d4f580c0c3a, 0xe8c373bb37200c74},
    {2, 0xb248061fb52bd64c, 0x181e20777aab1c20},     {3, 0xe92112d1e602af4a, 0xb68a6cc6a268845a},
    {4, 0x9008de7e100606d1, 0x4f1f28ce9bf1480c},     {7, 0x7187a1232e2d811b, 0x04e1c31f5b8d834d},
    {8, 0xcca6ee6f8e080c52, 0x43e370b97e6af1d1},     {9, 0x568f9d2e69ad8bd0, 0xb6b4ecb908431ff4},
    {12, 0x373da156a0ef76b0, 0xc1114f0eff0aeb35},    {16, 0x600a07a4f5a9911c, 0x073f42644e04597f},
    {17, 0xdeab0265f35dfc24, 0xb60e28c96a0d8c66},    {32, 0xd04581c566616653, 0xa39249db9ed63ef9},
    {33, 0xe2f96cd271e72881, 0x8525b1cec1257c68},    {64, 0xad0685dabb3ce66b, 0xfed08647a034586c},
    {96, 0xbf9a1938301428ca, 0x7e120e6421cc6202},    {97, 0xae7c260494b7847c, 0xcf17c8dd1e9bf554},
    {128, 0x410bd3b4d8d84f51, 0xaac125a230b36a17},   {129, 0x55964eec39625032, 0x52be102d85c4d4fb},
    {144, 0x827fbbc03ec48dd7, 0x21d27bf5c3113f36},   {160, 0x94b04a6be24be84b, 0xa0b7fd08fb41dd91},
    {239, 0xf5e234500a1f2b94, 0xbea2ce5683bec300},   {240, 0x977b659bdc81fdb1, 0x9cc1e12f830660fd},
    {241, 0x2cb1ed4a30c8bded, 0x61c29137c9eb93be},   {255, 0xc77eae9c20c21088, 0x615a9bb9bc500635},
    {256, 0x7fd97c6450f19383, 0x8a09b9a9c090f35f},   {257, 0x42c723a93a4c46b9, 0x509e0d6772472761},
    {1023, 0x296b8bdbd696752e, 0x58fba29738e55b28},  {1024, 0x5ec111a1e5a293ae, 0x02cc9c6f55f44b79},
    {1025, 0x5ea0264528a903fc, 0xf2a1f50896e5dfd5},  {1087, 0x19785ff014f995e6, 0x54b947d7dc8ec08e},
    {1088, 0x5caa733531330766, 0xa511641a788293fe},  {1089, 0x093aae8d6736e7b3, 0x708bcf877c7dd6de},
    {2048, 0x82651c64d545e737, 0x450bebcd6316a41f},  {2049, 0x35fa9759e87c7270, 0xbf8daf8207e5466f},
    {10000, 0x55b50192c3f1b288, 0x11e6d22d2635bed0}, {1000000, 0x503eb961f37d25ad, 0x20f0c4e02df8b341},
};

// All lengths [begin, end), put together by rotation, exclusive or and multiplication, for each of four seeds.
struct KnownRange {
  std::size_t begin;
  std::size_t end;
  std::uint64_t folded[4];
};

constexpr std::uint64_t kSeeds[] = {0, 1, kSeed, ~std::uint64_t{0}};

constexpr KnownRange kKnownRanges[] = {
    {0, 17, {0x80543062ff141b88, 0x42bbd01fd0444b8f, 0x762b9eb16b4ccbd7, 0xb97ac475c92b8acb}},
    {17, 129, {0x9bf9857eefb0fadf, 0x53ae4cf456771c30, 0xdf64dbc1c861b534, 0x3616235daf97ce6c}},
    {129, 241, {0x26502cdcc60b35e5, 0x6664bbed4754481e, 0xfcd0600eef4b7767, 0xad2e4dd3a2a49b18}},
    {241, 3300, {0x5c932a2c16a8ba41, 0xb07295d9da2b0aad, 0x1fd1e99a0a4ebbc4, 0x15e4be80b3ad5d8e}},
};

TEST(Xxh3Test, GivesThePublishedNumberOfNothing) { EXPECT_EQ(Xxh3({}), 0x2d06800538d394c2U); }

TEST(Xxh3Test, GivesKnownNumbers) {
  for (const Known& known : kKnown) {
    const std::vector<std::byte> message = Message(known.length);
    EXPECT_EQ(Xxh3(message), known.unseeded) << known.length << " bytes";
    EXPECT_EQ(Xxh3(message, kSeed), known.seeded) << known.length << " bytes";
  }
}

TEST(Xxh3Test, GivesKnownNumbersOfAllLengths) {
  const std::vector<std::byte> message = Message(3300);
  for (const KnownRange& range : kKnownRanges) {
    for (std::size_t i = 0; i < std::size(kSeeds); ++i) {
      std::uint64_t folded = 0;
      for (std::size_t length = range.begin; length < range.end; ++length) {
        const std::uint64_t hash = Xxh3(std::span(message).first(length), kSeeds[i]);
        folded = (std::rotl(folded, 7) ^ hash) * 6364136223846793005;
      }
      EXPECT_EQ(folded, range.folded[i]) << "from " << range.begin << " bytes on, seed " << kSeeds[i];
    }
  }
}

TEST(Xxh3Test, DoesNotDependOnWhereTheMessageBegins) {
  const std::vector<std::byte> message = Message(2500);
  for (const std::size_t length : {5, 12, 100, 200, 2500}) {
    const std::uint64_t expected = Xxh3(std::span(message).first(length), kSeed);
    for (std::size_t begin = 1; begin <= 16; ++begin) {
      std::vector<std::byte> moved(begin + length);
      std::copy_n(message.begin(), length, moved.begin() + static_cast<std::ptrdiff_t>(begin));
      EXPECT_EQ(Xxh3(std::span(moved).subspan(begin), kSeed), expected);
    }
  }
}

TEST(Xxh3Test, GivesTheSameOfPieces) {
  const std::vector<std::byte> all = Message(5000);
  for (std::size_t length = 0; length <= all.size(); length += 1 + length / 40) {
    const std::span<const std::byte> message = std::span(all).first(length);
    for (const std::size_t longest : {1, 70, 1024, 1025, 5000}) {
      for (const std::uint64_t seed : {std::uint64_t{0}, kSeed}) {
        Xxh3Stream stream(seed);
        testing::InPieces(message, longest, length, [&](auto piece) {
          stream.Update(piece);
          static_cast<void>(stream.Finish());  // changes nothing
        });
        ASSERT_EQ(stream.Finish(), Xxh3(message, seed)) << length << " bytes, pieces up to " << longest;
      }
    }
  }
}

// What the processor's own instructions do, and what C++ says.
TEST(Xxh3Test, TakesTheSameByPlainPairs) {
  using Fast = Xxh3Lanes<FastPair>;
  using Plain = Xxh3Lanes<PlainPair>;
  const std::vector<std::byte> message = Message(3 * Fast::kBlock + 1);
  const std::vector<std::byte> secret = Message(Fast::kSecretBytes);
  std::mt19937_64 random(1);
  for (std::size_t begin = 0; begin < 2; ++begin) {
    std::uint64_t fast[Fast::kWords];
    for (std::uint64_t& word : fast) word = random();
    std::uint64_t plain[Fast::kWords];
    std::copy(std::begin(fast), std::end(fast), plain);
    Fast::TakeBlocks(fast, message.data() + begin, 3, secret.data());
    Plain::TakeBlocks(plain, message.data() + begin, 3, secret.data());
    EXPECT_TRUE(std::equal(std::begin(fast), std::end(fast), plain));
    Fast::TakeStripes(fast, message.data() + begin, 5, secret.data());
    Plain::TakeStripes(plain, message.data() + begin, 5, secret.data());
    EXPECT_TRUE(std::equal(std::begin(fast), std::end(fast), plain));
  }
}

}  // namespace
}  // namespace allcores::kernel
