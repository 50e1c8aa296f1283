#pragma once

#include <cstdint>

#include "base/schedule_point.h"
#include "object/program.h"
#include "sync/wait_node.h"
#include "sync/wait_queue.h"

namespace allcores::sync {

using object::Program;

// Whom to wake once the guard has been given back: declare it before the ObjectLock. Waking is a system call, and who
// is woken wants the guard.
class Wakes {
 public:
  explicit Wakes(Program& program) : program_(program) {}
  Wakes(const Wakes&) = delete;
  Wakes& operator=(const Wakes&) = delete;
  ~Wakes() {
    for (std::uint32_t i = 0; i < count_; ++i) program_.Wake(entries_[i].id, entries_[i].in_loop);
  }

  // The waiter may try again. It stays in its queue, in its place.
  void Notify(Offset offset) {
    WaitNode& node = *program_.At<WaitNode>(offset);
    node.state.store(WaitNode::kNotified, std::memory_order_release);
    Deliver(offset, node);
  }

  // The waiter has what it waited for, and leaves its queue.
  void Settle(WaitQueue& queue, Offset offset, Outcome outcome, std::uint64_t result) {
    WaitNode& node = *program_.At<WaitNode>(offset);
    node.outcome = static_cast<std::uint32_t>(outcome);
    node.result = result;
    // Release: outcome and result before it. Commits: should we die from here on, the queue's repair drops the node.
    // The waiter cannot end it before, since it needs the guard for that.
    node.state.store(WaitNode::kSettled, std::memory_order_release);
    ALLCORES_SCHEDULE_POINT();
    queue.Remove(program_.heap(), offset);
    Deliver(offset, node);
  }

  // Lets the first ones try that live and do not know yet, up to `most`. Tells how many.
  std::uint32_t NotifyUpTo(const WaitQueue& queue, std::uint32_t most) {
    std::uint32_t notified = 0;
    Offset next = 0;
    for (Offset at = queue.head.load(std::memory_order_relaxed); at != 0 && notified < most; at = next) {
      const WaitNode& node = *program_.At<WaitNode>(at);
      next = node.next.load(std::memory_order_relaxed);
      if (node.state.load(std::memory_order_relaxed) != WaitNode::kQueued) continue;
      // Somebody who died while it waited is passed over; recovery takes it off the queue, and notifies anew.
      if (!program_.participants().IsPresent(node.participant)) continue;
      Notify(at);
      ++notified;
    }
    return notified;
  }
  void NotifyFirst(const WaitQueue& queue) { NotifyUpTo(queue, 1); }

  // Settles everybody in a queue alike.
  void SettleAll(WaitQueue& queue, Outcome outcome) {
    for (;;) {
      const Offset first = queue.head.load(std::memory_order_relaxed);
      if (first == 0) return;
      Settle(queue, first, outcome, 0);
    }
  }

 private:
  static constexpr std::uint32_t kMost = 32;
  struct Entry {
    ParticipantId id;
    bool in_loop;
  };

  void Deliver(Offset offset, WaitNode& node) {
    const bool in_loop = node.in_loop != 0;
    if (!in_loop || Mail(offset, node)) Add(node.participant, in_loop);
  }

  // Onto the participant's stack, unless it is there. Only the participant takes from it, all at once, so nothing can
  // come back to the top in between. True if it was empty: later mail comes with the poke that this one asks for.
  bool Mail(Offset offset, WaitNode& node) {
    if (node.mailed.exchange(1, std::memory_order_acq_rel) != 0) return false;
    std::atomic<std::uint64_t>& mail = program_.participants().At(node.participant).mail;
    Offset top = mail.load(std::memory_order_relaxed);
    do {
      node.mail_next.store(top, std::memory_order_relaxed);
      // Release: the node's contents before it can be found.
    } while (!mail.compare_exchange_weak(top, offset, std::memory_order_release, std::memory_order_relaxed));
    return top == 0;
  }

  void Add(ParticipantId id, bool in_loop) {
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (entries_[i].id == id && entries_[i].in_loop == in_loop) return;
    }
    if (count_ == kMost) {
      program_.Wake(id, in_loop);  // many at once: the rest from within the guard
      return;
    }
    entries_[count_++] = {id, in_loop};
  }

  Program& program_;
  Entry entries_[kMost];
  std::uint32_t count_ = 0;
};

}  // namespace allcores::sync
