#pragma once

#include "base/deadline.h"
#include "object/program.h"
#include "sync/wait_queue.h"

namespace allcores::sync {

// Who goes first when something can be acquired. Barging, with an end: it goes to who asks first, since reserving it
// for a sleeper costs a wake-up during which nobody has it; but once the first waiter has waited for kPatience (ns), it
// is reserved for that one. Under the object's guard.
//
// Safe only where whatever is free has been told to the first waiter that lives: a reservation for one who does not
// know of it would last for ever.
inline constexpr std::int64_t kPatience = 1'000'000;

// Bit of the result of an acquire: somebody died who held what was acquired.
inline constexpr std::uint64_t kRecovered = 1;

// The first waiter that lives; 0: none. One that died in the queue is there until its recovery.
inline Offset FirstPresent(const object::Program& program, const WaitQueue& queue) {
  Offset at = queue.head.load(std::memory_order_relaxed);
  while (at != 0) {
    const WaitNode& node = *program.At<WaitNode>(at);
    if (program.participants().IsPresent(node.participant)) break;
    at = node.next.load(std::memory_order_relaxed);
  }
  return at;
}

// Is what is free reserved for somebody else than `node` (null: one who has just come)?
inline bool IsBarred(const object::Program& program, const WaitQueue& queue, const WaitNode* node) {
  const Offset first = FirstPresent(program, queue);
  if (first == 0) return false;
  const WaitNode* const longest = program.At<WaitNode>(first);
  return longest != node && MonotonicNanos() - longest->since >= kPatience;
}

}  // namespace allcores::sync
