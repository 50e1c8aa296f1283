#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

namespace allcores {

// Nanoseconds on the clock that every thread and process of this machine shares and that never steps.
inline std::int64_t MonotonicNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// A point on the monotonic clock until which a wait may last.
class Deadline {
 public:
  static Deadline Never() { return Deadline(std::numeric_limits<std::int64_t>::max()); }
  static Deadline Now() { return Deadline(0); }
  static Deadline After(std::int64_t nanos) {
    // A backend may refuse times before the clock's zero, and a wait that fails at once looks like a spurious wake-up.
    if (nanos <= 0) return Now();
    const std::int64_t now = MonotonicNanos();
    return nanos >= std::numeric_limits<std::int64_t>::max() - now ? Never() : Deadline(now + nanos);
  }

  [[nodiscard]] bool IsNever() const { return at_ == std::numeric_limits<std::int64_t>::max(); }
  [[nodiscard]] bool Expired() const { return !IsNever() && MonotonicNanos() >= at_; }
  [[nodiscard]] std::int64_t nanos() const { return at_; }

 private:
  explicit Deadline(std::int64_t at) : at_(at) {}

  std::int64_t at_;
};

}  // namespace allcores
