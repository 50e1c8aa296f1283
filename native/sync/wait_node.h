#pragma once

#include <atomic>
#include <cstdint>

#include "object/object_header.h"

namespace allcores::sync {

using object::Offset;
using object::ParticipantId;

// What came of an operation on a shared object. The numbers are known to JavaScript (lib/heap/outcome.ts).
enum class Outcome : std::uint32_t {
  kDone = 0,
  kBlocked = 1,       // not now
  kTimedOut = 2,      // the waiter gave up
  kClosed = 3,        // its manager was shut down, or it takes and gives no more
  kBroken = 4,        // a barrier that somebody left
  kNotHeld = 5,       // released without having been acquired
  kNotOwner = 6,      // held, but by somebody else
  kOverReleased = 7,  // released beyond its initial value, or done more often than put
  kNoMemory = 8,
  kNotPresent = 9,  // no such key or element
  kConflict = 10,   // it was changed in between
  kActing = 11,     // the last one has come to a barrier, and runs its action now
  kBadIndex = 12,
};

// What somebody asks of an object.
struct Request {
  std::uint32_t op = 0;
  ParticipantId me = 0;
  bool in_loop = false;        // waits in its event loop rather than on its thread
  std::uint64_t argument = 0;  // the operation's own business, as is the result
  std::uint64_t result = 0;
};

// One who waits, in a queue of the object. A block of the heap; the waiter makes and frees it, or whoever recovers it.
//
// `state` tells the waiter, who reads it without the guard, whether to look. All else is used under the object's guard.
struct WaitNode {
  static constexpr std::uint32_t kQueued = 0;
  static constexpr std::uint32_t kNotified = 1;   // still queued; an attempt may succeed now
  static constexpr std::uint32_t kSettled = 2;    // not queued; `outcome` and `result` hold
  static constexpr std::uint32_t kCancelled = 3;  // not queued and given up, but still among the mail

  std::atomic<Offset> next;
  std::atomic<std::uint32_t> state;
  std::atomic<std::uint32_t> mailed;  // it is in the mail of its participant
  std::atomic<Offset> mail_next;
  Offset object;
  ParticipantId participant;
  std::uint32_t op;
  std::uint32_t in_loop;
  std::uint32_t outcome;
  std::uint64_t argument;
  std::uint64_t result;
  std::int64_t since;  // when it began to wait, in ns of the monotonic clock
  // All nodes of its participant, which alone changes this list. `own_next` is the truth of it.
  std::atomic<Offset> own_next;
  Offset own_previous;
};

}  // namespace allcores::sync
