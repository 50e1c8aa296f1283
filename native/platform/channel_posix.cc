#if !defined(_WIN32)

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include <cerrno>
#include <csignal>

#include "platform/channel.h"
#include "platform/thread.h"

namespace allcores::platform {
namespace {

#if defined(POLLRDHUP)
constexpr short kGone = POLLRDHUP;
#else
constexpr short kGone = 0;  // POLLHUP is always told
#endif

void Prepare(int end) {
  fcntl(end, F_SETFD, FD_CLOEXEC);
  fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK);
}

}  // namespace

Channel OpenChannel() {
  int ends[2];
#if defined(SOCK_CLOEXEC)
  // In one step: another thread may be starting a process this very moment.
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return {};
#else
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return {};
  for (const int end : ends) Prepare(end);
#endif
  return {.ours = ends[0], .theirs = ends[1]};
}

void CloseEnd(int end) { close(end); }

void Ring(int end) {
  const char bell = 1;
#if defined(MSG_NOSIGNAL)
  constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;  // the other one may be gone
#else
  constexpr int kFlags = MSG_DONTWAIT;
#endif
  while (send(end, &bell, 1, kFlags) < 0 && errno == EINTR) {
  }
}

void DieWith(int end) {
  Prepare(end);
#if defined(__linux__)
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // also when this process is stopped, and the thread below with it
#endif
  // A descriptor of its own. Whoever else reads from the end closes it once the other one is gone, and may do so before
  // the thread has looked for the first time: it would then look at nothing, or at another file of that number.
  const int own = fcntl(end, F_DUPFD_CLOEXEC, 0);
  StartDaemonThread([own = own < 0 ? end : own] {
    pollfd watched{.fd = own, .events = kGone, .revents = 0};
    for (;;) {
      const int told = poll(&watched, 1, -1);
      if (told > 0 && (watched.revents & (kGone | POLLHUP | POLLERR)) != 0) break;
      if (told > 0 && (watched.revents & POLLNVAL) != 0) return;  // this process has closed it: it is ending itself
    }
    // Not by exit: JavaScript may be in an endless loop, and nobody is left to tell anything to.
    kill(getpid(), SIGKILL);
  });
}

}  // namespace allcores::platform

#endif
