#pragma once

#include <cstdint>
#include <thread>

#include "base/deadline.h"

namespace allcores::testing {

// How long a wait may last before it counts as a lost wake-up. Far beyond any delay of a loaded machine's scheduler; a
// test never waits for it to pass.
inline constexpr std::int64_t kHangNanos = 10'000'000'000;

inline Deadline HangDeadline() { return Deadline::After(kHangNanos); }

// Gives the processor away until `condition` holds. False when it never does.
template <typename Condition>
bool Eventually(Condition condition) {
  const Deadline deadline = HangDeadline();
  while (!condition()) {
    if (deadline.Expired()) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace allcores::testing
