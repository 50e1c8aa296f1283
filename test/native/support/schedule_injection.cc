#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <random>
#include <thread>

#include "base/schedule_point.h"
#include "platform/cpu.h"
#include "support/kill_point.h"

namespace allcores {
namespace {

std::atomic<std::uint32_t> left_to_live{0};

void DieIfTold() {
  if (left_to_live.load(std::memory_order_relaxed) == 0) return;
  if (left_to_live.fetch_sub(1, std::memory_order_relaxed) != 1) return;
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

}  // namespace

// Mostly nothing, so that a test still gets through many rounds; sometimes the processor is given away, and now and
// then for so long that everybody else runs into whatever state this thread left half-done.
void SchedulePoint() {
  DieIfTold();
  thread_local std::minstd_rand random(static_cast<std::uint32_t>(platform::CurrentThreadId()));
  switch (random() % 64) {
    case 0:
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 80));
      break;
    case 1:
    case 2:
    case 3:
      std::this_thread::yield();
      break;
    case 4:
    case 5:
    case 6:
      for (std::uint32_t i = random() % 200; i > 0; --i) platform::Pause();
      break;
    default:
      break;
  }
}

namespace testing {

void DieAtSchedulePoint(std::uint32_t n) { left_to_live.store(n, std::memory_order_relaxed); }

}  // namespace testing
}  // namespace allcores
