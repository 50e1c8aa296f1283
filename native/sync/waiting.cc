#include "sync/waiting.h"

#include "base/schedule_point.h"
#include "platform/cpu.h"

namespace allcores::sync {
namespace {

using object::ObjectLock;
using participant::Participant;

constexpr int kSpinStep = 16;  // pauses between two looks

Request RequestOf(const WaitNode& node) {
  return {.op = node.op, .me = node.participant, .in_loop = node.in_loop != 0, .argument = node.argument};
}

}  // namespace

const WaitType& Waiting::TypeOf(Offset object) const {
  return types_[program_.Header(object).kind.load(std::memory_order_relaxed)];
}

Outcome Waiting::Try(Offset object, Request& request) {
  Wakes wakes(program_);
  const ObjectLock lock(program_, object, request.me);
  return TypeOf(object).attempt(program_, object, request, nullptr, wakes);
}

Outcome Waiting::Begin(Offset object, Request& request, std::int64_t spin_nanos, Offset* node_out) {
  const WaitType& type = TypeOf(object);
  *node_out = 0;
  if (spin_nanos > 0 && type.inviting != nullptr) {
    std::int64_t until = 0;
    while (!type.inviting(program_, object, request.op)) {
      for (int i = 0; i < kSpinStep; ++i) platform::Pause();
      const std::int64_t now = MonotonicNanos();
      if (until == 0) until = now + spin_nanos;
      if (now >= until) break;
    }
  }
  {
    Wakes wakes(program_);
    const ObjectLock lock(program_, object, request.me);
    const Outcome outcome = type.attempt(program_, object, request, nullptr, wakes);
    if (outcome != Outcome::kBlocked) return outcome;
    const Offset offset = MakeNode(object, request);
    if (offset == 0) return Outcome::kNoMemory;
    WaitQueue& queue = type.queue(program_, object, request.op);
    queue.Reach(program_.heap());
    // A message that waits goes with its node from here on.
    program_.HandsOf(request.me).Put(object::in_hand::Value(request.argument));
    queue.Append(program_.heap(), offset);
    *node_out = offset;
  }
  return Outcome::kBlocked;
}

Offset Waiting::MakeNode(Offset object, const Request& request) {
  const Offset offset = program_.Allocate(sizeof(WaitNode), request.me);
  if (offset == 0) return 0;
  auto* const node = new (program_.At<WaitNode>(offset)) WaitNode();
  node->object = object;
  node->participant = request.me;
  node->op = request.op;
  node->in_loop = request.in_loop ? 1 : 0;
  node->argument = request.argument;
  node->since = MonotonicNanos();
  std::atomic<Offset>& first = program_.participants().At(request.me).waits;
  const Offset next = first.load(std::memory_order_relaxed);
  node->own_next.store(next, std::memory_order_relaxed);
  if (next != 0) program_.At<WaitNode>(next)->own_previous = offset;
  program_.HandsOf(request.me).Put(object::in_hand::Raw(offset));
  // Release: filled in, should others find it after a kill.
  first.store(offset, std::memory_order_release);
  return offset;
}

void Waiting::FreeNode(Offset offset, ParticipantId me) {
  const WaitNode& node = *program_.At<WaitNode>(offset);
  const Offset next = node.own_next.load(std::memory_order_relaxed);
  std::atomic<Offset>& link = node.own_previous == 0 ? program_.participants().At(node.participant).waits
                                                     : program_.At<WaitNode>(node.own_previous)->own_next;
  link.store(next, std::memory_order_release);
  program_.HandsOf(me).Take(object::in_hand::Raw(offset));
  if (next != 0) program_.At<WaitNode>(next)->own_previous = node.own_previous;
  program_.Free(offset, object::in_hand::Raw(offset), me);
}

Outcome Waiting::End(Offset offset, WaitNode& node, Request& request, Outcome outcome) {
  request.result = node.result;
  if (node.mailed.load(std::memory_order_acquire) != 0) {
    node.state.store(WaitNode::kCancelled, std::memory_order_relaxed);  // freed when it is met among the mail
  } else {
    FreeNode(offset, request.me);
  }
  return outcome;
}

Outcome Waiting::Poll(Offset offset, Request& request) {
  WaitNode& node = *program_.At<WaitNode>(offset);
  request = RequestOf(node);
  // Acquire pairs with the release in Wakes: what was done before is visible. Anything but "no" is looked at under the
  // guard: until that is free, whoever changed the state still has the node in hand.
  if (node.state.load(std::memory_order_acquire) == WaitNode::kQueued) return Outcome::kBlocked;
  Wakes wakes(program_);
  Outcome outcome;
  {
    const ObjectLock lock(program_, node.object, request.me);
    if (node.state.load(std::memory_order_relaxed) == WaitNode::kSettled) {
      outcome = static_cast<Outcome>(node.outcome);
    } else {
      // Notified until it is over, so that the notification is passed on should we die here.
      const WaitType& type = TypeOf(node.object);
      outcome = type.attempt(program_, node.object, request, &node, wakes);
      if (outcome == Outcome::kBlocked) {
        // Whoever makes it possible from here on, under the guard, notifies anew.
        node.state.store(WaitNode::kQueued, std::memory_order_relaxed);
        return outcome;
      }
      type.queue(program_, node.object, node.op).Remove(program_.heap(), offset);
      node.result = request.result;
    }
  }
  return End(offset, node, request, outcome);
}

Outcome Waiting::Sleep(Offset offset, Request& request, Deadline deadline) {
  Participant& place = program_.participants().At(program_.At<WaitNode>(offset)->participant);
  for (;;) {
    // Acquire, and before the poll: a wake-up after it changes the count, and the futex refuses to sleep.
    const std::uint32_t seen = place.park.load(std::memory_order_acquire);
    const Outcome outcome = Poll(offset, request);
    if (outcome != Outcome::kBlocked) return outcome;
    if ((place.signals.load(std::memory_order_acquire) & Participant::kInterrupted) != 0) return outcome;
    if (deadline.Expired()) return outcome;
    ALLCORES_SCHEDULE_POINT();
    platform::Futex::Wait(place.park, seen, deadline);
  }
}

Outcome Waiting::Cancel(Offset offset, Request& request) {
  WaitNode& node = *program_.At<WaitNode>(offset);
  request = RequestOf(node);
  Wakes wakes(program_);
  Outcome outcome;
  {
    const ObjectLock lock(program_, node.object, request.me);
    if (node.state.load(std::memory_order_relaxed) == WaitNode::kSettled) {
      outcome = static_cast<Outcome>(node.outcome);
    } else {
      const WaitType& type = TypeOf(node.object);
      type.queue(program_, node.object, node.op).Remove(program_.heap(), offset);
      if (type.withdrawn != nullptr) type.withdrawn(program_, node.object, node, wakes);
      outcome = Outcome::kTimedOut;
    }
  }
  return End(offset, node, request, outcome);
}

void Waiting::Abandon(Offset offset, ParticipantId me) {
  WaitNode& node = *program_.At<WaitNode>(offset);
  Wakes wakes(program_);
  {
    const ObjectLock lock(program_, node.object, me);
    const WaitType& type = TypeOf(node.object);
    if (node.state.load(std::memory_order_relaxed) == WaitNode::kSettled) {
      if (static_cast<Outcome>(node.outcome) == Outcome::kDone && type.returned != nullptr) {
        type.returned(program_, node.object, node, wakes);
      }
    } else {
      type.queue(program_, node.object, node.op).Remove(program_.heap(), offset);
      if (type.withdrawn != nullptr) type.withdrawn(program_, node.object, node, wakes);
    }
  }
  Request request{.me = me};
  End(offset, node, request, Outcome::kTimedOut);
}

Offset Waiting::TakeMail(ParticipantId me) {
  // Acquire pairs with the release in Wakes: the nodes are filled in.
  Offset top = program_.participants().At(me).mail.exchange(0, std::memory_order_acquire);
  // It comes as a stack. Turned round, so that who was told first looks first: of two who wait for messages in one
  // event loop, the first to come gets the first.
  Offset mail = 0;
  while (top != 0) {
    std::atomic<Offset>& link = program_.At<WaitNode>(top)->mail_next;
    const Offset next = link.load(std::memory_order_relaxed);
    link.store(mail, std::memory_order_relaxed);
    mail = top;
    top = next;
  }
  return mail;
}

Offset Waiting::NextMail(Offset* mail, ParticipantId me) {
  while (*mail != 0) {
    const Offset offset = *mail;
    WaitNode& node = *program_.At<WaitNode>(offset);
    *mail = node.mail_next.load(std::memory_order_relaxed);
    if (node.state.load(std::memory_order_acquire) == WaitNode::kCancelled) {
      FreeNode(offset, me);
      continue;
    }
    // From here on a notification mails it anew. One that found it mailed already came before in the order of this
    // word: the acquire half reads what that wrote, so the poll that follows sees the state which it had set.
    node.mailed.exchange(0, std::memory_order_acq_rel);
    return offset;
  }
  return 0;
}

bool Waiting::TakeRecheck(ParticipantId me) {
  std::atomic<std::uint32_t>& signals = program_.participants().At(me).signals;
  if ((signals.load(std::memory_order_relaxed) & Participant::kRecheck) == 0) return false;
  // Acquire: what was recovered before it was set.
  return (signals.fetch_and(~Participant::kRecheck, std::memory_order_acquire) & Participant::kRecheck) != 0;
}

Outcome Waiting::Recheck(Offset offset, Request& request) {
  WaitNode& node = *program_.At<WaitNode>(offset);
  {
    // With the guard in hand nobody that lives is mailing the node. Taking it also repairs what the dead one left.
    const ObjectLock lock(program_, node.object, node.participant);
    if (node.mailed.load(std::memory_order_relaxed) != 0 && !IsInMail(offset, node.participant)) {
      node.mailed.store(0, std::memory_order_relaxed);
    }
  }
  return Poll(offset, request);
}

// Only their participant takes nodes off, so it may walk them where they are.
bool Waiting::IsInMail(Offset offset, ParticipantId me) const {
  Offset at = program_.participants().At(me).mail.load(std::memory_order_acquire);
  while (at != 0 && at != offset) at = program_.At<WaitNode>(at)->mail_next.load(std::memory_order_relaxed);
  return at != 0;
}

void Waiting::RemoveDead(Program& program, const WaitType& type, Offset object, WaitQueue& queue, ParticipantId dead,
                         Wakes& wakes) {
  // All first leave the queue, since a withdrawal may settle whoever is still in it. They are chained for that.
  Offset removed = 0;
  Offset next = 0;
  for (Offset at = queue.head.load(std::memory_order_relaxed); at != 0; at = next) {
    WaitNode& node = *program.At<WaitNode>(at);
    next = node.next.load(std::memory_order_relaxed);
    if (node.participant != dead) continue;
    queue.Remove(program.heap(), at);
    node.next.store(removed, std::memory_order_relaxed);
    removed = at;
  }
  for (Offset at = removed; at != 0; at = next) {
    WaitNode& node = *program.At<WaitNode>(at);
    next = node.next.load(std::memory_order_relaxed);
    if (type.withdrawn != nullptr) type.withdrawn(program, object, node, wakes);
  }
}

void Waiting::FreeDead(Program& program, Offset /*nothing*/, ParticipantId dead, ParticipantId me) {
  std::atomic<Offset>& first = program.participants().At(dead).waits;
  while (const Offset at = first.load(std::memory_order_acquire)) {
    WaitNode& node = *program.At<WaitNode>(at);
    {
      // Who settles or notifies it at this moment has done so once we have the guard, and it is in no queue any more.
      const ObjectLock lock(program, node.object, me);
    }
    first.store(node.own_next.load(std::memory_order_relaxed), std::memory_order_release);
    program.HandsOf(me).Take(object::in_hand::Raw(at));
    program.Free(at, object::in_hand::Raw(at), me);
  }
}

}  // namespace allcores::sync
