#include "platform/thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <future>
#include <vector>

namespace allcores::platform {
namespace {

// Touches `bytes` of stack, page by page.
[[gnu::noinline]] std::size_t Descend(std::size_t bytes) {
  volatile std::byte page[4096];
  page[0] = std::byte{1};
  return bytes <= sizeof page ? 1 : Descend(bytes - sizeof page) + static_cast<std::size_t>(page[0]);
}

TEST(Thread, RunsAndIsJoined) {
  int ran = 0;
  Thread thread([&] { ran = 1; });
  thread.Join();
  EXPECT_EQ(ran, 1);
}

TEST(Thread, HasTheStackThatIsPromised) {
  std::size_t pages = 0;
  Thread thread([&] { pages = Descend(Thread::kStackBytes / 4 * 3); });
  thread.Join();
  EXPECT_EQ(pages, Thread::kStackBytes / 4 * 3 / 4096);
}

TEST(Thread, TakesNoSignals) {
  bool blocked = false;
  Thread thread([&] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked = sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGINT) == 1;
  });
  thread.Join();
  EXPECT_TRUE(blocked);
}

TEST(Thread, LeavesTheSignalsOfItsMakerAlone) {
  sigset_t mask;
  Thread([] {}).Join();
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  EXPECT_EQ(sigismember(&mask, SIGTERM), 0);
}

TEST(Thread, MayBeMovedBeforeItIsJoined) {
  std::vector<Thread> threads;
  std::atomic<int> ran = 0;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { ++ran; });
  for (Thread& thread : threads) thread.Join();
  EXPECT_EQ(ran, 8);
}

TEST(Thread, GoesOnWhenItIsDetached) {
  static std::promise<int> promise;  // the thread may still be about when this has ended
  StartDaemonThread([] { promise.set_value(7); });
  EXPECT_EQ(promise.get_future().get(), 7);
}

}  // namespace
}  // namespace allcores::platform
