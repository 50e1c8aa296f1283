#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "support/hang.h"

namespace allcores::testing {

// An event loop reduced to what the pool sees of one: it sleeps until poked, and pokes before it got round to it are
// one.
class EventLoop {
 public:
  void Poke() {
    {
      const std::lock_guard lock(mutex_);
      poked_ = true;
    }
    ready_.notify_one();
  }

  // False when nobody poked in all that time.
  bool Turn() { return TurnFor(std::chrono::nanoseconds(kHangNanos)); }
  bool TurnFor(std::chrono::nanoseconds longest) {
    std::unique_lock lock(mutex_);
    const bool poked = ready_.wait_for(lock, longest, [this] { return poked_; });
    poked_ = false;
    return poked;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  bool poked_ = false;
};

}  // namespace allcores::testing
