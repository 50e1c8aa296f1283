#pragma once

#include <algorithm>

#include "container/message_chain.h"
#include "container/read_value.h"
#include "sync/waiting.h"

namespace allcores::container {

using sync::Outcome;

// Messages from many to many, first in, first out, with or without a bound. A message is a ValueBlock; it is made
// before it is put and freed after it was taken, so that nothing but a few stores happens under the guard. Short ones
// of a queue without a bound are copied into rings and out of them, as long as nobody waits.
//
// Who waits with a message is served in turn: whoever makes room moves the waiting messages in, so the queue never
// waits for a slow producer, none is passed over, and what one participant puts keeps its order. Who waits for a
// message is only told that there is one, and takes it when it comes; who comes earlier may take it first.
//
// Deaths: a message that was put stays. One that was taken is lost with its taker. One whose producer dies while it
// waits for room may or may not be put, and is freed if not.
struct MessageQueue {
  // Ops. Each says kClosed once the queue's manager was shut down.
  //
  // The argument is a message, one reference of which goes to the queue with kDone and only then. Its tag and `next`
  // are the queue's from the beginning to the end of the operation. kClosed: the queue takes no more.
  static constexpr std::uint32_t kPut = 0;
  // The result is a message, and the caller's. kClosed: the queue is closed and empty. Waiting event loops of one
  // participant get theirs in the order in which they began.
  static constexpr std::uint32_t kGet = 1;
  // A message is there, or none will ever come; takes nothing.
  static constexpr std::uint32_t kPeek = 2;
  // At some moment since the beginning of the operation all messages that were put were done.
  static constexpr std::uint32_t kJoin = 3;
  // What a kGet becomes that waits on its thread. Event loops may be long in coming, sleeping threads are not: so each
  // sort is told of messages without regard to the other.
  static constexpr std::uint32_t kGetAsleep = 4;

  object::ObjectHeader header;
  MessageChain messages;
  // Messages taken and not done, less those done before they were taken. A taker that dies inside the guard is not
  // counted, or a join would wait for what it can never do.
  std::atomic<std::int64_t> in_hand;
  std::uint64_t max_items;            // 0: no bound
  std::uint64_t max_bytes;            // 0: no bound. An empty queue accepts a message of any length
  std::atomic<std::uint32_t> closed;  // takes no more
  std::uint32_t joined;               // how often everything was done; wraps around
  sync::WaitQueue getters;            // in event loops
  sync::WaitQueue sleepers;           // getters on their threads
  sync::WaitQueue peekers;
  sync::WaitQueue putters;
  sync::WaitQueue joiners;
  // What is to be freed by whoever has no guard in hand, linked by `next`: messages of the dead, rings that are used
  // up.
  std::atomic<Offset> discarded;

  [[nodiscard]] bool IsBounded() const { return max_items != 0 || max_bytes != 0; }
  // Put and not done.
  [[nodiscard]] std::int64_t Unfinished() const {
    return static_cast<std::int64_t>(messages.Items()) + in_hand.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool Fits(std::uint64_t length) const {
    const std::uint64_t items = messages.Items();
    if (max_items != 0 && items >= max_items) return false;
    return max_bytes == 0 || items == 0 || length <= max_bytes - std::min(max_bytes, messages.Bytes());
  }
};
static_assert(sizeof(MessageQueue) == 6 * kCacheLine || kCacheLine != 64);

// An empty queue with one reference; 0 when the heap is full. A bound of 0 is none.
Offset CreateQueue(Program&, std::uint64_t max_items, std::uint64_t max_bytes, Offset manager, ParticipantId me);

// As kPut and kGet for who does not wait: kBlocked when the queue is full, or others wait with a message, or it is
// empty.
Outcome TryPut(Program&, Offset queue, Offset message, ParticipantId me);
Outcome TryGet(Program&, Offset queue, ParticipantId me, Offset* message);
// The same for a value and into one, which mostly takes neither a block nor both guards. With kBlocked, `message` is
// made and the caller's. A reader looks for so long before it says kBlocked.
Outcome TryPutValue(Program&, Offset queue, const ValueView& value, ParticipantId me, Offset* message);
Outcome TryGetValue(Program&, Offset queue, ParticipantId me, std::int64_t spin_nanos, ReadValue* value);
// A message that was taken and nobody looked at goes back to where it was: to the front, bounds or not.
void PutBack(Program&, Offset queue, Offset message, ParticipantId me);

// No more puts: those who wait with a message get kClosed. What is inside can still be taken. Idempotent.
void CloseQueue(Program&, Offset queue, ParticipantId me);
// The queue is of no use to anybody any more: closes it and frees what is inside.
void DiscardQueue(Program&, Offset queue, ParticipantId me);
// Frees messages that are in no queue, linked by `next`.
void DiscardMessages(Program&, Offset first, ParticipantId me);
// One of the messages that were put is done. kOverReleased: so are all.
Outcome TaskDone(Program&, Offset queue, ParticipantId me);

// What was so a moment ago.
std::uint64_t QueueItems(const Program&, Offset queue);
std::uint64_t QueueBytes(const Program&, Offset queue);
std::uint64_t QueueUnfinished(const Program&, Offset queue);
bool QueueClosed(const Program&, Offset queue);
// No room for a message, even an empty one.
bool QueueFull(const Program&, Offset queue);

sync::WaitType QueueWaitType();
object::ObjectType QueueObjectType();

}  // namespace allcores::container
