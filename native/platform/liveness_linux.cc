#if defined(__linux__)

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "platform/liveness.h"

namespace allcores::platform {

std::uint64_t CurrentProcessId() { return static_cast<std::uint64_t>(getpid()); }

std::uint64_t ProcessStartTime(std::uint64_t process) {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%llu/stat", static_cast<unsigned long long>(process));
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[1024];
  const ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return 0;
  text[length] = '\0';
  // "number (name) state …": the name may hold anything, so the fields count from the last parenthesis.
  const char* at = std::strrchr(text, ')');
  if (at == nullptr || at[1] != ' ') return 0;
  const char state = at[2];
  if (state == 'Z' || state == 'X' || state == 'x') return 0;  // ended; its parent has not asked yet
  constexpr int kStartTimeAfterState = 19;                     // field 22; the state is field 3
  at += 2;
  for (int field = 0; field < kStartTimeAfterState && at != nullptr; ++field) {
    at = std::strchr(at, ' ');
    if (at != nullptr) ++at;
  }
  return at == nullptr ? 0 : std::strtoull(at, nullptr, 10) + 1;  // + 1: a process may start in the system's first tick
}

}  // namespace allcores::platform

#endif
