#include "sync/condition_object.h"

#include <utility>

#include "sync/lock_object.h"

namespace allcores::sync {
namespace {

using object::ObjectKind;
using object::ObjectLock;

// A waiter tries only after it was notified: that is all that it waited for.
Outcome Attempt(Program& program, Offset object, Request& request, const WaitNode* node, Wakes& /*wakes*/) {
  if (program.IsClosed(object)) return Outcome::kClosed;
  request.result = 0;
  return node == nullptr ? Outcome::kBlocked : Outcome::kDone;
}

WaitQueue& QueueOf(Program& program, Offset object, std::uint32_t /*op*/) {
  return program.At<ConditionObject>(object)->waiters;
}

void Withdrawn(Program& program, Offset object, const WaitNode& node, Wakes& wakes) {
  if (node.state.load(std::memory_order_relaxed) != WaitNode::kNotified) return;
  wakes.NotifyFirst(program.At<ConditionObject>(object)->waiters);
}

void Destroy(Program& program, Offset object, ParticipantId me) {
  // Given up before it is released: what a kill interrupts is done again.
  const Offset lock = std::exchange(program.At<ConditionObject>(object)->lock, 0);
  if (lock != 0) program.Release(lock, me);
}

void Recover(Program& program, Offset object, ParticipantId dead, ParticipantId me) {
  ConditionObject& condition = *program.At<ConditionObject>(object);
  // Nothing to do is the rule, and told without the guard: the dead one changes nothing any more.
  if (condition.waiters.IsEmpty()) return;
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  Waiting::RemoveDead(program, ConditionWaitType(), object, condition.waiters, dead, wakes);
}

void Close(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  wakes.SettleAll(program.At<ConditionObject>(object)->waiters, Outcome::kClosed);
}

void Repair(Program& program, Offset object) {
  ConditionObject& condition = *program.At<ConditionObject>(object);
  condition.waiters.Repair(program.heap());
  Wakes wakes(program);
  if (program.IsClosed(object)) wakes.SettleAll(condition.waiters, Outcome::kClosed);
}

}  // namespace

Offset CreateCondition(Program& program, Offset lock, Offset manager, ParticipantId me) {
  const Offset object = program.Create(ObjectKind::kCondition, sizeof(ConditionObject), manager, me);
  if (object == 0) return 0;
  program.Retain(lock);
  program.At<ConditionObject>(object)->lock = lock;
  return object;
}

Outcome Notify(Program& program, Offset object, ParticipantId me, std::uint32_t count, std::uint32_t* notified) {
  *notified = 0;
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  const ConditionObject& condition = *program.At<ConditionObject>(object);
  if (!HoldsLock(program, condition.lock, me)) {
    return IsLocked(program, condition.lock) ? Outcome::kNotOwner : Outcome::kNotHeld;
  }
  *notified = wakes.NotifyUpTo(condition.waiters, count);
  return Outcome::kDone;
}

WaitType ConditionWaitType() {
  return {.attempt = Attempt, .queue = QueueOf, .withdrawn = Withdrawn, .returned = nullptr, .inviting = nullptr};
}

object::ObjectType ConditionObjectType() {
  return {.destroy = Destroy, .recover = Recover, .close = Close, .repair = Repair};
}

}  // namespace allcores::sync
