#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <thread>

#include "platform/cpu.h"

namespace allcores::testing {

// Delays of very different lengths, so that two threads meet in every relation to each other. Seeded, one a thread.
class RandomDelay {
 public:
  explicit RandomDelay(std::uint32_t seed) : random_(seed + 1) {}

  // From nothing to about 60 microseconds.
  void operator()() {
    switch (random_() % 4) {
      case 0:
        return;
      case 1:
        for (std::uint32_t i = Below(500); i > 0; --i) platform::Pause();
        return;
      case 2:
        std::this_thread::yield();
        return;
      default:
        std::this_thread::sleep_for(std::chrono::microseconds(Below(60)));
    }
  }
  std::uint32_t Below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool OneIn(std::uint32_t chances) { return Below(chances) == 0; }

 private:
  std::minstd_rand random_;
};

}  // namespace allcores::testing
