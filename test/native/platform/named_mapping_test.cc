#include "platform/named_mapping.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string>

namespace allcores::platform {
namespace {

std::string NewName() {
  static int serial = 0;
  return "acm_test_" + std::to_string(getpid()) + "_" + std::to_string(serial++);
}

// Number of open descriptors of this process.
std::size_t Descriptors() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

class NamedMappingTest : public ::testing::TestWithParam<Appearance> {
 protected:
  static int Create(const std::string& name, std::size_t bytes, NamedMapping* created,
                    std::span<const std::byte> contents = {}) {
    return NamedMapping::Create(name, bytes, contents, created, GetParam());
  }
};
INSTANTIATE_TEST_SUITE_P(Appearance, NamedMappingTest, ::testing::Values(Appearance::kWhole, Appearance::kStepwise),
                         [](const auto& info) { return info.param == Appearance::kWhole ? "Whole" : "Stepwise"; });

TEST_P(NamedMappingTest, BeginsWithItsContentsAndIsZeroBeyond) {
  const std::string name = NewName();
  const std::array<std::byte, 3> contents{std::byte{1}, std::byte{2}, std::byte{3}};
  NamedMapping mapping;
  ASSERT_EQ(Create(name, 10'000, &mapping, contents), 0);
  EXPECT_EQ(mapping.size(), 10'000U);
  EXPECT_TRUE(std::equal(contents.begin(), contents.end(), mapping.data()));
  EXPECT_TRUE(std::all_of(mapping.data() + 3, mapping.data() + 10'000, [](std::byte b) { return b == std::byte{0}; }));
  EXPECT_EQ(NamedMapping::Unlink(name, mapping.identity()), 0);
}

TEST_P(NamedMappingTest, IsTheSameMemoryForWhoeverAttaches) {
  const std::string name = NewName();
  NamedMapping first;
  NamedMapping second;
  ASSERT_EQ(Create(name, 5000, &first), 0);
  ASSERT_EQ(NamedMapping::Attach(name, &second), 0);
  EXPECT_NE(first.data(), second.data());
  EXPECT_EQ(first.identity(), second.identity());
  EXPECT_EQ(second.size(), 5000U);
  first.data()[4999] = std::byte{42};
  EXPECT_EQ(second.data()[4999], std::byte{42});
  EXPECT_EQ(NamedMapping::Unlink(name, second.identity()), 0);
}

TEST_P(NamedMappingTest, OutlivesItsNameForWhoeverHasIt) {
  const std::string name = NewName();
  NamedMapping first;
  NamedMapping second;
  ASSERT_EQ(Create(name, 100, &first), 0);
  ASSERT_EQ(NamedMapping::Attach(name, &second), 0);
  EXPECT_EQ(NamedMapping::Unlink(name, first.identity()), 0);
  EXPECT_EQ(NamedMapping::Unlink(name, second.identity()), ENOENT);
  NamedMapping third;
  EXPECT_EQ(NamedMapping::Attach(name, &third), ENOENT);
  first = NamedMapping();
  second.data()[99] = std::byte{7};
  EXPECT_EQ(second.data()[99], std::byte{7});
}

TEST_P(NamedMappingTest, RefusesANameThatIsTaken) {
  const std::string name = NewName();
  NamedMapping first;
  NamedMapping second;
  ASSERT_EQ(Create(name, 100, &first), 0);
  EXPECT_EQ(Create(name, 200, &second), EEXIST);
  EXPECT_EQ(second.data(), nullptr);
  EXPECT_EQ(NamedMapping::Attach(name, &second), 0);
  EXPECT_EQ(second.size(), 100U);
  EXPECT_EQ(NamedMapping::Unlink(name, first.identity()), 0);
}

TEST_P(NamedMappingTest, DoesNotUnlinkAnotherObjectThatHasItsNameNow) {
  const std::string name = NewName();
  NamedMapping first;
  NamedMapping second;
  ASSERT_EQ(Create(name, 100, &first), 0);
  EXPECT_EQ(NamedMapping::Unlink(name, first.identity()), 0);
  ASSERT_EQ(Create(name, 100, &second), 0);
  EXPECT_EQ(NamedMapping::Unlink(name, first.identity()), ENOENT);
  EXPECT_EQ(NamedMapping::Unlink(name, second.identity()), 0);
}

TEST_P(NamedMappingTest, RefusesNamesThatAreNone) {
  NamedMapping mapping;
  for (const std::string& name : {std::string(), std::string("."), std::string(".."), std::string("a/b"),
                                  std::string("/a"), std::string("a\0b", 3)}) {
    EXPECT_EQ(Create(name, 100, &mapping), EINVAL) << name;
    EXPECT_EQ(NamedMapping::Attach(name, &mapping), EINVAL) << name;
    EXPECT_EQ(NamedMapping::Unlink(name, {}), EINVAL) << name;
  }
  std::string longest = NewName();  // others run beside this one
  longest.resize(NamedMapping::kMostNameBytes, 'a');
  EXPECT_EQ(Create(longest + 'a', 100, &mapping), ENAMETOOLONG);
  EXPECT_EQ(NamedMapping::Attach(longest + 'a', &mapping), ENAMETOOLONG);
  EXPECT_EQ(NamedMapping::Attach(longest, &mapping), ENOENT);
  ASSERT_EQ(Create(longest, 100, &mapping), 0);
  EXPECT_EQ(NamedMapping::Unlink(longest, mapping.identity()), 0);
}

TEST_P(NamedMappingTest, LeavesNothingWhenThereIsNoMemory) {
  const std::string name = NewName();
  NamedMapping mapping;
  for (const std::size_t bytes : {std::size_t{1} << 60, ~std::size_t{0}}) {
    EXPECT_NE(Create(name, bytes, &mapping), 0);
    EXPECT_EQ(mapping.data(), nullptr);
    EXPECT_EQ(NamedMapping::Attach(name, &mapping), ENOENT);
  }
}

#if defined(__linux__)
TEST_P(NamedMappingTest, IsAFileOfThisUserAlone) {
  const std::string name = NewName();
  NamedMapping mapping;
  ASSERT_EQ(Create(name, 100, &mapping), 0);
  struct stat status{};
  ASSERT_EQ(lstat(("/dev/shm/" + name).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(status.st_size, 100);
  EXPECT_EQ(NamedMapping::Unlink(name, mapping.identity()), 0);
}

TEST_P(NamedMappingTest, KeepsNoDescriptors) {
  NamedMapping created;
  NamedMapping attached;
  const std::string first = NewName();
  ASSERT_EQ(Create(first, 100, &created), 0);  // the tracker's pipe stays
  const std::size_t before = Descriptors();
  EXPECT_EQ(NamedMapping::Unlink(first, created.identity()), 0);
  const std::string second = NewName();
  ASSERT_EQ(Create(second, 100, &created), 0);
  ASSERT_EQ(NamedMapping::Attach(second, &attached), 0);
  EXPECT_EQ(Create(second, 100, &created), EEXIST);
  EXPECT_NE(Create(NewName(), ~std::size_t{0}, &created), 0);
  EXPECT_EQ(Descriptors(), before);
  EXPECT_EQ(NamedMapping::Unlink(second, created.identity()), 0);
}

TEST(NamedMapping, AttachesToNothingButMemory) {
  NamedMapping mapping;
  const std::string name = NewName();
  const std::string path = "/dev/shm/" + name;
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(NamedMapping::Attach(name, &mapping), EINVAL);
  unlink(path.c_str());
  ASSERT_EQ(symlink("/dev/zero", path.c_str()), 0);
  EXPECT_EQ(NamedMapping::Attach(name, &mapping), ELOOP);
  unlink(path.c_str());
  close(open(path.c_str(), O_CREAT | O_RDWR, 0600));  // what others make begins without a size
  EXPECT_EQ(NamedMapping::Attach(name, &mapping), EINVAL);
  unlink(path.c_str());
}

TEST(NamedMapping, IsAnObjectOfTheSystem) {
  const std::string name = NewName();
  NamedMapping mapping;
  ASSERT_EQ(NamedMapping::Create(name, 100, {}, &mapping), 0);
  const int file = shm_open(("/" + name).c_str(), O_RDWR, 0);
  EXPECT_GE(file, 0);
  close(file);
  EXPECT_EQ(NamedMapping::Unlink(name, mapping.identity()), 0);
}
#endif

}  // namespace
}  // namespace allcores::platform
