#if !defined(_WIN32)

#include <pthread.h>

#include <csignal>
#include <utility>

#include "platform/thread.h"

namespace allcores::platform {

std::thread StartThread(std::function<void()> run) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  // The new thread begins with this one's mask.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(run));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

void StartDaemonThread(std::function<void()> run) { StartThread(std::move(run)).detach(); }

}  // namespace allcores::platform

#endif
