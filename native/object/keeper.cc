#include "object/keeper.h"

#include "base/deadline.h"
#include "platform/futex.h"
#include "platform/thread.h"

namespace allcores::object {
namespace {

// How often it looks for processes that were killed, in ns. Whoever started one usually hears of it first; this is
// for when that one's thread is blocked, perhaps by what the dead one holds. A look costs some 15 us for each process.
constexpr std::int64_t kLook = 20'000'000;

void Keep(Program& program, ParticipantId me, bool looks_after_dead) {
  std::atomic<std::uint32_t>& bell = program.participants().At(me).park;
  for (;;) {
    // Acquire, and before the looks: whoever marks something rings after that, and the futex then refuses to sleep.
    const std::uint32_t seen = bell.load(std::memory_order_acquire);
    program.PassOnPokes();
    if (looks_after_dead) program.RecoverDead(me);
    platform::Futex::Wait(bell, seen, looks_after_dead ? Deadline::After(kLook) : Deadline::Never());
  }
}

}  // namespace

void Keeper::Start(Program& program, ParticipantId me, bool looks_after_dead) {
  platform::StartDaemonThread([&program, me, looks_after_dead] { Keep(program, me, looks_after_dead); });
}

}  // namespace allcores::object
