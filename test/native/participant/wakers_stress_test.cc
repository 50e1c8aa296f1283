#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "participant/wakers.h"
#include "support/crew.h"

namespace allcores::participant {
namespace {

// What a hook refers to dies as soon as Clear has returned. AddressSanitizer sees a poke that comes later.
TEST(WakersStress, NobodyIsInsideAHookAfterClear) {
  Wakers wakers(1);
  std::atomic<bool> done{false};
  testing::Crew crew;
  for (int i = 0; i < 2; ++i) {
    crew.Add([&] {
      while (!done.load()) {
        wakers.Poke(0);
        std::this_thread::yield();
      }
    });
  }
  crew.Start();
  for (int round = 0; round < 2000; ++round) {
    auto pokes = std::make_unique<int>(0);  // plain: the mutex orders the pokes
    wakers.Set(0, [raw = pokes.get()] { ++*raw; });
    if (round % 16 == 0) std::this_thread::yield();
    wakers.Clear(0);
    ASSERT_GE(*pokes, 0);
  }
  done.store(true);
  crew.Join();
}

}  // namespace
}  // namespace allcores::participant
