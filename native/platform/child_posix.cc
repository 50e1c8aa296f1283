#if !defined(_WIN32)

#include <sys/types.h>
#include <sys/wait.h>
#if defined(__APPLE__)
#include <libproc.h>
#endif

#include <cerrno>
#include <csignal>

#include "platform/child.h"

namespace allcores::platform {
namespace {

// Of a child that a signal has ended.
#if defined(__APPLE__)
// The system gives the upper half of its status in the siginfo, where there is nothing in that case.
int SignalOf(const siginfo_t& info) {
  proc_bsdinfo process{};
  constexpr std::uint64_t kEndedToo = 1;
  const int bytes = proc_pidinfo(info.si_pid, PROC_PIDTBSDINFO, kEndedToo, &process, sizeof process);
  const int status = bytes == sizeof process ? static_cast<int>(process.pbi_xstatus) : 0;
  return WIFSIGNALED(status) ? WTERMSIG(status) : SIGKILL;  // at least that it was a signal
}
#else
int SignalOf(const siginfo_t& info) { return info.si_status; }
#endif

}  // namespace

std::optional<ExitStatus> PeekExit(std::uint64_t child) {
  siginfo_t info{};
  // WNOWAIT: whoever started it is told as well.
  if (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    // Not a child any more: it was waited for, unless it never was one.
    const bool gone = errno == ECHILD && kill(static_cast<pid_t>(child), 0) != 0 && errno == ESRCH;
    if (gone) return ExitStatus{.code = 0, .signal = ExitStatus::kUnknown};
    return {};
  }
  if (info.si_pid == 0) return {};
  if (info.si_code == CLD_EXITED) return ExitStatus{.code = info.si_status, .signal = 0};
  return ExitStatus{.code = 0, .signal = SignalOf(info)};
}

void IgnoreInterrupts() { std::signal(SIGINT, SIG_IGN); }

}  // namespace allcores::platform

#endif
