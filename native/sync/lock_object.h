#pragma once

#include "sync/fairness.h"
#include "sync/waiting.h"

namespace allcores::sync {

// Lock and RLock. JavaScript takes and gives back a free one by itself, with two compare-and-swaps on `word`:
//   acquire: 0 -> owner     release: owner -> 0     (an RLock first counts `depth`, which is its owner's alone)
// kContended in `word` keeps it out: somebody waits, or a death is to be told. Then all changes are made here, under
// the object's guard. So under the guard a word with the mark is ours to store to, and one without is changed by CAS.
//
// A dead owner's lock is free again, and the next one to acquire it gets kRecovered in its result.
struct LockObject {
  static constexpr std::uint32_t kContended = 0x80000000;
  static constexpr std::uint32_t kOwner = participant::kIdMask;

  static constexpr std::uint32_t kAcquire = 0;  // op

  object::ObjectHeader header;
  std::atomic<std::uint32_t> word;
  std::atomic<std::uint32_t> depth;      // RLock: how often its owner holds it
  std::atomic<std::uint32_t> abandoned;  // its owner died: the next one to acquire it is told
  std::uint32_t reserved;
  WaitQueue waiters;
};

// Gives a lock back. An RLock that is held more than once is given back entirely only if `entirely` (for Condition),
// which sets `*depth` to how often it was held.
Outcome ReleaseLock(Program&, Offset object, ParticipantId me, bool entirely, std::uint32_t* depth);
// Does anybody hold it?
bool IsLocked(const Program&, Offset object);
// Does `me` hold it? (A Lock: does anybody?)
bool HoldsLock(Program&, Offset object, ParticipantId me);

WaitType LockWaitType();
object::ObjectType LockObjectType();

}  // namespace allcores::sync
