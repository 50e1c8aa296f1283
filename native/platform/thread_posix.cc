#if !defined(_WIN32)

#include <pthread.h>

#include <csignal>
#include <thread>
#include <utility>

#include "platform/thread.h"

namespace allcores::platform {

void StartDaemonThread(std::function<void()> run) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  // The new thread begins with this one's mask.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread(std::move(run)).detach();
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace allcores::platform

#endif
