#include "sync/lock_object.h"

#include "base/schedule_point.h"

namespace allcores::sync {
namespace {

using object::ObjectKind;
using object::ObjectLock;

bool IsRecursive(const LockObject& lock) {
  return lock.header.kind.load(std::memory_order_relaxed) == static_cast<std::uint32_t>(ObjectKind::kRLock);
}

std::uint32_t Mark(const LockObject& lock) {
  const bool slow = !lock.waiters.IsEmpty() || lock.abandoned.load(std::memory_order_relaxed) != 0;
  return slow ? LockObject::kContended : 0;
}

Outcome Take(LockObject& lock, Request& request) {
  request.result = lock.abandoned.exchange(0, std::memory_order_relaxed) != 0 ? kRecovered : 0;
  lock.depth.store(1, std::memory_order_relaxed);
  return Outcome::kDone;
}

// While the lock is free, the first waiter that lives is notified. So it may be preferred to all others, and nobody
// waits in vain for it to act.
Outcome Attempt(Program& program, Offset object, Request& request, const WaitNode* node, Wakes& /*wakes*/) {
  LockObject& lock = *program.At<LockObject>(object);
  if (program.IsClosed(object)) return Outcome::kClosed;
  const Offset head = lock.waiters.head.load(std::memory_order_relaxed);
  const bool barred = IsBarred(program, lock.waiters, node);
  for (;;) {
    // Acquire: what the last owner did under the lock is visible to the next.
    std::uint32_t seen = lock.word.load(std::memory_order_acquire);
    const std::uint32_t owner = seen & LockObject::kOwner;
    if (owner == request.me && IsRecursive(lock)) {
      lock.depth.fetch_add(1, std::memory_order_relaxed);
      request.result = 0;
      return Outcome::kDone;
    }
    if (owner == 0 && !barred) {
      // The only waiter goes off the queue with this; others stay and keep the mark.
      const bool alone = head == 0 || (program.At<WaitNode>(head) == node && lock.waiters.count == 1);
      const std::uint32_t mark = alone ? 0 : LockObject::kContended;
      if (lock.word.compare_exchange_weak(seen, request.me | mark, std::memory_order_acquire)) {
        return Take(lock, request);
      }
      continue;
    }
    ALLCORES_SCHEDULE_POINT();
    // Will wait: from the moment of the mark the owner cannot give it back without coming here.
    if ((seen & LockObject::kContended) != 0 ||
        lock.word.compare_exchange_weak(seen, seen | LockObject::kContended, std::memory_order_acquire)) {
      return Outcome::kBlocked;
    }
  }
}

// The lock is free: lets the first waiter know, unless it does already and has not come yet.
void NotifyNext(Program& program, LockObject& lock, Wakes& wakes) {
  const Offset first = FirstPresent(program, lock.waiters);
  if (first == 0) return;
  if (program.At<WaitNode>(first)->state.load(std::memory_order_relaxed) == WaitNode::kQueued) wakes.Notify(first);
}

// Under the guard, with the mark set or the owner dead, so that nobody else changes the word.
void PassOn(Program& program, LockObject& lock, Wakes& wakes) {
  lock.depth.store(0, std::memory_order_relaxed);
  // Release: what the last owner did is visible to the next, in whatever way that one comes in.
  lock.word.store(Mark(lock), std::memory_order_release);
  ALLCORES_SCHEDULE_POINT();
  NotifyNext(program, lock, wakes);
}

WaitQueue& QueueOf(Program& program, Offset object, std::uint32_t /*op*/) {
  return program.At<LockObject>(object)->waiters;
}

// The word's mark may outlive the last waiter: it costs one slow release.
void Withdrawn(Program& program, Offset object, const WaitNode& /*node*/, Wakes& wakes) {
  LockObject& lock = *program.At<LockObject>(object);
  if ((lock.word.load(std::memory_order_relaxed) & LockObject::kOwner) == 0) NotifyNext(program, lock, wakes);
}

bool Inviting(Program& program, Offset object, std::uint32_t /*op*/) {
  return (program.At<LockObject>(object)->word.load(std::memory_order_relaxed) & LockObject::kOwner) == 0;
}

void Recover(Program& program, Offset object, ParticipantId dead, ParticipantId me) {
  LockObject& lock = *program.At<LockObject>(object);
  // Nothing to do is the rule, and told without the guard: the dead one changes nothing any more.
  const bool held = (lock.word.load(std::memory_order_acquire) & LockObject::kOwner) == dead;
  if (!held && lock.waiters.IsEmpty()) return;
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  Waiting::RemoveDead(program, LockWaitType(), object, lock.waiters, dead, wakes);
  if ((lock.word.load(std::memory_order_acquire) & LockObject::kOwner) != dead) return;
  lock.abandoned.store(1, std::memory_order_relaxed);
  PassOn(program, lock, wakes);
}

void Close(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  LockObject& lock = *program.At<LockObject>(object);
  // Marked for good, so that JavaScript's own way in stays shut.
  lock.word.fetch_or(LockObject::kContended, std::memory_order_relaxed);
  lock.abandoned.store(1, std::memory_order_relaxed);
  wakes.SettleAll(lock.waiters, Outcome::kClosed);
}

void Repair(Program& program, Offset object) {
  LockObject& lock = *program.At<LockObject>(object);
  lock.waiters.Repair(program.heap());
  // The mark may be missing though somebody waits: too much of it does no harm.
  lock.word.fetch_or(LockObject::kContended, std::memory_order_relaxed);
  Wakes wakes(program);
  if (program.IsClosed(object)) wakes.SettleAll(lock.waiters, Outcome::kClosed);
  if ((lock.word.load(std::memory_order_relaxed) & LockObject::kOwner) == 0) NotifyNext(program, lock, wakes);
}

}  // namespace

Outcome ReleaseLock(Program& program, Offset object, ParticipantId me, bool entirely, std::uint32_t* depth) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  LockObject& lock = *program.At<LockObject>(object);
  const std::uint32_t owner = lock.word.load(std::memory_order_acquire) & LockObject::kOwner;
  if (owner == 0) return Outcome::kNotHeld;
  if (IsRecursive(lock)) {
    if (owner != me) return Outcome::kNotOwner;
    const std::uint32_t held = lock.depth.load(std::memory_order_relaxed);
    if (depth != nullptr) *depth = held;
    if (held > 1 && !entirely) {
      lock.depth.store(held - 1, std::memory_order_relaxed);
      return Outcome::kDone;
    }
  } else if (depth != nullptr) {
    *depth = 1;
  }
  // A word without the mark is JavaScript's, too: its owner may be giving it back right now.
  lock.word.fetch_or(LockObject::kContended, std::memory_order_acq_rel);
  if ((lock.word.load(std::memory_order_relaxed) & LockObject::kOwner) == 0) {
    lock.word.store(Mark(lock), std::memory_order_release);
    return Outcome::kNotHeld;
  }
  PassOn(program, lock, wakes);
  return Outcome::kDone;
}

bool IsLocked(const Program& program, Offset object) {
  return (program.At<LockObject>(object)->word.load(std::memory_order_relaxed) & LockObject::kOwner) != 0;
}

bool HoldsLock(Program& program, Offset object, ParticipantId me) {
  const LockObject& lock = *program.At<LockObject>(object);
  const std::uint32_t owner = lock.word.load(std::memory_order_acquire) & LockObject::kOwner;
  return IsRecursive(lock) ? owner == me : owner != 0;
}

WaitType LockWaitType() {
  return {.attempt = Attempt, .queue = QueueOf, .withdrawn = Withdrawn, .returned = nullptr, .inviting = Inviting};
}

object::ObjectType LockObjectType() {
  return {.destroy = nullptr, .recover = Recover, .close = Close, .repair = Repair};
}

}  // namespace allcores::sync
