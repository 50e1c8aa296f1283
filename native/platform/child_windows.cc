#if defined(_WIN32)

#include <windows.h>

#include "platform/child.h"

namespace allcores::platform {

std::optional<ExitStatus> PeekExit(std::uint64_t child) {
  const HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, static_cast<DWORD>(child));
  if (process == nullptr) return {};
  DWORD code = 0;
  const bool ended = WaitForSingleObject(process, 0) == WAIT_OBJECT_0 && GetExitCodeProcess(process, &code) != 0;
  CloseHandle(process);
  if (!ended) return {};
  return ExitStatus{.code = static_cast<int>(code), .signal = 0};
}

void IgnoreInterrupts() { SetConsoleCtrlHandler(nullptr, TRUE); }

}  // namespace allcores::platform

#endif
