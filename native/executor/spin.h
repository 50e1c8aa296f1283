#pragma once

#include <cstdint>

#include "base/deadline.h"
#include "platform/cpu.h"

namespace allcores::executor {

// Waiting without sleeping, one Step a look. Begins with bare pauses, for an answer that is a microsecond away. Soon it
// gives the processor to whoever else is ready on it: that may be the very thread that is waited for, since a scheduler
// likes to put a thread beside the one that woke it.
class Spin {
 public:
  explicit Spin(std::int64_t nanos) : began_(MonotonicNanos()), now_(began_), nanos_(nanos) {}

  // False: the time is over.
  bool Step() {
    if (++rounds_ > kPauses) {
      platform::Yield();
      now_ = MonotonicNanos();
    } else {
      platform::Pause();
      // The clock costs as much as a look: read it every few rounds.
      if (rounds_ % 8 == 0) now_ = MonotonicNanos();
    }
    return now_ - began_ < nanos_;
  }

  // By the clock as last read: exact when the first look succeeded, else at most a few rounds old.
  [[nodiscard]] std::int64_t began() const { return began_; }
  [[nodiscard]] std::int64_t now() const { return now_; }

 private:
  static constexpr std::uint32_t kPauses = 64;

  std::int64_t began_;
  std::int64_t now_;
  std::int64_t nanos_;
  std::uint32_t rounds_ = 0;
};

}  // namespace allcores::executor
