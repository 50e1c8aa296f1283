#include "container/message_flow.h"
#include "container/queue_lock.h"

namespace allcores::container {
namespace {

using sync::Request;
using sync::Waiting;
using sync::WaitNode;
using sync::WaitQueue;
using sync::Wakes;

MessageQueue& At(const Program& program, Offset object) { return *program.At<MessageQueue>(object); }

WaitQueue& QueueOf(Program& program, Offset object, std::uint32_t op) {
  MessageQueue& queue = At(program, object);
  switch (op) {
    case MessageQueue::kPut:
      return queue.putters;
    case MessageQueue::kGet:
      return queue.getters;
    case MessageQueue::kGetAsleep:
      return queue.sleepers;
    case MessageQueue::kPeek:
      return queue.peekers;
    default:
      return queue.joiners;
  }
}

// Does the same event loop wait for the message since before? Who takes that tells the next one.
bool IsPreceded(const Program& program, const MessageQueue& queue, ParticipantId me, const WaitNode* node) {
  if (queue.messages.Items() == 0) return false;
  Offset at = queue.getters.head.load(std::memory_order_relaxed);
  while (at != 0) {
    const WaitNode& other = *program.At<WaitNode>(at);
    if (&other == node) return false;
    if (other.participant == me) return true;
    at = other.next.load(std::memory_order_relaxed);
  }
  return false;
}

Outcome Join(const MessageQueue& queue, Request& request, bool waits) {
  if (queue.Unfinished() <= 0 || (waits && request.argument != queue.joined)) return Outcome::kDone;
  if (!waits) request.argument = queue.joined;  // kept by the node
  return Outcome::kBlocked;
}

// Whoever is blocked is queued before the guard is given back. So what is put from here on waits for that, and tells.
Outcome Watched(MessageFlow& flow, Outcome outcome) {
  if (outcome == Outcome::kBlocked) flow.Watch();
  return outcome;
}

Outcome Attempt(Program& program, Offset object, Request& request, const WaitNode* node, Wakes& wakes) {
  const BackLock lock(program, object);
  if (program.IsClosed(object)) return Outcome::kClosed;
  MessageQueue& queue = At(program, object);
  const bool closed = queue.closed.load(std::memory_order_relaxed) != 0;
  MessageFlow flow(program, object, wakes);
  switch (request.op) {
    case MessageQueue::kPut:
      if (node == nullptr) return flow.Put(request.argument, request.me);
      return closed ? Outcome::kClosed : Outcome::kBlocked;  // otherwise Admit does it
    case MessageQueue::kGet:
      if (!request.in_loop) {
        request.op = MessageQueue::kGetAsleep;
      } else if (IsPreceded(program, queue, request.me, node)) {
        return Watched(flow, Outcome::kBlocked);
      }
      return Watched(flow, flow.Take(node, request.me, &request.result));
    case MessageQueue::kGetAsleep:
      return Watched(flow, flow.Take(node, request.me, &request.result));
    case MessageQueue::kPeek:
      return Watched(flow, closed || queue.messages.Items() != 0 ? Outcome::kDone : Outcome::kBlocked);
    default:
      return Join(queue, request, node != nullptr);
  }
}

void Withdrawn(Program& program, Offset object, const WaitNode& node, Wakes& wakes) {
  const BackLock lock(program, object);
  MessageFlow flow(program, object, wakes);
  if (node.op == MessageQueue::kPut) flow.Admit();  // the next one's message may be shorter
  flow.Invite(nullptr);
}

bool Inviting(Program& program, Offset object, std::uint32_t op) {
  const MessageQueue& queue = At(program, object);
  if (QueueClosed(program, object)) return true;
  switch (op) {
    case MessageQueue::kPut:
      return queue.putters.IsEmpty() && !QueueFull(program, object);
    case MessageQueue::kJoin:
      return queue.Unfinished() <= 0;
    default:
      return queue.messages.Items() != 0;
  }
}

// The messages with which a dead one waits. Freeing them may destroy objects, which is not for here.
void DiscardMessagesOf(Program& program, MessageQueue& queue, ParticipantId dead) {
  Offset at = queue.putters.head.load(std::memory_order_relaxed);
  while (at != 0) {
    const WaitNode& node = *program.At<WaitNode>(at);
    const Offset next = node.next.load(std::memory_order_relaxed);
    if (node.participant == dead) {
      const Offset message = node.argument;
      queue.putters.Remove(program.heap(), at);
      program.At<ValueBlock>(message)->next.store(queue.discarded.load(std::memory_order_relaxed),
                                                  std::memory_order_relaxed);
      queue.discarded.store(message, std::memory_order_release);
    }
    at = next;
  }
}

void Recover(Program& program, Offset object, ParticipantId dead, ParticipantId me) {
  MessageQueue& queue = At(program, object);
  WaitQueue* const others[] = {&queue.getters, &queue.sleepers, &queue.peekers, &queue.joiners};
  // Nobody waits is the rule, and told without the guard: the dead one changes nothing any more.
  bool waited = !queue.putters.IsEmpty();
  for (const WaitQueue* waiters : others) waited = waited || !waiters->IsEmpty();
  if (!waited) return;
  Wakes wakes(program);
  const QueueLock lock(program, object, me);
  DiscardMessagesOf(program, queue, dead);
  // Without `withdrawn`: once all of its nodes are gone, who is left is told below.
  for (WaitQueue* waiters : others) Waiting::RemoveDead(program, {}, object, *waiters, dead, wakes);
  MessageFlow flow(program, object, wakes);
  flow.Admit();
  flow.Invite(nullptr);
}

}  // namespace

sync::WaitType QueueWaitType() {
  // Nothing is ever given to a waiter that it would have to give back: see MessageQueue.
  return {.attempt = Attempt, .queue = QueueOf, .withdrawn = Withdrawn, .returned = nullptr, .inviting = Inviting};
}

object::ObjectType QueueObjectType() {
  return {.destroy = DiscardQueue,
          .recover = Recover,
          .close = DiscardQueue,
          .repair = RepairQueue,
          .discard = DiscardMessages};
}

}  // namespace allcores::container
