#pragma once

#include "sync/waiting.h"

namespace allcores::sync {

// Where `parties` meet: nobody goes on before all have come. Then it is empty again, for the next generation.
//
// Who waits is in the queue, and who has come is counted there. The last one to come never queues: it lets the others
// go, or, if there is an action, gets kActing and lets them go by FinishBarrier after having run it. Whoever comes
// meanwhile waits for the next generation.
//
// Without one who waits, or acts, its generation would never be complete: giving up or dying there breaks the barrier.
// All who wait get kBroken, and so does who comes later, until it is reset.
struct BarrierObject {
  static constexpr std::uint32_t kWait = 0;  // op; result: the order of arrival, 0 to parties - 1

  // Bit of `acting`: its generation was reset or aborted while its action ran. No other action runs before it is over.
  static constexpr std::uint32_t kOrphaned = 0x80000000;

  object::ObjectHeader header;
  std::uint32_t parties;     // constant, from 1
  std::uint32_t has_action;  // constant
  std::atomic<std::uint32_t> broken;
  std::atomic<std::uint32_t> acting;    // who runs the action; 0: nobody
  std::uint32_t timeout;                // constant, JavaScript's alone: of waits that give none
  std::uint64_t arrivals;               // numbers waiters (WaitNode::argument) in the order of the queue
  std::uint64_t generation;             // while somebody acts: the last waiter of that generation
  std::atomic<std::uint64_t> released;  // waiters up to this one may go: its store commits a generation's end
  WaitQueue waiters;
};

struct BarrierState {
  std::uint32_t parties;
  std::uint32_t waiting;
  bool broken;
};

// 0 when the heap is full.
Offset CreateBarrier(Program&, std::uint32_t parties, bool has_action, Offset manager, ParticipantId me);
// For who got kActing: its action went well (everybody goes on, kDone) or did not (the barrier breaks, kDone, too).
// kBroken when that generation was reset or aborted, kNotOwner for anybody else.
Outcome FinishBarrier(Program&, Offset barrier, ParticipantId me, bool ok);
// Breaks it until it is reset.
Outcome AbortBarrier(Program&, Offset barrier, ParticipantId me);
// All who wait get kBroken; then it is whole and empty.
Outcome ResetBarrier(Program&, Offset barrier, ParticipantId me);
// Without a guard: each figure was true a moment ago.
BarrierState StateOf(const Program&, Offset barrier);

WaitType BarrierWaitType();
object::ObjectType BarrierObjectType();

}  // namespace allcores::sync
