#include "platform/child.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "platform/liveness.h"
#include "support/child.h"
#include "support/hang.h"

namespace allcores::platform {
namespace {

std::uint64_t Start(void (*body)()) {
  const pid_t process = fork();
  if (process == 0) {
    body();
    _exit(0);
  }
  return static_cast<std::uint64_t>(process);
}

ExitStatus AwaitExit(std::uint64_t child) {
  std::optional<ExitStatus> status;
  EXPECT_TRUE(testing::Eventually([&] { return (status = PeekExit(child)).has_value(); }));
  return status.value_or(ExitStatus{});
}

int Reap(std::uint64_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(static_cast<pid_t>(child), &status, WNOHANG), static_cast<pid_t>(child));
  return status;
}

TEST(Child, TellsACodeWithoutWaitingForTheChild) {
  for (const int code : {0, 7, 255}) {
    static int wanted;
    wanted = code;
    const std::uint64_t child = Start([] { _exit(wanted); });
    for (int i = 0; i < 3; ++i) {
      const ExitStatus status = AwaitExit(child);
      EXPECT_EQ(status.code, code);
      EXPECT_EQ(status.signal, 0);
    }
    const int status = Reap(child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == code);
    EXPECT_EQ(AwaitExit(child).signal, ExitStatus::kUnknown);
  }
}

TEST(Child, TellsASignalWithoutWaitingForTheChild) {
  for (const int signal : {SIGKILL, SIGTERM}) {
    const std::uint64_t child = Start([] {
      for (;;) pause();
    });
    EXPECT_FALSE(PeekExit(child).has_value());
    kill(static_cast<pid_t>(child), signal);
    const ExitStatus told = AwaitExit(child);
    EXPECT_EQ(told.signal, signal);
    EXPECT_EQ(told.code, 0);
    const int status = Reap(child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal);
    EXPECT_EQ(AwaitExit(child).signal, ExitStatus::kUnknown);
  }
}

TEST(Child, ASignalThatDumpsMemoryIsASignal) {
  const std::uint64_t child = Start([] {
    std::signal(SIGABRT, SIG_DFL);
    kill(getpid(), SIGABRT);
    for (;;) pause();
  });
  EXPECT_EQ(AwaitExit(child).signal, SIGABRT);
  Reap(child);
}

TEST(Child, NothingIsToldOfStrangersOrTheLiving) {
  EXPECT_FALSE(PeekExit(CurrentProcessId()).has_value());
  EXPECT_FALSE(PeekExit(static_cast<std::uint64_t>(getppid())).has_value());
  EXPECT_FALSE(PeekExit(0).has_value());
  // One that is stopped has not ended.
  const testing::Child child([] {
    for (;;) pause();
  });
  kill(child.process(), SIGSTOP);
  int status = 0;
  ASSERT_EQ(waitpid(child.process(), &status, WUNTRACED), child.process());
  EXPECT_FALSE(PeekExit(static_cast<std::uint64_t>(child.process())).has_value());
}

TEST(Child, WhoIgnoresInterruptsOutlivesThem) {
  const std::uint64_t child = Start([] {
    IgnoreInterrupts();
    kill(getpid(), SIGINT);
    _exit(3);
  });
  EXPECT_EQ(AwaitExit(child).code, 3);
  Reap(child);
}

}  // namespace
}  // namespace allcores::platform
