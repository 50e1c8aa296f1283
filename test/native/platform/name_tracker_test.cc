#include "platform/name_tracker.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "platform/liveness.h"
#include "platform/mapping.h"
#include "platform/named_mapping.h"
#include "support/child.h"
#include "support/hang.h"

namespace allcores::platform {
namespace {

// What children tell.
struct Told {
  std::atomic<int> stage;
  std::atomic<int> error;
  std::atomic<std::int64_t> tracker;
};

class NameTrackerTest : public ::testing::Test {
 protected:
  NameTrackerTest() : told_(*new(memory_.data()) Told()) {}

  [[nodiscard]] std::string Name(const std::string& suffix) const {
    const char* const test = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    return "acm_" + std::to_string(owner_) + test + suffix;
  }

  static bool Exists(const std::string& name) {
    NamedMapping mapping;
    return NamedMapping::Attach(name, &mapping) != ENOENT;
  }

  // In a child: makes an object and gives up its mapping. The name stays.
  ObjectIdentity Make(const std::string& name, Appearance appearance = Appearance::kWhole) {
    NamedMapping mapping;
    const int error = NamedMapping::Create(name, 4096, {}, &mapping, appearance);
    if (error != 0) told_.error = error;
    return mapping.identity();
  }

  // In a child: says how far it is, and stays.
  [[noreturn]] void Rest(int stage) {
    told_.tracker = NameTracker::Process().tracker();
    told_.stage = stage;
    for (;;) pause();
  }

  [[nodiscard]] bool Reached(int stage) const {
    return testing::Eventually([&] { return told_.stage >= stage; });
  }

  const Mapping memory_ = Mapping::Create(4096, Reach::kProcesses);
  Told& told_;
  const pid_t owner_ = getpid();
};

TEST_F(NameTrackerTest, RemovesTheNamesOfAKilledProcess) {
  testing::Child child([&] {
    Make(Name("a"));
    Make(Name("b"), Appearance::kStepwise);
    Rest(1);
  });
  ASSERT_TRUE(Reached(1));
  EXPECT_EQ(told_.error, 0);
  NamedMapping attached;
  ASSERT_EQ(NamedMapping::Attach(Name("a"), &attached), 0);
  attached.data()[0] = std::byte{1};
  child.Kill();
  EXPECT_TRUE(testing::Eventually([&] { return !Exists(Name("a")) && !Exists(Name("b")); }));
  EXPECT_EQ(attached.data()[0], std::byte{1});  // whoever has it keeps it
  const auto tracker = static_cast<std::uint64_t>(told_.tracker.load());
  EXPECT_TRUE(testing::Eventually([&] { return ProcessStartTime(tracker) == 0; }));
}

TEST_F(NameTrackerTest, RemovesThemAtAnOrderlyExitAndIsGoneByThen) {
  testing::Child child([&] {
    Make(Name("a"));
    told_.tracker = NameTracker::Process().tracker();
    NameTracker::Process().Finish();  // as at exit, which would run the handlers of the test program as well
  });
  EXPECT_TRUE(child.Wait());
  ASSERT_GT(told_.tracker, 0);
  EXPECT_FALSE(Exists(Name("a")));
  EXPECT_EQ(kill(static_cast<pid_t>(told_.tracker.load()), 0), -1);
}

TEST_F(NameTrackerTest, LeavesWhatWasUnlinkedAndIsAnothersNow) {
  testing::Child child([&] {
    const std::string name = Name("a");
    NamedMapping::Unlink(name, Make(name));
    Make(Name("b"));
    told_.stage = 1;
    while (told_.stage < 2) sched_yield();
    Rest(3);
  });
  ASSERT_TRUE(Reached(1));
  // This process takes over both names: one that was unlinked by its owner, one that it unlinks itself.
  NamedMapping first;
  NamedMapping second;
  ASSERT_EQ(NamedMapping::Create(Name("a"), 100, {}, &first), 0);
  ASSERT_EQ(NamedMapping::Attach(Name("b"), &second), 0);
  EXPECT_EQ(NamedMapping::Unlink(Name("b"), second.identity()), 0);
  ASSERT_EQ(NamedMapping::Create(Name("b"), 100, {}, &second), 0);
  told_.stage = 2;
  ASSERT_TRUE(Reached(3));
  const auto tracker = static_cast<std::uint64_t>(told_.tracker.load());
  child.Kill();
  EXPECT_TRUE(testing::Eventually([&] { return ProcessStartTime(tracker) == 0; }));
  EXPECT_EQ(NamedMapping::Unlink(Name("a"), first.identity()), 0);
  EXPECT_EQ(NamedMapping::Unlink(Name("b"), second.identity()), 0);
}

TEST_F(NameTrackerTest, IgnoresWhatEndsTheGroup) {
  testing::Child child([&] {
    setpgid(0, 0);
    Make(Name("a"));
    Rest(1);
  });
  ASSERT_TRUE(Reached(1));
  const auto tracker = static_cast<pid_t>(told_.tracker.load());
  ASSERT_GT(tracker, 0);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) EXPECT_EQ(kill(tracker, signal), 0);
  ASSERT_EQ(kill(-child.process(), SIGKILL), 0);  // the whole group, of which the tracker is none
  EXPECT_TRUE(testing::Eventually([&] { return !Exists(Name("a")); }));
}

TEST_F(NameTrackerTest, IsReplacedWhenSomebodyKilledIt) {
  testing::Child child([&] {
    Make(Name("a"));
    const std::int64_t first = NameTracker::Process().tracker();
    if (first <= 0) _exit(1);
    kill(static_cast<pid_t>(first), SIGKILL);
    while (ProcessStartTime(static_cast<std::uint64_t>(first)) != 0) sched_yield();
    Make(Name("b"));
    if (NameTracker::Process().tracker() == first) told_.error = 1;
    Rest(1);
  });
  ASSERT_TRUE(Reached(1));
  EXPECT_EQ(told_.error, 0);
  EXPECT_TRUE(Exists(Name("a")));
  child.Kill();
  EXPECT_TRUE(testing::Eventually([&] { return !Exists(Name("a")) && !Exists(Name("b")); }));
}

TEST_F(NameTrackerTest, HasNoNameWhoseAppearanceFailed) {
  NameTracker& tracker = NameTracker::Process();
  const ObjectIdentity nobody{~0ULL, ~0ULL};
  EXPECT_EQ(tracker.Arm("acm_never", nobody, [] { return EEXIST; }), EEXIST);
  tracker.Disarm(nobody);  // of what it does not have: nothing
}

TEST_F(NameTrackerTest, HasRoomAgainForWhatOthersUnlinked) {
  // Names of objects that are not there, as if another process had unlinked each. The table runs full twice.
  testing::Child child([&] {
    NameTracker& tracker = NameTracker::Process();
    const ObjectIdentity there = Make(Name("a"));
    for (std::uint64_t i = 1; i <= 2 * NameTracker::kMostNames + 1; ++i) {
      const int error = tracker.Arm("acm_gone", {0, i}, [] { return 0; });
      if (error != 0) told_.error = error;
    }
    if (NamedMapping::Unlink(Name("a"), there) != 0) told_.error = -1;
    Make(Name("b"));
    Rest(1);
  });
  ASSERT_TRUE(Reached(1));
  EXPECT_EQ(told_.error, 0);
  child.Kill();
  EXPECT_TRUE(testing::Eventually([&] { return !Exists(Name("b")); }));
}

#if defined(__linux__)
TEST_F(NameTrackerTest, HasNothingOfItsOwner) {
  testing::Child child([&] {
    Make(Name("a"));
    Rest(1);
  });
  ASSERT_TRUE(Reached(1));
  const std::string folder = "/proc/" + std::to_string(told_.tracker.load());
  std::string comm;
  // It may still be on its way there.
  EXPECT_TRUE(testing::Eventually([&] {
    std::ifstream(folder + "/comm") >> comm;
    const std::filesystem::directory_iterator files(folder + "/fd");
    return comm == "allcores-shm" && std::distance(begin(files), end(files)) == 1;
  }));
  EXPECT_EQ(getsid(static_cast<pid_t>(told_.tracker.load())), static_cast<pid_t>(told_.tracker.load()));
  EXPECT_EQ(std::filesystem::read_symlink(folder + "/cwd"), "/");
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
TEST_F(NameTrackerTest, KeepsNoMemoryOfItsOwner) {
  testing::Child child([&] {
    const Mapping large = Mapping::Create(std::size_t{256} << 20, Reach::kThreads);
    std::memset(large.data(), 1, large.size());
    const Mapping shared = Mapping::Create(std::size_t{256} << 20, Reach::kProcesses);
    Make(Name("a"));
    Rest(1);
  });
  ASSERT_TRUE(Reached(1));
  const std::string path = "/proc/" + std::to_string(told_.tracker.load()) + "/maps";
  EXPECT_TRUE(testing::Eventually([&] {
    std::ifstream maps(path);
    std::uint64_t most = 0;
    for (std::string line; std::getline(maps, line);) {
      const std::size_t dash = line.find('-');
      const std::uint64_t begin = std::stoull(line.substr(0, dash), nullptr, 16);
      most = std::max(most, static_cast<std::uint64_t>(std::stoull(line.substr(dash + 1), nullptr, 16)) - begin);
    }
    return most > 0 && most < std::uint64_t{64} << 20;  // the table and a thread's stack are the largest
  }));
  child.Kill();
  EXPECT_TRUE(testing::Eventually([&] { return !Exists(Name("a")); }));
}
#endif
#endif

}  // namespace
}  // namespace allcores::platform
