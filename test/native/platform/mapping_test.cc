#include "platform/mapping.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <limits>

#include "support/child.h"

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

// As a process that was started with the descriptor does.
TEST(Mapping, AttachedItIsTheSameMemory) {
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{10'000}, std::size_t{3} << 20}) {
    const Mapping first = Mapping::Create(bytes, Reach::kProcesses);
    const Mapping second = Mapping::Attach(dup(first.descriptor()));
    ASSERT_NE(second.data(), nullptr);
    EXPECT_NE(second.data(), first.data());
    EXPECT_EQ(second.size(), bytes);
    first.data()[bytes - 1] = std::byte{5};
    EXPECT_EQ(second.data()[bytes - 1], std::byte{5});
    testing::Child child([&] {
      const Mapping theirs = Mapping::Attach(dup(first.descriptor()));
      if (theirs.data()[bytes - 1] != std::byte{5}) _exit(1);
      theirs.data()[bytes - 1] = std::byte{6};
    });
    EXPECT_TRUE(child.Wait());
    EXPECT_EQ(second.data()[bytes - 1], std::byte{6});
  }
}

TEST(Mapping, AttachedItOutlivesTheFirst) {
  Mapping second;
  {
    const Mapping first = Mapping::Reserve(1 << 20);
    first.data()[7] = std::byte{7};
    second = Mapping::Attach(dup(first.descriptor()));
  }
  EXPECT_EQ(second.data()[7], std::byte{7});
}

TEST(Mapping, AttachTakesTheDescriptorOver) {
  const Mapping first = Mapping::Create(4096, Reach::kProcesses);
  const int copy = dup(first.descriptor());
  {
    const Mapping second = Mapping::Attach(copy);
    EXPECT_EQ(second.descriptor(), copy);
    EXPECT_NE(fcntl(copy, F_GETFD) & FD_CLOEXEC, 0) << "what is started from here is told of it expressly";
  }
  EXPECT_EQ(fcntl(copy, F_GETFD), -1);
}

TEST(Mapping, WhatIsNoMemoryIsNotAttached) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  std::FILE* const file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  ASSERT_EQ(ftruncate(fileno(file), 4096), 0);
  const int folder = open("/", O_RDONLY | O_DIRECTORY);
  const int null = open("/dev/null", O_RDWR);
  const int closed = dup(ends[0]);
  close(closed);
  for (const int odd : {-1, closed, ends[0], ends[1], pair[0], pair[1], folder, null, 99'999}) {
    const Mapping mapping = Mapping::Attach(odd);
    EXPECT_EQ(mapping.data(), nullptr) << odd;
    EXPECT_EQ(mapping.size(), 0U);
    EXPECT_EQ(fcntl(odd, F_GETFD), -1) << "taken over in any case";
  }
  std::fclose(file);
}

#if defined(__linux__)
TEST(Mapping, AFileOnADiskIsNoMemory) {
  char name[] = "./allcores-mapping-XXXXXX";
  const int file = mkstemp(name);
  ASSERT_GE(file, 0);
  unlink(name);
  ASSERT_EQ(ftruncate(file, 4096), 0);
  if (fcntl(file, F_GET_SEALS) >= 0) GTEST_SKIP() << "the folder is in memory";
  EXPECT_EQ(Mapping::Attach(file).data(), nullptr);
}

TEST(Mapping, MemoryWithoutALengthIsNotAttached) {
  EXPECT_EQ(Mapping::Attach(memfd_create("empty", MFD_CLOEXEC)).data(), nullptr);
}

TEST(Mapping, NobodyCanChangeTheLengthOfWhatOthersMap) {
  for (const bool reserved : {false, true}) {
    const Mapping mapping = reserved ? Mapping::Reserve(1 << 20) : Mapping::Create(1 << 20, Reach::kProcesses);
    for (const off_t length : {0, 4096, 2 << 20}) EXPECT_EQ(ftruncate(mapping.descriptor(), length), -1) << length;
    EXPECT_EQ(fcntl(mapping.descriptor(), F_ADD_SEALS, F_SEAL_WRITE), -1);
    struct stat found{};
    ASSERT_EQ(fstat(mapping.descriptor(), &found), 0);
    EXPECT_EQ(found.st_size, 1 << 20);
  }
}

TEST(Mapping, IsForItsUserAlone) {
  struct stat found{};
  const Mapping mapping = Mapping::Reserve(4096);
  ASSERT_EQ(fstat(mapping.descriptor(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600);
}
#endif

#if defined(__linux__)
TEST(Mapping, DiscardsWholePagesOnly) {
  constexpr std::size_t kPage = 65536;  // a multiple of any system's
  const Mapping mapping = Mapping::Reserve(4 * kPage);
  std::fill_n(mapping.data(), mapping.size(), std::byte{1});
  EXPECT_TRUE(mapping.Discard(kPage - 1, 2 * kPage + 2));
  const auto count = [&](std::size_t first, std::size_t last) {
    return std::count(mapping.data() + first, mapping.data() + last, std::byte{1});
  };
  EXPECT_EQ(count(0, kPage), kPage);
  EXPECT_EQ(count(kPage, 3 * kPage), 0);
  EXPECT_EQ(count(3 * kPage, 4 * kPage), kPage);
  EXPECT_TRUE(mapping.Discard(1, 2));  // within a page: nothing
  EXPECT_EQ(count(0, kPage), kPage);
}

TEST(Mapping, PrivateMemoryIsNotDiscarded) {
  const Mapping mapping = Mapping::Create(1 << 20, Reach::kThreads);
  EXPECT_FALSE(mapping.Discard(0, 1 << 20));
}
#endif

TEST(Mapping, IsEmptyByDefault) {
  const Mapping mapping;
  EXPECT_EQ(mapping.data(), nullptr);
  EXPECT_EQ(mapping.descriptor(), -1);
}

}  // namespace
}  // namespace allcores::platform
