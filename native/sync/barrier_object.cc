#include "sync/barrier_object.h"

#include "base/check.h"
#include "base/schedule_point.h"

namespace allcores::sync {
namespace {

using object::ObjectKind;
using object::ObjectLock;

// Whoever is still queued though its generation may go, goes. Their results are in the order of the queue; the last to
// come, who is not in it, has the highest.
void SettleReleased(Program& program, BarrierObject& barrier, Wakes& wakes) {
  const std::uint64_t released = barrier.released.load(std::memory_order_relaxed);
  std::uint32_t remaining = 0;
  for (Offset at = barrier.waiters.head.load(std::memory_order_relaxed); at != 0;) {
    const WaitNode& node = *program.At<WaitNode>(at);
    if (node.argument > released) break;
    ++remaining;
    at = node.next.load(std::memory_order_relaxed);
  }
  for (; remaining != 0; --remaining) {
    const Offset first = barrier.waiters.head.load(std::memory_order_relaxed);
    wakes.Settle(barrier.waiters, first, Outcome::kDone, barrier.parties - 1 - remaining);
  }
}

void Release(Program& program, BarrierObject& barrier, std::uint64_t last, Wakes& wakes) {
  // Commits: from here on the generation is complete, whoever settles it. Relaxed: the guard orders.
  barrier.released.store(last, std::memory_order_relaxed);
  ALLCORES_SCHEDULE_POINT();
  SettleReleased(program, barrier, wakes);
}

void Break(BarrierObject& barrier, Wakes& wakes) {
  // Commits: repair settles whoever is left.
  barrier.broken.store(1, std::memory_order_relaxed);
  ALLCORES_SCHEDULE_POINT();
  wakes.SettleAll(barrier.waiters, Outcome::kBroken);
}

// Nobody acts any more. Were enough waiting meanwhile for the next generation, one of them is its last one to come.
void BeginGeneration(BarrierObject& barrier, Wakes& wakes) {
  barrier.acting.store(0, std::memory_order_relaxed);
  if (barrier.waiters.count.load(std::memory_order_relaxed) >= barrier.parties) wakes.NotifyFirst(barrier.waiters);
}

// The number of the last one of the first `parties - 1` waiters other than `self`.
std::uint64_t LastOfGeneration(const Program& program, const BarrierObject& barrier, const WaitNode* self) {
  std::uint64_t last = 0;
  Offset at = barrier.waiters.head.load(std::memory_order_relaxed);
  for (std::uint32_t left = barrier.parties - 1; left != 0;) {
    ALLCORES_CHECK(at != 0);
    const WaitNode& node = *program.At<WaitNode>(at);
    at = node.next.load(std::memory_order_relaxed);
    if (&node == self) continue;
    last = node.argument;
    --left;
  }
  return last;
}

Outcome Attempt(Program& program, Offset object, Request& request, const WaitNode* node, Wakes& wakes) {
  BarrierObject& barrier = *program.At<BarrierObject>(object);
  if (program.IsClosed(object)) return Outcome::kClosed;
  if (barrier.broken.load(std::memory_order_relaxed) != 0) return Outcome::kBroken;
  const std::uint32_t others = barrier.waiters.count.load(std::memory_order_relaxed) - (node != nullptr ? 1 : 0);
  if (barrier.acting.load(std::memory_order_relaxed) != 0 || others < barrier.parties - 1) {
    if (node == nullptr) request.argument = ++barrier.arrivals;
    return Outcome::kBlocked;
  }
  request.result = barrier.parties - 1;
  const std::uint64_t last = LastOfGeneration(program, barrier, node);
  if (barrier.has_action == 0) {
    Release(program, barrier, last, wakes);
    return Outcome::kDone;
  }
  barrier.generation = last;
  barrier.acting.store(request.me, std::memory_order_relaxed);
  return Outcome::kActing;
}

WaitQueue& QueueOf(Program& program, Offset object, std::uint32_t /*op*/) {
  return program.At<BarrierObject>(object)->waiters;
}

// While an action runs, only those whose generation it is have come; the others still wait to come.
void Withdrawn(Program& program, Offset object, const WaitNode& node, Wakes& wakes) {
  BarrierObject& barrier = *program.At<BarrierObject>(object);
  const std::uint32_t acting = barrier.acting.load(std::memory_order_relaxed);
  const bool had_come =
      acting == 0 || ((acting & BarrierObject::kOrphaned) == 0 && node.argument <= barrier.generation);
  if (had_come) Break(barrier, wakes);
}

void Recover(Program& program, Offset object, ParticipantId dead, ParticipantId me) {
  BarrierObject& barrier = *program.At<BarrierObject>(object);
  // Nothing to do is the rule, and told without the guard: the dead one changes nothing any more.
  const std::uint32_t acting = barrier.acting.load(std::memory_order_relaxed);
  if ((acting & participant::kIdMask) != dead && barrier.waiters.IsEmpty()) return;
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  Waiting::RemoveDead(program, BarrierWaitType(), object, barrier.waiters, dead, wakes);
  const std::uint32_t now = barrier.acting.load(std::memory_order_relaxed);
  if ((now & participant::kIdMask) != dead) return;
  // It may have fallen after it had let its generation go.
  const bool over = (now & BarrierObject::kOrphaned) != 0 ||
                    (barrier.generation != 0 && barrier.generation <= barrier.released.load(std::memory_order_relaxed));
  if (!over) Break(barrier, wakes);
  BeginGeneration(barrier, wakes);
}

void Close(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  wakes.SettleAll(program.At<BarrierObject>(object)->waiters, Outcome::kClosed);
}

void Repair(Program& program, Offset object) {
  BarrierObject& barrier = *program.At<BarrierObject>(object);
  barrier.waiters.Repair(program.heap());
  Wakes wakes(program);
  if (program.IsClosed(object)) wakes.SettleAll(barrier.waiters, Outcome::kClosed);
  if (barrier.broken.load(std::memory_order_relaxed) != 0) wakes.SettleAll(barrier.waiters, Outcome::kBroken);
  SettleReleased(program, barrier, wakes);
  if (barrier.acting.load(std::memory_order_relaxed) == 0) BeginGeneration(barrier, wakes);
}

}  // namespace

Offset CreateBarrier(Program& program, std::uint32_t parties, bool has_action, Offset manager, ParticipantId me) {
  const Offset object = program.Create(ObjectKind::kBarrier, sizeof(BarrierObject), manager, me);
  if (object == 0) return 0;
  BarrierObject& barrier = *program.At<BarrierObject>(object);
  barrier.parties = parties;
  barrier.has_action = has_action ? 1 : 0;
  return object;
}

Outcome FinishBarrier(Program& program, Offset object, ParticipantId me, bool ok) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  BarrierObject& barrier = *program.At<BarrierObject>(object);
  const std::uint32_t acting = barrier.acting.load(std::memory_order_relaxed);
  if ((acting & participant::kIdMask) != me) return Outcome::kNotOwner;
  Outcome outcome = Outcome::kDone;
  if (program.IsClosed(object)) {
    outcome = Outcome::kClosed;
  } else if ((acting & BarrierObject::kOrphaned) != 0 || barrier.broken.load(std::memory_order_relaxed) != 0) {
    outcome = Outcome::kBroken;
  } else if (ok) {
    Release(program, barrier, barrier.generation, wakes);
  } else {
    Break(barrier, wakes);
  }
  BeginGeneration(barrier, wakes);
  return outcome;
}

Outcome AbortBarrier(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  Break(*program.At<BarrierObject>(object), wakes);
  return Outcome::kDone;
}

Outcome ResetBarrier(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  BarrierObject& barrier = *program.At<BarrierObject>(object);
  Break(barrier, wakes);
  const std::uint32_t acting = barrier.acting.load(std::memory_order_relaxed);
  if (acting != 0) barrier.acting.store(acting | BarrierObject::kOrphaned, std::memory_order_relaxed);
  barrier.broken.store(0, std::memory_order_relaxed);
  return Outcome::kDone;
}

BarrierState StateOf(const Program& program, Offset object) {
  const BarrierObject& barrier = *program.At<BarrierObject>(object);
  return {.parties = barrier.parties,
          .waiting = barrier.waiters.count.load(std::memory_order_relaxed),
          .broken = barrier.broken.load(std::memory_order_relaxed) != 0};
}

WaitType BarrierWaitType() {
  return {.attempt = Attempt, .queue = QueueOf, .withdrawn = Withdrawn, .returned = nullptr, .inviting = nullptr};
}

object::ObjectType BarrierObjectType() {
  return {.destroy = nullptr, .recover = Recover, .close = Close, .repair = Repair};
}

}  // namespace allcores::sync
