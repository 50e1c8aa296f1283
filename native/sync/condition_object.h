#pragma once

#include "sync/waiting.h"

namespace allcores::sync {

// Where holders of a lock wait for others to change what it protects. Holds a reference on its lock.
//
// The waiter checks that it holds the lock, begins kWait (which always queues), gives the lock back entirely, waits,
// and acquires the lock anew as often as it was held. Queued before the lock is free, it misses no notification.
//
// A notification that its waiter has not noticed yet stays its waiter's place in the queue. So the death of one who was
// notified, or its giving up, passes the notification to the next one.
struct ConditionObject {
  static constexpr std::uint32_t kWait = 0;  // op

  object::ObjectHeader header;
  Offset lock;  // constant
  WaitQueue waiters;
};

// Retains `lock`. 0 when the heap is full.
Offset CreateCondition(Program&, Offset lock, Offset manager, ParticipantId me);
// Lets go of up to `count` waiters, the first to come first; `*notified` is how many. kNotHeld or kNotOwner when `me`
// does not hold the lock.
Outcome Notify(Program&, Offset condition, ParticipantId me, std::uint32_t count, std::uint32_t* notified);

WaitType ConditionWaitType();
object::ObjectType ConditionObjectType();

}  // namespace allcores::sync
