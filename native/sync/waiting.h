#pragma once

#include <array>

#include "base/deadline.h"
#include "sync/wait_node.h"
#include "sync/wakes.h"

namespace allcores::sync {

// What a kind of object tells of its operations. All are called with the object's guard held.
struct WaitType {
  // Does what is asked, or says kBlocked. `node` is the caller's place in the queue, or null for one who has just
  // come: whoever waits already goes first where fairness asks for it.
  Outcome (*attempt)(Program&, Offset object, Request&, const WaitNode* node, Wakes&) = nullptr;
  // Where those wait whom this operation blocks.
  WaitQueue& (*queue)(Program&, Offset object, std::uint32_t op) = nullptr;
  // A waiter leaves without having got it, and is off the queue. Passes on what it was notified of.
  void (*withdrawn)(Program&, Offset object, const WaitNode&, Wakes&) = nullptr;
  // What a waiter got is of no use to it any more: it is dead. Gives it back.
  void (*returned)(Program&, Offset object, const WaitNode&, Wakes&) = nullptr;
  // May an attempt succeed? A hint, looked at without the guard by one who spins before it queues.
  bool (*inviting)(Program&, Offset object, std::uint32_t op) = nullptr;
};
using WaitTypes = std::array<WaitType, object::kObjectKinds>;

// Waiting for shared objects: on the own thread or in the own event loop, with a way out at any time.
//
// An operation is tried (Begin). What blocks is queued as a node, and then polled by its waiter: after a wake-up of its
// thread (Sleep), or when its mail names it (TakeMail). README.md argues why no wake-up is lost.
class Waiting {
 public:
  Waiting(Program& program, const WaitTypes& types) : program_(program), types_(types) {}

  // Tries; spins for up to `spin_nanos` before it queues. kBlocked: *node waits, and is the caller's to Poll or Cancel.
  Outcome Begin(Offset object, Request& request, std::int64_t spin_nanos, Offset* node);
  // Only tries.
  Outcome Try(Offset object, Request& request);
  // kBlocked: not yet. Anything else is the end of the node; `request.result` is set.
  Outcome Poll(Offset node, Request& request);
  // Polls and sleeps until it is over (as Poll), the deadline has passed or the participant was interrupted (kBlocked).
  Outcome Sleep(Offset node, Request& request, Deadline deadline);
  // Gives up: kTimedOut, unless it was over already. Ends the node.
  Outcome Cancel(Offset node, Request& request);
  // The waiter is dead, or about to be. Ends the node.
  void Abandon(Offset node, ParticipantId me);

  // Nodes of this participant's event loop to be polled, linked by mail_next; 0: none. Each is reported again only if
  // something happens after this call.
  Offset TakeMail(ParticipantId me);
  // Walks what TakeMail gave: the next one, after having freed what was cancelled meanwhile.
  Offset NextMail(Offset* mail, ParticipantId me);
  // True once after a participant was found dead. It may have fallen between changing a node and mailing it: whoever
  // waits in an event loop reads its mail to the end, and then rechecks every node of its own.
  bool TakeRecheck(ParticipantId me);
  // As Poll, also for a node whose mail was lost.
  Outcome Recheck(Offset node, Request& request);

  // For ObjectType::recover: takes the nodes of a dead participant off a queue. They are freed by FreeDead.
  static void RemoveDead(Program& program, const WaitType& type, Offset object, WaitQueue& queue, ParticipantId dead,
                         Wakes& wakes);
  // For the recovery of what is no object's, after that of the objects: frees the nodes of a dead participant.
  static void FreeDead(Program& program, Offset nothing, ParticipantId dead, ParticipantId me);

 private:
  [[nodiscard]] const WaitType& TypeOf(Offset object) const;
  [[nodiscard]] bool IsInMail(Offset offset, ParticipantId me) const;
  Offset MakeNode(Offset object, const Request& request);
  void FreeNode(Offset offset, ParticipantId me);
  Outcome End(Offset offset, WaitNode& node, Request& request, Outcome outcome);

  Program& program_;
  WaitTypes types_;
};

}  // namespace allcores::sync
