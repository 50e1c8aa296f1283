#include <gtest/gtest.h>
#include <unistd.h>

#include "object/program.h"
#include "platform/futex.h"
#include "platform/mapping.h"
#include "support/crew.h"
#include "support/event_loop.h"
#include "support/hang.h"
#include "support/random_delay.h"

namespace allcores::object {
namespace {

using testing::Crew;
using testing::EventLoop;
using testing::RandomDelay;

// Threads of "another process" give event loops of this one work and wake them; a thread of this one passes that on.
TEST(ProgramWakeStress, NoPokeIsLostAndEachBringsWhatWasDoneBefore) {
  constexpr std::uint32_t kLoops = 2;
  constexpr std::uint32_t kRounds = 4000;
  Program home(memory::Heap::Create(std::uint64_t{16} << 20), {});
  Program away(memory::Heap::Attach(platform::Mapping::Attach(dup(home.heap().descriptor()))), {});
  const ParticipantId host = home.participants().Join(0);
  home.SetHost(host);
  away.SetHost(away.participants().Join(0));
  struct Loop {
    ParticipantId id = 0;
    EventLoop loop;
    // Handed over by the wake-up: relaxed, so that the order comes from there alone. Not plain, since ThreadSanitizer
    // takes the words of one page at two addresses for different ones, and would see no order.
    std::atomic<std::uint32_t> work{0};
    std::atomic<std::uint32_t> done{0};
  } loops[kLoops];
  std::atomic<std::uint32_t> ended{0};
  std::atomic<std::uint32_t> lost{0};
  Crew crew;
  for (Loop& each : loops) {
    each.id = home.participants().Join(1, host);
    home.wakers().Set(participant::IndexOf(each.id), [&each] { each.loop.Poke(); });
    crew.Add([&] {  // the event loop
      for (std::uint32_t round = 1; round <= kRounds; ++round) {
        // One poke a round, since the next work comes only once this is done.
        if (!each.loop.Turn() || each.work.load(std::memory_order_relaxed) != round) {
          lost.fetch_add(1);
          break;
        }
        each.done.store(round, std::memory_order_release);
      }
      ended.fetch_add(1);
      home.Wake(host, false);
    });
    crew.Add([&] {  // who gives it work
      RandomDelay delay(each.id);
      for (std::uint32_t round = 1; round <= kRounds && lost.load() == 0; ++round) {
        each.work.store(round, std::memory_order_relaxed);
        away.Wake(each.id, true);
        if (delay.OneIn(50)) delay();
        while (each.done.load(std::memory_order_acquire) != round && lost.load() == 0) std::this_thread::yield();
      }
    });
  }
  crew.Add([&] {  // as Keeper does, but to an end
    std::atomic<std::uint32_t>& bell = home.participants().At(host).park;
    while (ended.load() < kLoops) {
      const std::uint32_t seen = bell.load(std::memory_order_acquire);
      home.PassOnPokes();
      if (ended.load() < kLoops) platform::Futex::Wait(bell, seen, testing::HangDeadline());
    }
  });
  crew.Join();
  EXPECT_EQ(lost.load(), 0U);
}

}  // namespace
}  // namespace allcores::object
