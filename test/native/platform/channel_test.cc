#include "platform/channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "platform/liveness.h"
#include "support/board.h"
#include "support/child.h"
#include "support/hang.h"

namespace allcores::platform {
namespace {

using testing::Board;
using testing::Child;

bool IsReadable(int end) {
  pollfd watched{.fd = end, .events = POLLIN, .revents = 0};
  return poll(&watched, 1, 0) == 1 && (watched.revents & POLLIN) != 0;
}

bool IsGone(int end) {
  pollfd watched{.fd = end, .events = POLLIN, .revents = 0};
  char byte = 0;
  return poll(&watched, 1, 0) == 1 && recv(end, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

// False when it ended in another way, or not at all.
bool IsKilled(pid_t child) {
  int status = 0;
  pid_t ended = 0;
  return testing::Eventually([&] { return (ended = waitpid(child, &status, WNOHANG)) != 0; }) && ended == child &&
         WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

class ChannelTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_GE(channel.ours, 0); }
  void TearDown() override {
    for (const int end : {channel.ours, channel.theirs}) {
      if (end >= 0) CloseEnd(end);
    }
  }
  // What a child does first, and what this process does once it has started one.
  void BecomeTheirs() { CloseEnd(std::exchange(channel.ours, -1)); }
  void BecomeOurs() { CloseEnd(std::exchange(channel.theirs, -1)); }

  Channel channel = OpenChannel();
};

TEST_F(ChannelTest, ARingMakesTheOtherEndReadable) {
  EXPECT_FALSE(IsReadable(channel.ours));
  Ring(channel.theirs);
  EXPECT_TRUE(IsReadable(channel.ours));
  EXPECT_FALSE(IsReadable(channel.theirs));
  Ring(channel.ours);
  EXPECT_TRUE(IsReadable(channel.theirs));
}

TEST_F(ChannelTest, NoProcessThatIsStartedInheritsItByItself) {
  EXPECT_NE(fcntl(channel.ours, F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(fcntl(channel.theirs, F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(ChannelTest, RingingNeverBlocks) {
  for (const bool blocking : {false, true}) {
    // Even where somebody has made the end a blocking one.
    if (blocking) fcntl(channel.theirs, F_SETFL, fcntl(channel.theirs, F_GETFL) & ~O_NONBLOCK);
    for (int i = 0; i < 20'000; ++i) Ring(channel.theirs);
    char byte = 0;
    EXPECT_EQ(send(channel.theirs, &byte, 1, MSG_DONTWAIT), -1) << "it was not full";
    EXPECT_EQ(errno, EAGAIN);
  }
  EXPECT_TRUE(IsReadable(channel.ours));
}

TEST_F(ChannelTest, RingingOneThatIsGoneDoesNothing) {
  BecomeOurs();
  for (int i = 0; i < 3; ++i) Ring(channel.ours);  // no SIGPIPE
  EXPECT_TRUE(IsGone(channel.ours));
  Ring(-1);
}

TEST_F(ChannelTest, TellsOfTheEndOfAProcess) {
  Child child([this] {
    BecomeTheirs();
    for (;;) pause();
  });
  BecomeOurs();
  EXPECT_FALSE(IsGone(channel.ours));
  child.Kill();
  EXPECT_TRUE(testing::Eventually([this] { return IsGone(channel.ours); }));
}

TEST_F(ChannelTest, AChildInAnEndlessLoopDiesWhenTheOtherEndIsClosed) {
  const Board<std::atomic<std::uint32_t>> loops;
  const Child child([&] {
    BecomeTheirs();
    DieWith(channel.theirs, [] {});
    for (;;) loops->fetch_add(1);
  });
  BecomeOurs();
  // What comes through does not end it.
  Ring(channel.ours);
  const std::uint32_t seen = loops->load();
  ASSERT_TRUE(testing::Eventually([&] { return loops->load() > seen + 1000; }));
  EXPECT_EQ(waitpid(child.process(), nullptr, WNOHANG), 0);
  CloseEnd(std::exchange(channel.ours, -1));
  EXPECT_TRUE(IsKilled(child.process()));
}

TEST_F(ChannelTest, AChildHearsEachRing) {
  const Board<std::atomic<std::uint32_t>> heard;
  const Child child([&] {
    BecomeTheirs();
    DieWith(channel.theirs, [&] { heard->fetch_add(1); });
    for (;;) pause();
  });
  BecomeOurs();
  EXPECT_EQ(heard->load(), 0U);
  for (std::uint32_t rung = 1; rung <= 3; ++rung) {
    Ring(channel.ours);
    ASSERT_TRUE(testing::Eventually([&] { return heard->load() == rung; })) << rung;
  }
  // More than is read in one go: at least once more, and in the end there is nothing left to read.
  for (int i = 0; i < 1000; ++i) Ring(channel.ours);
  EXPECT_TRUE(testing::Eventually([&] { return heard->load() > 3; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const std::uint32_t settled = heard->load();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(heard->load(), settled);
}

TEST_F(ChannelTest, AChildWhoseOtherEndIsGoneAlreadyDies) {
  Child child([this] {
    BecomeTheirs();
    char go = 0;
    while (recv(channel.theirs, &go, 1, 0) != 0) std::this_thread::yield();  // until the other end is closed
    DieWith(channel.theirs, [] {});
    for (;;) pause();
  });
  BecomeOurs();
  CloseEnd(std::exchange(channel.ours, -1));
  EXPECT_TRUE(IsKilled(child.process()));
}

TEST_F(ChannelTest, AChildThatHasClosedItsEndDies) {
  Child child([this] {
    BecomeTheirs();
    DieWith(channel.theirs, [] {});
    CloseEnd(channel.theirs);
    for (;;) pause();
  });
  BecomeOurs();
  EXPECT_EQ(waitpid(child.process(), nullptr, WNOHANG), 0);
  CloseEnd(std::exchange(channel.ours, -1));
  EXPECT_TRUE(IsKilled(child.process()));
}

// A grandchild, whose parent is killed and can tell it nothing.
TEST_F(ChannelTest, AChildInAnEndlessLoopDiesWithItsParent) {
  struct Told {
    std::atomic<std::uint64_t> process;
    std::atomic<std::uint64_t> started;
  };
  const Board<Told> grandchild;
  Child parent([&] {
    const Child child([&] {
      BecomeTheirs();
      DieWith(channel.theirs, [] {});
      grandchild->started = ProcessStartTime(CurrentProcessId());
      grandchild->process = CurrentProcessId();
      for (volatile std::uint64_t turns = 0;;) turns = turns + 1;
    });
    BecomeOurs();
    for (;;) pause();
  });
  // This process has no end of it.
  BecomeOurs();
  BecomeTheirs();
  ASSERT_TRUE(testing::Eventually([&] { return grandchild->process != 0; }));
  EXPECT_TRUE(IsProcessAlive(grandchild->process, grandchild->started));
  parent.Kill();
  EXPECT_TRUE(testing::Eventually([&] { return !IsProcessAlive(grandchild->process, grandchild->started); }));
}

TEST_F(ChannelTest, AChildMayEndByItself) {
  Child child([this] {
    BecomeTheirs();
    DieWith(channel.theirs, [] {});
    Ring(channel.theirs);
    _exit(0);
  });
  BecomeOurs();
  EXPECT_TRUE(child.Wait());
  EXPECT_TRUE(IsReadable(channel.ours));
}

}  // namespace
}  // namespace allcores::platform
