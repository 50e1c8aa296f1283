#if !defined(__linux__)

#include "platform/liveness.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif
#endif

namespace allcores::platform {

#if defined(_WIN32)

std::uint64_t CurrentProcessId() { return GetCurrentProcessId(); }

std::uint64_t ProcessStartTime(std::uint64_t process) {
  const HANDLE handle =
      OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, static_cast<DWORD>(process));
  if (handle == nullptr) return 0;
  FILETIME created{}, exited{}, kernel{}, user{};
  const bool running = WaitForSingleObject(handle, 0) == WAIT_TIMEOUT;
  const bool known = GetProcessTimes(handle, &created, &exited, &kernel, &user) != 0;
  CloseHandle(handle);
  if (!running || !known) return 0;
  return (static_cast<std::uint64_t>(created.dwHighDateTime) << 32 | created.dwLowDateTime) + 1;
}

#else

std::uint64_t CurrentProcessId() { return static_cast<std::uint64_t>(getpid()); }

std::uint64_t ProcessStartTime(std::uint64_t process) {
#if defined(__APPLE__)
  int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, static_cast<int>(process)};
  kinfo_proc found{};
  size_t size = sizeof found;
  if (sysctl(name, 4, &found, &size, nullptr, 0) != 0 || size == 0 || found.kp_proc.p_stat == SZOMB) return 0;
  const timeval& at = found.kp_proc.p_starttime;
  return static_cast<std::uint64_t>(at.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(at.tv_usec) + 1;
#else
  // No portable way to a start time: a number that was used again goes unnoticed.
  return kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM ? 1 : 0;
#endif
}

#endif

}  // namespace allcores::platform

#endif
