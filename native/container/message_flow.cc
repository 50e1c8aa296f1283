#include "container/message_flow.h"

#include <cstring>
#include <limits>

#include "base/schedule_point.h"

namespace allcores::container {

using sync::WaitNode;

Outcome MessageFlow::Put(Offset message, ParticipantId me) {
  const ValueBlock& block = *program_.At<ValueBlock>(message);
  if (queue_.closed.load(std::memory_order_relaxed) != 0) return Outcome::kClosed;
  // Who waits goes first, even if this message would fit and theirs does not: else a long one might wait for ever.
  if (!queue_.putters.IsEmpty() || !queue_.Fits(block.length)) return Outcome::kBlocked;
  const bool is_short = block.links == 0 && block.length <= MessageRing::kMostRecord;
  queue_.messages.short_ones = is_short ? queue_.messages.short_ones + 1 : 0;
  queue_.messages.Reach(program_);
  program_.HandsOf(me).Put(object::in_hand::Value(message));
  queue_.messages.Append(program_, message);
  Invite(nullptr);
  Unwatch();
  return Outcome::kDone;
}

Outcome MessageFlow::PutShort(std::span<const std::byte> bytes) {
  if (queue_.closed.load(std::memory_order_relaxed) != 0) return Outcome::kClosed;
  const Offset last = queue_.messages.tail;
  if (last == 0 || !MessageRing::IsRing(*program_.At<ValueBlock>(last))) return Outcome::kBlocked;
  if (!queue_.messages.PutInto(*program_.At<MessageRing>(last), bytes)) return Outcome::kBlocked;
  Invite(nullptr);
  Unwatch();
  return Outcome::kDone;
}

void MessageFlow::Unwatch() {
  MessageChain& messages = queue_.messages;
  const bool watched = !queue_.getters.IsEmpty() || !queue_.sleepers.IsEmpty() || !queue_.peekers.IsEmpty();
  if (!watched && MessageRing::IsRing(*program_.At<ValueBlock>(messages.tail))) {
    messages.back.store(messages.tail, std::memory_order_relaxed);
  }
}

Offset MessageFlow::First(Outcome* outcome) {
  const Offset element = queue_.messages.First(program_, queue_.discarded);
  *outcome = element != 0                                         ? Outcome::kDone
             : queue_.closed.load(std::memory_order_relaxed) != 0 ? Outcome::kClosed
                                                                  : Outcome::kBlocked;
  return element;
}

Outcome MessageFlow::Take(const WaitNode* taker, ParticipantId me, Offset* message) {
  Outcome outcome;
  *message = First(&outcome);
  if (*message == 0) return outcome;
  if (MessageRing::IsRing(*program_.At<ValueBlock>(*message))) {
    auto& ring = *program_.At<MessageRing>(*message);
    const std::span<const std::byte> bytes = ring.First();
    *message = object::MakeValueBlock(program_, bytes.size(), {}, me);
    if (*message == 0) return Outcome::kNoMemory;
    if (!bytes.empty()) std::memcpy(program_.At<ValueBlock>(*message)->Bytes(), bytes.data(), bytes.size());
    queue_.messages.TakeFrom(ring, bytes.size());
  } else {
    queue_.messages.Take(program_, *message);
    program_.HandsOf(me).Take(object::in_hand::Value(*message));
  }
  Taken(taker);
  return Outcome::kDone;
}

Outcome MessageFlow::Take(ReadValue* value, Offset* message, ParticipantId me) {
  Outcome outcome;
  *message = First(&outcome);
  if (*message == 0) return outcome;
  if (MessageRing::IsRing(*program_.At<ValueBlock>(*message))) {
    auto& ring = *program_.At<MessageRing>(*message);
    *message = 0;
    const std::span<const std::byte> bytes = ring.First();
    value->Copy(bytes);
    queue_.messages.TakeFrom(ring, bytes.size());
  } else {
    queue_.messages.Take(program_, *message);
    program_.HandsOf(me).Take(object::in_hand::Value(*message));
  }
  Taken(nullptr);
  return Outcome::kDone;
}

void MessageFlow::Taken(const WaitNode* taker) {
  // After the message has gone: who dies in between takes it along, and nobody waits for it to be done.
  queue_.in_hand.store(queue_.in_hand.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  Admit();
  Invite(taker);
}

Outcome MessageFlow::Done() {
  if (queue_.Unfinished() <= 0) return Outcome::kOverReleased;
  queue_.in_hand.store(queue_.in_hand.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  if (queue_.Unfinished() == 0) FinishJoins();
  return Outcome::kDone;
}

void MessageFlow::Admit() {
  while (!queue_.putters.IsEmpty() && queue_.closed.load(std::memory_order_relaxed) == 0) {
    const Offset first = queue_.putters.head.load(std::memory_order_relaxed);
    const Offset message = program_.At<WaitNode>(first)->argument;
    if (!queue_.Fits(program_.At<ValueBlock>(message)->length)) return;
    // In this order, so that Repair finds at each point what is left to do.
    queue_.messages.Append(program_, message);
    ALLCORES_SCHEDULE_POINT();
    wakes_.Settle(queue_.putters, first, Outcome::kDone, 0);
  }
}

void MessageFlow::Invite(const WaitNode* leaving) {
  if (queue_.getters.IsEmpty() && queue_.sleepers.IsEmpty() && queue_.peekers.IsEmpty()) return;
  std::uint64_t most = queue_.messages.Items();
  if (most == 0) {
    if (queue_.closed.load(std::memory_order_relaxed) == 0) return;
    most = std::numeric_limits<std::uint64_t>::max();
  }
  InviteFirst(queue_.getters, most, leaving);
  InviteFirst(queue_.sleepers, most, leaving);
  InviteAll(queue_.peekers);
}

void MessageFlow::InviteAll(const sync::WaitQueue& queue) {
  InviteFirst(queue, std::numeric_limits<std::uint64_t>::max(), nullptr);
}

void MessageFlow::InviteFirst(const sync::WaitQueue& queue, std::uint64_t most, const WaitNode* leaving) {
  Offset at = queue.head.load(std::memory_order_relaxed);
  for (std::uint64_t met = 0; at != 0 && met < most;) {
    const WaitNode& node = *program_.At<WaitNode>(at);
    const Offset next = node.next.load(std::memory_order_relaxed);
    if (&node != leaving) {
      ++met;
      if (node.state.load(std::memory_order_relaxed) == WaitNode::kQueued) wakes_.Notify(at);
    }
    at = next;
  }
}

void MessageFlow::FinishJoins() {
  ++queue_.joined;
  InviteAll(queue_.joiners);
}

}  // namespace allcores::container
