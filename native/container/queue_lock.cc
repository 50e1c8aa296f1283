#include "container/queue_lock.h"

#include "container/message_flow.h"

namespace allcores::container {
namespace {

using participant::Guard;
using sync::WaitNode;
using sync::WaitQueue;
using sync::Wakes;

// Whose the queue's guard is: ours.
ParticipantId Holder(const Program& program, Offset object) {
  return program.Header(object).guard.load(std::memory_order_relaxed) & ~Guard::kContended;
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

}  // namespace

// Who died with this guard alone was about to put into the ring at the back, and perhaps had: that is what is doubtful.
BackLock::BackLock(Program& program, Offset object) : guard_(program.At<MessageQueue>(object)->messages.guard) {
  MessageQueue& queue = *program.At<MessageQueue>(object);
  const Guard::Entry entry = guard_.Lock(program.participants(), Holder(program, object));
  if (entry == Guard::Entry::kClean && queue.messages.doubtful == 0) return;
  queue.messages.Repair(program);
  Wakes wakes(program);
  // A message that counted and is not there.
  if (queue.Unfinished() == 0) MessageFlow(program, object, wakes).FinishJoins();
}

void RepairQueue(Program& program, Offset object) {
  MessageQueue& queue = *program.At<MessageQueue>(object);
  Guard back(queue.messages.guard);
  // Whether it is inherited as well: all is computed anew.
  static_cast<void>(back.Lock(program.participants(), Holder(program, object)));
  {
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
  back.Unlock();
}

}  // namespace allcores::container
