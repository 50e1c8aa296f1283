#include "memory/segment.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace allcores::memory {
namespace {

constexpr auto kThreads = platform::Reach::kThreads;

TEST(Segment, GivesObjectsByOffset) {
  const auto segment = Segment::Create(4096, kThreads);
  ASSERT_NE(segment, nullptr);
  EXPECT_EQ(segment->size(), 4096U);
  auto* number = segment->At<std::uint64_t>(128);
  EXPECT_EQ(reinterpret_cast<std::byte*>(number), segment->data() + 128);
  EXPECT_EQ(*number, 0U);
  *number = 7;
  EXPECT_EQ(*segment->At<std::uint64_t>(128), 7U);
}

TEST(Segment, MayBeAskedForNoBytes) {
  const auto segment = Segment::Create(0, kThreads);
  ASSERT_NE(segment, nullptr);
  EXPECT_NE(segment->data(), nullptr);
}

TEST(Segment, OnMemoryOfSomebodyElseKeepsThatMemory) {
  alignas(8) std::byte memory[64]{};
  bool kept = true;
  auto segment = Segment::On(memory, sizeof memory, std::shared_ptr<void>(nullptr, [&kept](void*) { kept = false; }));
  EXPECT_EQ(segment->data(), memory);
  EXPECT_EQ(segment->size(), 64U);
  *segment->At<std::uint64_t>(8) = 3;
  EXPECT_EQ(memory[8], std::byte{3});
  segment->LetGo();  // not ours to let go of
  EXPECT_EQ(memory[8], std::byte{3});
  auto other = segment;
  segment.reset();
  EXPECT_TRUE(kept);
  other.reset();
  EXPECT_FALSE(kept);
}

TEST(Segment, IsNullWhenTheSystemRefuses) {
  EXPECT_EQ(Segment::Create(std::numeric_limits<std::size_t>::max() / 2, kThreads), nullptr);
}

}  // namespace
}  // namespace allcores::memory
