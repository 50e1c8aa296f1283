#if !defined(_WIN32)

#include <sys/types.h>
#include <sys/wait.h>

#include <csignal>

#include "platform/child.h"

namespace allcores::platform {

std::optional<ExitStatus> PeekExit(std::uint64_t child) {
  siginfo_t info{};
  // WNOWAIT: whoever started it is told as well.
  if (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return {};
  if (info.si_code == CLD_EXITED) return ExitStatus{.code = info.si_status, .signal = 0};
  return ExitStatus{.code = 0, .signal = info.si_status};
}

void IgnoreInterrupts() { std::signal(SIGINT, SIG_IGN); }

}  // namespace allcores::platform

#endif
