#pragma once

#include <cstdint>
#include <optional>

namespace allcores::platform {

// How a process ended: by itself with a code, or by a signal.
struct ExitStatus {
  static constexpr int kUnknown = -1;  // as a signal: it has ended, and whoever waited for it was told how

  int code = 0;
  int signal = 0;  // 0: by itself
};

// Of a child of this process that has ended; it stays to be waited for. Nothing while it is alive.
std::optional<ExitStatus> PeekExit(std::uint64_t child);

// From now on Ctrl-C in a terminal, which goes to each process there, means nothing to this one, unless a handler is
// set.
void IgnoreInterrupts();

}  // namespace allcores::platform
