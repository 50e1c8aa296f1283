#include "container/message_queue.h"

#include "container/message_flow.h"
#include "container/queue_lock.h"

namespace allcores::container {
namespace {

using object::ObjectLock;
using sync::Wakes;

std::uint64_t ChainInHand(Offset first) { return object::in_hand::Of(object::ObjectKind::kQueue, first); }

// Messages that are in no queue, linked by `next`, in our hand.
void FreeMessages(Program& program, Offset first, ParticipantId me) {
  while (first != 0) {
    const Offset message = first;
    first = program.At<ValueBlock>(message)->next.load(std::memory_order_relaxed);
    // In one step: in between, all that follow would be in nobody's hand.
    if (first != 0) {
      program.HandsOf(me).Become(ChainInHand(message), ChainInHand(first));
      program.HandsOf(me).Take(object::in_hand::Value(message));
    } else {
      program.HandsOf(me).Become(ChainInHand(message), object::in_hand::Value(message));
    }
    object::FreeValueBlock(program, message, me);
  }
}

}  // namespace

void DiscardMessages(Program& program, Offset first, ParticipantId me) {
  program.HandsOf(me).Take(ChainInHand(first));
  FreeMessages(program, first, me);
}

void Sweep(Program& program, Offset object, ParticipantId me) {
  MessageQueue& queue = *program.At<MessageQueue>(object);
  if (queue.discarded.load(std::memory_order_relaxed) == 0) return;
  Offset first = 0;
  {
    const ObjectLock lock(program, object, me);
    first = queue.discarded.exchange(0, std::memory_order_relaxed);
    if (first != 0) program.HandsOf(me).Take(ChainInHand(first));
  }
  FreeMessages(program, first, me);
}

Offset CreateQueue(Program& program, std::uint64_t max_items, std::uint64_t max_bytes, Offset manager,
                   ParticipantId me) {
  const Offset object = program.Create(object::ObjectKind::kQueue, sizeof(MessageQueue), manager, me);
  if (object == 0) return 0;
  MessageQueue& queue = *program.At<MessageQueue>(object);
  queue.max_items = max_items;
  queue.max_bytes = max_bytes;
  return object;
}

Outcome TryPut(Program& program, Offset object, Offset message, ParticipantId me) {
  Sweep(program, object, me);
  Wakes wakes(program);
  const QueueLock lock(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  return MessageFlow(program, object, wakes).Put(message, me);
}

Outcome TryGet(Program& program, Offset object, ParticipantId me, Offset* message) {
  Sweep(program, object, me);
  Wakes wakes(program);
  const QueueLock lock(program, object, me);
  *message = 0;
  if (program.IsClosed(object)) return Outcome::kClosed;
  return MessageFlow(program, object, wakes).Take(nullptr, me, message);
}

void PutBack(Program& program, Offset object, Offset message, ParticipantId me) {
  MessageQueue& queue = *program.At<MessageQueue>(object);
  bool unwanted = false;
  {
    Wakes wakes(program);
    const QueueLock lock(program, object, me);
    unwanted = program.IsClosed(object);
    if (!unwanted) {
      // The reverse of taking it, in the reverse order.
      queue.in_hand.store(queue.in_hand.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
      program.HandsOf(me).Put(object::in_hand::Value(message));
      queue.messages.Prepend(program, message);
      MessageFlow(program, object, wakes).Invite(nullptr);
    }
  }
  if (unwanted) object::FreeValueBlock(program, message, me);
}

void CloseQueue(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const QueueLock lock(program, object, me);
  MessageQueue& queue = *program.At<MessageQueue>(object);
  queue.closed.store(1, std::memory_order_relaxed);
  MessageFlow flow(program, object, wakes);
  flow.Watch();
  flow.InviteAll(queue.putters);
  flow.Invite(nullptr);
}

void DiscardQueue(Program& program, Offset object, ParticipantId me) {
  MessageQueue& queue = *program.At<MessageQueue>(object);
  Offset first = 0;
  {
    Wakes wakes(program);
    const QueueLock lock(program, object, me);
    queue.closed.store(1, std::memory_order_relaxed);
    first = queue.messages.TakeAll();
    if (first != 0) program.HandsOf(me).Take(ChainInHand(first));
    MessageFlow flow(program, object, wakes);
    for (const sync::WaitQueue* waiters :
         {&queue.getters, &queue.sleepers, &queue.peekers, &queue.putters, &queue.joiners}) {
      flow.InviteAll(*waiters);
    }
  }
  FreeMessages(program, first, me);
  Sweep(program, object, me);
}

Outcome TaskDone(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const ObjectLock lock(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  return MessageFlow(program, object, wakes).Done();
}

std::uint64_t QueueItems(const Program& program, Offset object) {
  return program.At<MessageQueue>(object)->messages.Items();
}

std::uint64_t QueueBytes(const Program& program, Offset object) {
  return program.At<MessageQueue>(object)->messages.Bytes();
}

std::uint64_t QueueUnfinished(const Program& program, Offset object) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, program.At<MessageQueue>(object)->Unfinished()));
}

bool QueueClosed(const Program& program, Offset object) {
  return program.IsClosed(object) || program.At<MessageQueue>(object)->closed.load(std::memory_order_relaxed) != 0;
}

bool QueueFull(const Program& program, Offset object) {
  const MessageQueue& queue = *program.At<MessageQueue>(object);
  const bool full = queue.max_bytes != 0 && queue.messages.Bytes() >= queue.max_bytes;
  return full || !queue.Fits(0);
}

}  // namespace allcores::container
