#pragma once

#include "container/message_queue.h"

namespace allcores::container {

// The steps of a queue's operations. For whoever holds both guards (QueueLock).
class MessageFlow {
 public:
  MessageFlow(Program& program, Offset object, sync::Wakes& wakes)
      : program_(program), queue_(*program.At<MessageQueue>(object)), wakes_(wakes) {}

  // Puts a message of somebody who does not wait, or a ring with one.
  Outcome Put(Offset message, ParticipantId me);
  // The same into the ring at the end. kBlocked: there is none, or no room in it.
  Outcome PutShort(std::span<const std::byte> bytes);
  // `taker` is the caller's node, or null if it does not wait. A short message gets a block: kNoMemory if there is
  // none.
  Outcome Take(const sync::WaitNode* taker, ParticipantId me, Offset* message);
  // A short message goes to `value`, another one to `*message`.
  Outcome Take(ReadValue* value, Offset* message, ParticipantId me);
  Outcome Done();

  // The duties of whoever changed something. Each may be done once too often.
  //
  // Moves messages of those who wait in, first come, first served, as long as they fit.
  void Admit();
  // Tells as many getters as there are messages, those who wait longest, and all of them once nothing will come.
  // `leaving` has what it wanted, though it is still queued.
  void Invite(const sync::WaitNode* leaving);
  // Tells all of a queue.
  void InviteAll(const sync::WaitQueue& queue);
  // Everything is done: ends the joins.
  void FinishJoins();
  // Somebody is going to wait for a message: what is put from here on has to be told.
  void Watch() { queue_.messages.back.store(0, std::memory_order_relaxed); }

 private:
  // The element with the first message; 0: kBlocked or kClosed it is.
  Offset First(Outcome* outcome);
  // After the message has gone.
  void Taken(const sync::WaitNode* taker);
  // After something was put: the next one needs no more than the guard of the back, if nobody waits to be told.
  void Unwatch();
  void InviteFirst(const sync::WaitQueue& queue, std::uint64_t most, const sync::WaitNode* leaving);

  Program& program_;
  MessageQueue& queue_;
  sync::Wakes& wakes_;
};

}  // namespace allcores::container
