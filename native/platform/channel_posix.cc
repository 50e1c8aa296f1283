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
#include <utility>

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
#if defined(SO_NOSIGPIPE)
  constexpr int kOn = 1;
  setsockopt(end, SOL_SOCKET, SO_NOSIGPIPE, &kOn, sizeof kOn);  // the other one may be gone
#endif
  fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK);
}

// Reads what was rung until now. What it says is nothing.
void HearRings(int end) {
  char rings[64];
  ssize_t heard = 0;
  do heard = recv(end, rings, sizeof(rings), MSG_DONTWAIT);
  while (heard == sizeof(rings) || (heard < 0 && errno == EINTR));
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
#if defined(MSG_NOSIGNAL) && !defined(SO_NOSIGPIPE)
  constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;  // the other one may be gone
#else
  constexpr int kFlags = MSG_DONTWAIT;
#endif
  while (send(end, &bell, 1, kFlags) < 0 && errno == EINTR) {
  }
}

void DieWith(int end, std::function<void()> on_ring) {
  Prepare(end);
#if defined(__linux__)
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // also when this process is stopped, and the thread below with it
#endif
  // A descriptor of its own: whoever closes all that they do not know may close the end, too.
  const int own = fcntl(end, F_DUPFD_CLOEXEC, 0);
  StartDaemonThread([own = own < 0 ? end : own, on_ring = std::move(on_ring)] {
    pollfd watched{.fd = own, .events = POLLIN | kGone, .revents = 0};
    for (;;) {
      if (poll(&watched, 1, -1) <= 0) continue;  // a signal
      if ((watched.revents & (kGone | POLLHUP | POLLERR)) != 0) break;
      if ((watched.revents & POLLNVAL) != 0) return;  // this process has closed it: it is ending itself
      HearRings(own);
      on_ring();
    }
    // Not by exit: JavaScript may be in an endless loop, and nobody is left to tell anything to.
    kill(getpid(), SIGKILL);
  });
}

}  // namespace allcores::platform

#endif
