#include "sync/event_object.h"

#include "base/schedule_point.h"

namespace allcores::sync {
namespace {

using object::ObjectKind;
using object::ObjectLock;

Outcome Attempt(Program& program, Offset object, Request& /*request*/, const WaitNode* /*node*/, Wakes& /*wakes*/) {
  if (program.IsClosed(object)) return Outcome::kClosed;
  return IsSet(program, object) ? Outcome::kDone : Outcome::kBlocked;
}

WaitQueue& QueueOf(Program& program, Offset object, std::uint32_t /*op*/) {
  return program.At<EventObject>(object)->waiters;
}

bool Inviting(Program& program, Offset object, std::uint32_t /*op*/) { return IsSet(program, object); }

void Recover(Program& program, Offset object, ParticipantId dead, ParticipantId me) {
  EventObject& event = *program.At<EventObject>(object);
  // Nothing to do is the rule, and told without the guard: the dead one changes nothing any more.
  if (event.waiters.IsEmpty()) return;
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  Waiting::RemoveDead(program, EventWaitType(), object, event.waiters, dead, wakes);
}

void Close(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  wakes.SettleAll(program.At<EventObject>(object)->waiters, Outcome::kClosed);
}

void Repair(Program& program, Offset object) {
  EventObject& event = *program.At<EventObject>(object);
  event.waiters.Repair(program.heap());
  Wakes wakes(program);
  if (program.IsClosed(object)) wakes.SettleAll(event.waiters, Outcome::kClosed);
  if (IsSet(program, object)) wakes.SettleAll(event.waiters, Outcome::kDone);
}

}  // namespace

Offset CreateEvent(Program& program, Offset manager, ParticipantId me) {
  return program.Create(ObjectKind::kEvent, sizeof(EventObject), manager, me);
}

Outcome SetEvent(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  EventObject& event = *program.At<EventObject>(object);
  // Release: what was done before is visible to whoever finds it set without the guard.
  event.set.store(1, std::memory_order_release);
  ALLCORES_SCHEDULE_POINT();
  wakes.SettleAll(event.waiters, Outcome::kDone);
  return Outcome::kDone;
}

Outcome ClearEvent(Program& program, Offset object, ParticipantId me) {
  const ObjectLock guard(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  program.At<EventObject>(object)->set.store(0, std::memory_order_relaxed);
  return Outcome::kDone;
}

bool IsSet(const Program& program, Offset object) {
  // Acquire pairs with the release of SetEvent.
  return program.At<EventObject>(object)->set.load(std::memory_order_acquire) != 0;
}

WaitType EventWaitType() {
  return {.attempt = Attempt, .queue = QueueOf, .withdrawn = nullptr, .returned = nullptr, .inviting = Inviting};
}

object::ObjectType EventObjectType() {
  return {.destroy = nullptr, .recover = Recover, .close = Close, .repair = Repair};
}

}  // namespace allcores::sync
