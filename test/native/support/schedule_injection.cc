#include <chrono>
#include <cstdint>
#include <random>
#include <thread>

#include "base/schedule_point.h"
#include "platform/cpu.h"

namespace allcores {

// Mostly nothing, so that a test still gets through many rounds; sometimes the processor is given away, and now and
// then for so long that everybody else runs into whatever state this thread left half-done.
void SchedulePoint() {
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

}  // namespace allcores
