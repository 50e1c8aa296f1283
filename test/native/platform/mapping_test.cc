#include "platform/mapping.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace allcores::platform {
namespace {

class MappingTest : public ::testing::TestWithParam<Reach> {};
INSTANTIATE_TEST_SUITE_P(Reach, MappingTest, ::testing::Values(Reach::kThreads, Reach::kProcesses),
                         [](const auto& info) { return info.param == Reach::kThreads ? "Threads" : "Processes"; });

TEST_P(MappingTest, IsZeroedAlignedAndWritable) {
  const Mapping mapping = Mapping::Create(10'000, GetParam());
  ASSERT_NE(mapping.data(), nullptr);
  EXPECT_EQ(mapping.size(), 10'000U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(mapping.data()) % 4096, 0U);
  EXPECT_TRUE(std::all_of(mapping.data(), mapping.data() + 10'000, [](std::byte b) { return b == std::byte{0}; }));
  mapping.data()[9'999] = std::byte{42};
  EXPECT_EQ(mapping.data()[9'999], std::byte{42});
}

TEST_P(MappingTest, HasADescriptorExactlyWhenProcessesReachIt) {
  EXPECT_EQ(Mapping::Create(4096, GetParam()).descriptor() >= 0, GetParam() == Reach::kProcesses);
}

TEST_P(MappingTest, IsEmptyWhenTheSystemRefuses) {
  const Mapping mapping = Mapping::Create(std::numeric_limits<std::size_t>::max() / 2, GetParam());
  EXPECT_EQ(mapping.data(), nullptr);
  EXPECT_EQ(mapping.size(), 0U);
}

TEST_P(MappingTest, MovesItsPages) {
  Mapping first = Mapping::Create(4096, GetParam());
  std::byte* const data = first.data();
  data[0] = std::byte{1};
  Mapping second = std::move(first);
  EXPECT_EQ(first.data(), nullptr);  // NOLINT(bugprone-use-after-move): a moved-from mapping is an empty one
  EXPECT_EQ(second.data(), data);
  second = Mapping::Create(8192, GetParam());
  EXPECT_EQ(second.size(), 8192U);
  EXPECT_EQ(second.data()[0], std::byte{0});
}

TEST(Mapping, ReservesAddressSpaceWithoutTakingMemory) {
  constexpr std::size_t kBytes = std::size_t{1} << 40;  // more than any machine has
  const Mapping mapping = Mapping::Reserve(kBytes);
  ASSERT_NE(mapping.data(), nullptr);
  EXPECT_EQ(mapping.size(), kBytes);
  EXPECT_GE(mapping.descriptor(), 0);
  mapping.data()[kBytes - 1] = std::byte{1};
  EXPECT_EQ(mapping.data()[kBytes - 1], std::byte{1});
  EXPECT_EQ(mapping.data()[0], std::byte{0});
  EXPECT_EQ(Mapping::Reserve(std::numeric_limits<std::size_t>::max()).data(), nullptr);
  EXPECT_EQ(Mapping::Reserve(std::numeric_limits<std::size_t>::max() / 2).data(), nullptr);
}

#if defined(__linux__)
TEST(Mapping, DiscardsWholePagesOnly) {
  constexpr std::size_t kPage = 65536;  // a multiple of any system's
  const Mapping mapping = Mapping::Reserve(4 * kPage);
  std::fill_n(mapping.data(), mapping.size(), std::byte{1});
  mapping.Discard(kPage - 1, 2 * kPage + 2);
  const auto count = [&](std::size_t first, std::size_t last) {
    return std::count(mapping.data() + first, mapping.data() + last, std::byte{1});
  };
  EXPECT_EQ(count(0, kPage), kPage);
  EXPECT_EQ(count(kPage, 3 * kPage), 0);
  EXPECT_EQ(count(3 * kPage, 4 * kPage), kPage);
  mapping.Discard(1, 2);  // within a page: nothing
  EXPECT_EQ(count(0, kPage), kPage);
}
#endif

TEST(Mapping, IsEmptyByDefault) {
  const Mapping mapping;
  EXPECT_EQ(mapping.data(), nullptr);
  EXPECT_EQ(mapping.descriptor(), -1);
}

}  // namespace
}  // namespace allcores::platform
