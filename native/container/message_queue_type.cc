#include "container/message_flow.h"

namespace allcores::container {
namespace {

using object::ObjectLock;
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

Outcome Attempt(Program& program, Offset object, Request& request, const WaitNode* node, Wakes& wakes) {
  if (program.IsClosed(object)) return Outcome::kClosed;
  MessageQueue& queue = At(program, object);
  const bool closed = queue.closed.load(std::memory_order_relaxed) != 0;
  MessageFlow flow(program, object, wakes);
  switch (request.op) {
    case MessageQueue::kPut:
      if (node == nullptr) return flow.Put(request.argument);
      return closed ? Outcome::kClosed : Outcome::kBlocked;  // otherwise Admit does it
    case MessageQueue::kGet:
      if (!request.in_loop) {
        request.op = MessageQueue::kGetAsleep;
      } else if (IsPreceded(program, queue, request.me, node)) {
        return Outcome::kBlocked;
      }
      return flow.Take(node, &request.result);
    case MessageQueue::kGetAsleep:
      return flow.Take(node, &request.result);
    case MessageQueue::kPeek:
      return closed || queue.messages.Items() != 0 ? Outcome::kDone : Outcome::kBlocked;
    default:
      return Join(queue, request, node != nullptr);
  }
}

void Withdrawn(Program& program, Offset object, const WaitNode& node, Wakes& wakes) {
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
void DiscardMessagesOf(Program& program, MessageQueue& queue, ParticipantId dead, ParticipantId me) {
  Offset at = queue.putters.head.load(std::memory_order_relaxed);
  while (at != 0) {
    const WaitNode& node = *program.At<WaitNode>(at);
    const Offset next = node.next.load(std::memory_order_relaxed);
    if (node.participant == dead) {
      const Offset message = node.argument;
      queue.putters.Remove(program.heap(), at);
      program.heap().Free(at, me);
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
  const ObjectLock lock(program, object, me);
  DiscardMessagesOf(program, queue, dead, me);
  // Without `withdrawn`: once all of its nodes are gone, who is left is told below.
  for (WaitQueue* waiters : others) Waiting::RemoveDead(program, {}, object, *waiters, dead, me, wakes);
  MessageFlow flow(program, object, wakes);
  flow.Admit();
  flow.Invite(nullptr);
}

// Tells those whose message was moved in by somebody who died before it told them so.
void RepairPutters(Program& program, MessageQueue& queue, Wakes& wakes) {
  constexpr std::uint64_t kOutside = 0;
  constexpr std::uint64_t kInside = 1;
  queue.putters.Repair(program.heap());
  Offset at = queue.putters.head.load(std::memory_order_relaxed);
  if (at == 0) return;
  const auto node_at = [&program](Offset node) -> const WaitNode& { return *program.At<WaitNode>(node); };
  const auto block_at = [&program](Offset message) -> ValueBlock& { return *program.At<ValueBlock>(message); };
  for (; at != 0; at = node_at(at).next.load(std::memory_order_relaxed)) block_at(node_at(at).argument).tag = kOutside;
  at = queue.messages.head.load(std::memory_order_relaxed);
  for (; at != 0; at = block_at(at).next.load(std::memory_order_relaxed)) block_at(at).tag = kInside;
  at = queue.putters.head.load(std::memory_order_relaxed);
  while (at != 0) {
    const Offset next = node_at(at).next.load(std::memory_order_relaxed);
    if (block_at(node_at(at).argument).tag == kInside) wakes.Settle(queue.putters, at, Outcome::kDone, 0);
    at = next;
  }
}

void Repair(Program& program, Offset object) {
  MessageQueue& queue = At(program, object);
  Wakes wakes(program);
  queue.messages.Repair(program);
  RepairPutters(program, queue, wakes);
  for (WaitQueue* waiters : {&queue.getters, &queue.sleepers, &queue.peekers, &queue.joiners}) {
    waiters->Repair(program.heap());
  }
  if (queue.Unfinished() < 0) {
    queue.in_hand.store(-static_cast<std::int64_t>(queue.messages.Items()), std::memory_order_relaxed);
  }
  MessageFlow flow(program, object, wakes);
  // Whatever the dead one still had to do.
  if (queue.Unfinished() == 0) flow.FinishJoins();
  if (QueueClosed(program, object)) flow.InviteAll(queue.putters);
  flow.Admit();
  flow.Invite(nullptr);
}

}  // namespace

sync::WaitType QueueWaitType() {
  // Nothing is ever given to a waiter that it would have to give back: see MessageQueue.
  return {.attempt = Attempt, .queue = QueueOf, .withdrawn = Withdrawn, .returned = nullptr, .inviting = Inviting};
}

object::ObjectType QueueObjectType() {
  return {.destroy = DiscardQueue, .recover = Recover, .close = DiscardQueue, .repair = Repair};
}

}  // namespace allcores::container
