#pragma once

#include "container/message_queue.h"
#include "participant/guard.h"

namespace allcores::container {

// Holds the guard of a queue's back for a scope, for somebody who holds that of the queue: so both. Whatever a death
// has left is repaired.
class BackLock {
 public:
  BackLock(Program& program, Offset queue);
  BackLock(const BackLock&) = delete;
  BackLock& operator=(const BackLock&) = delete;
  ~BackLock() { guard_.Unlock(); }

 private:
  participant::Guard guard_;
};

// Both guards.
class QueueLock {
 public:
  QueueLock(Program& program, Offset queue, ParticipantId me) : front_(program, queue, me), back_(program, queue) {}

 private:
  object::ObjectLock front_;
  BackLock back_;
};

// Frees what somebody else could not, for it held a guard. Without one.
void Sweep(Program& program, Offset queue, ParticipantId me);

// For ObjectType::repair: the queue's guard is held.
void RepairQueue(Program& program, Offset queue);

}  // namespace allcores::container
