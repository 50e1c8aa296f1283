#include "container/message_flow.h"

#include <limits>

#include "base/schedule_point.h"

namespace allcores::container {

using sync::WaitNode;

Outcome MessageFlow::Put(Offset message) {
  if (queue_.closed.load(std::memory_order_relaxed) != 0) return Outcome::kClosed;
  // Who waits goes first, even if this message would fit and theirs does not: else a long one might wait for ever.
  if (!queue_.putters.IsEmpty() || !queue_.Fits(program_.At<ValueBlock>(message)->length)) return Outcome::kBlocked;
  queue_.messages.Append(program_, message);
  Invite(nullptr);
  return Outcome::kDone;
}

Outcome MessageFlow::Take(const WaitNode* taker, Offset* message) {
  *message = queue_.messages.Take(program_);
  if (*message == 0) return queue_.closed.load(std::memory_order_relaxed) != 0 ? Outcome::kClosed : Outcome::kBlocked;
  // After the message has gone: who dies in between takes it along, and nobody waits for it to be done.
  queue_.in_hand.store(queue_.in_hand.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  Admit();
  Invite(taker);
  return Outcome::kDone;
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
