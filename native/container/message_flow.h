#pragma once

#include "container/message_queue.h"

namespace allcores::container {

// The steps of a queue's operations. For whoever holds its guard.
class MessageFlow {
 public:
  MessageFlow(Program& program, Offset object, sync::Wakes& wakes)
      : program_(program), queue_(*program.At<MessageQueue>(object)), wakes_(wakes) {}

  // Puts a message of somebody who does not wait.
  Outcome Put(Offset message);
  // `taker` is the caller's node, or null if it does not wait.
  Outcome Take(const sync::WaitNode* taker, Offset* message);
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

 private:
  void InviteFirst(const sync::WaitQueue& queue, std::uint64_t most, const sync::WaitNode* leaving);

  Program& program_;
  MessageQueue& queue_;
  sync::Wakes& wakes_;
};

}  // namespace allcores::container
