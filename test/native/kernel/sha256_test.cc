#include "kernel/sha256.h"

#include <gtest/gtest.h>

#include <string>

#include "support/messages.h"

namespace allcores::kernel {
namespace {

using testing::BytesOf;
using testing::Hex;
using testing::Message;

constexpr Sha256Blocks kPlain = PlainSha256Blocks;

std::string HexOf(std::span<const std::byte> message, Sha256Blocks blocks) {
  Sha256 hash(blocks);
  hash.Update(message);
  return Hex(hash.Finish());
}

// By C++ alone, and by what this processor has.
class Sha256Test : public ::testing::TestWithParam<Sha256Blocks> {};
INSTANTIATE_TEST_SUITE_P(AllBlocks, Sha256Test, ::testing::Values(kPlain, FastSha256Blocks()),
                         [](const auto& tested) { return tested.index == 0 ? "Plain" : "Fast"; });

// Of FIPS 180-4 and its examples.
TEST_P(Sha256Test, GivesPublishedDigests) {
  EXPECT_EQ(HexOf({}, GetParam()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexOf(BytesOf("abc"), GetParam()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(HexOf(BytesOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), GetParam()),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(HexOf(BytesOf("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmno"
                          "pqrsmnopqrstnopqrstu"),
                  GetParam()),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(HexOf(BytesOf(std::string(1'000'000, 'a')), GetParam()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// As another implementation computes them: the digest of the digests of all lengths below 300, and one long message.
TEST_P(Sha256Test, GivesKnownDigests) {
  const std::vector<std::byte> message = Message(1'000'000);
  Sha256 digests(GetParam());
  for (std::size_t length = 0; length < 300; ++length) {
    Sha256 hash(GetParam());
    hash.Update(std::span(message).first(length));
    digests.Update(hash.Finish());
  }
  EXPECT_EQ(Hex(digests.Finish()), "6a3e49892b2197a9874cd7ded2642f7fc893061e6b3a00ce9fe033a27e9f93f0");
  EXPECT_EQ(HexOf(message, GetParam()), "1beb47b77473954d4d703685480b512ea92e91638e2c1b40037dd8577d12c906");
}

TEST_P(Sha256Test, GivesTheSameOfPieces) {
  const std::vector<std::byte> all = Message(3001);
  for (std::size_t length = 0; length < all.size(); length += 1 + length / 10) {
    const std::span<const std::byte> message = std::span(all).subspan(1, length);
    for (const std::size_t longest : {1, 63, 64, 65, 1000}) {
      Sha256 hash(GetParam());
      testing::InPieces(message, longest, length, [&](auto piece) { hash.Update(piece); });
      ASSERT_EQ(Hex(hash.Finish()), HexOf(message, kPlain)) << length << " bytes, pieces up to " << longest;
    }
  }
}

}  // namespace
}  // namespace allcores::kernel
