#include "sync/semaphore_object.h"

#include <algorithm>
#include <new>

#include "base/schedule_point.h"

namespace allcores::sync {
namespace {

using object::ObjectKind;
using object::ObjectLock;

// Calls `visit` with every record until it says true.
template <typename Visit>
void VisitRecords(const Program& program, SemaphoreObject& semaphore, Visit visit) {
  for (PermitRecord& record : semaphore.records) {
    if (visit(record)) return;
  }
  // Acquire: the block is filled in. Blocks are only ever added, so this walk needs no guard.
  for (Offset at = semaphore.more.load(std::memory_order_acquire); at != 0;) {
    PermitBlock& block = *program.At<PermitBlock>(at);
    for (PermitRecord& record : block.records) {
      if (visit(record)) return;
    }
    at = block.next.load(std::memory_order_acquire);
  }
}

// What `holder` has taken; null: nothing.
PermitRecord* RecordOf(const Program& program, SemaphoreObject& semaphore, ParticipantId holder) {
  PermitRecord* found = nullptr;
  VisitRecords(program, semaphore, [&](PermitRecord& record) {
    if (record.holder() == holder && record.permits() != 0) found = &record;
    return found != nullptr;
  });
  return found;
}

PermitRecord* LongestHeld(const Program& program, SemaphoreObject& semaphore) {
  PermitRecord* longest = nullptr;
  VisitRecords(program, semaphore, [&](PermitRecord& record) {
    if (record.permits() != 0 && (longest == nullptr || record.since < longest->since)) longest = &record;
    return false;
  });
  return longest;
}

// A vacant record; null when the heap is full.
PermitRecord* VacantRecord(const Program& program, SemaphoreObject& semaphore, ParticipantId me) {
  PermitRecord* vacant = nullptr;
  VisitRecords(program, semaphore, [&](PermitRecord& record) {
    if (record.permits() == 0) vacant = &record;
    return vacant != nullptr;
  });
  if (vacant != nullptr) return vacant;
  const Offset offset = program.Allocate(sizeof(PermitBlock), me);
  if (offset == 0) return nullptr;
  auto* const block = new (program.At<PermitBlock>(offset)) PermitBlock();
  block->next.store(semaphore.more.load(std::memory_order_relaxed), std::memory_order_relaxed);
  program.HandsOf(me).Put(object::in_hand::Raw(offset));
  // Release: filled in before it can be found.
  semaphore.more.store(offset, std::memory_order_release);
  return &block->records[0];
}

// Enters one more permit for `me`. False when the heap is full.
bool Charge(const Program& program, SemaphoreObject& semaphore, ParticipantId me) {
  PermitRecord* record = RecordOf(program, semaphore, me);
  std::uint32_t permits = 0;
  if (record == nullptr) {
    record = VacantRecord(program, semaphore, me);
    if (record == nullptr) return false;
    record->since = ++semaphore.acquires;
  } else {
    permits = record->permits();
  }
  // Commits the acquire. Relaxed here and wherever records and counts change: the guard orders.
  record->word.store(PermitRecord::Pack(me, permits + 1), std::memory_order_relaxed);
  ALLCORES_SCHEDULE_POINT();
  semaphore.value.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

// While there are permits, the first waiter that lives is notified: a release tells the first ones that do not know
// yet, and whoever leaves permits behind tells the next. So they may be reserved for that waiter.
Outcome Attempt(Program& program, Offset object, Request& request, const WaitNode* node, Wakes& wakes) {
  SemaphoreObject& semaphore = *program.At<SemaphoreObject>(object);
  if (program.IsClosed(object)) return Outcome::kClosed;
  if (semaphore.value.load(std::memory_order_relaxed) == 0) return Outcome::kBlocked;
  if (IsBarred(program, semaphore.waiters, node)) return Outcome::kBlocked;
  const bool charged = Charge(program, semaphore, request.me);
  if (charged) request.result = semaphore.abandoned.exchange(0, std::memory_order_relaxed) != 0 ? kRecovered : 0;
  if (semaphore.value.load(std::memory_order_relaxed) != 0) wakes.NotifyFirst(semaphore.waiters);
  return charged ? Outcome::kDone : Outcome::kNoMemory;
}

WaitQueue& QueueOf(Program& program, Offset object, std::uint32_t /*op*/) {
  return program.At<SemaphoreObject>(object)->waiters;
}

void Withdrawn(Program& program, Offset object, const WaitNode& /*node*/, Wakes& wakes) {
  const SemaphoreObject& semaphore = *program.At<SemaphoreObject>(object);
  if (semaphore.value.load(std::memory_order_relaxed) != 0) wakes.NotifyFirst(semaphore.waiters);
}

bool Inviting(Program& program, Offset object, std::uint32_t /*op*/) { return SemaphoreValue(program, object) != 0; }

void Destroy(Program& program, Offset object, ParticipantId me) {
  // Each is given up before it is freed: what a kill interrupts is done again.
  std::atomic<Offset>& more = program.At<SemaphoreObject>(object)->more;
  while (const Offset at = more.load(std::memory_order_relaxed)) {
    more.store(program.At<PermitBlock>(at)->next.load(std::memory_order_relaxed), std::memory_order_release);
    program.HandsOf(me).Take(object::in_hand::Raw(at));
    program.Free(at, object::in_hand::Raw(at), me);
  }
}

// Takes the dead one's permits out of existence that do not come back. Idempotent.
void CompleteForfeit(const Program& program, SemaphoreObject& semaphore) {
  const std::uint64_t forfeit = semaphore.forfeit.load(std::memory_order_relaxed);
  if (forfeit == 0) return;
  semaphore.total.store(static_cast<std::uint32_t>(forfeit >> 32), std::memory_order_relaxed);
  PermitRecord* const record = RecordOf(program, semaphore, static_cast<ParticipantId>(forfeit));
  if (record != nullptr) record->word.store(0, std::memory_order_relaxed);
  semaphore.forfeit.store(0, std::memory_order_relaxed);
}

// Frees what a dead one held. Tells how many permits came back.
std::uint32_t GiveBack(const Program& program, SemaphoreObject& semaphore, PermitRecord& record) {
  const std::uint32_t held = record.permits();
  const std::uint32_t value = semaphore.value.load(std::memory_order_relaxed);
  const std::uint32_t back = std::min(held, semaphore.initial - std::min(semaphore.initial, value));
  if (back != 0) semaphore.abandoned.store(1, std::memory_order_relaxed);
  if (back == held) {
    record.word.store(0, std::memory_order_relaxed);
  } else {
    const std::uint32_t total = semaphore.total.load(std::memory_order_relaxed) - (held - back);
    semaphore.forfeit.store(PermitRecord::Pack(record.holder(), total), std::memory_order_relaxed);
    CompleteForfeit(program, semaphore);
  }
  semaphore.value.store(value + back, std::memory_order_relaxed);
  return back;
}

void Recover(Program& program, Offset object, ParticipantId dead, ParticipantId me) {
  SemaphoreObject& semaphore = *program.At<SemaphoreObject>(object);
  // Nothing to do is the rule, and told without the guard: the dead one changes nothing any more.
  if (RecordOf(program, semaphore, dead) == nullptr && semaphore.waiters.IsEmpty()) return;
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  Waiting::RemoveDead(program, SemaphoreWaitType(), object, semaphore.waiters, dead, wakes);
  PermitRecord* const record = RecordOf(program, semaphore, dead);
  if (record != nullptr) wakes.NotifyUpTo(semaphore.waiters, GiveBack(program, semaphore, *record));
}

void Close(Program& program, Offset object, ParticipantId me) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  wakes.SettleAll(program.At<SemaphoreObject>(object)->waiters, Outcome::kClosed);
}

void Repair(Program& program, Offset object) {
  SemaphoreObject& semaphore = *program.At<SemaphoreObject>(object);
  CompleteForfeit(program, semaphore);
  std::uint32_t held = 0;
  VisitRecords(program, semaphore, [&](const PermitRecord& record) {
    held += record.permits();
    return false;
  });
  const std::uint32_t value = semaphore.total.load(std::memory_order_relaxed) - held;
  semaphore.value.store(value, std::memory_order_relaxed);
  semaphore.waiters.Repair(program.heap());
  Wakes wakes(program);
  if (program.IsClosed(object)) wakes.SettleAll(semaphore.waiters, Outcome::kClosed);
  wakes.NotifyUpTo(semaphore.waiters, value);
}

}  // namespace

Offset CreateSemaphore(Program& program, std::uint32_t value, bool bounded, Offset manager, ParticipantId me) {
  const Offset object = program.Create(ObjectKind::kSemaphore, sizeof(SemaphoreObject), manager, me);
  if (object == 0) return 0;
  SemaphoreObject& semaphore = *program.At<SemaphoreObject>(object);
  semaphore.initial = value;
  semaphore.bounded = bounded ? 1 : 0;
  semaphore.total.store(value, std::memory_order_relaxed);
  semaphore.value.store(value, std::memory_order_relaxed);
  return object;
}

Outcome ReleaseSemaphore(Program& program, Offset object, ParticipantId me, std::uint32_t count) {
  Wakes wakes(program);
  const ObjectLock guard(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  SemaphoreObject& semaphore = *program.At<SemaphoreObject>(object);
  const std::uint32_t most = semaphore.bounded != 0 ? semaphore.initial : SemaphoreObject::kMostPermits;
  if (count > most - semaphore.value.load(std::memory_order_relaxed)) return Outcome::kOverReleased;
  std::uint32_t left = count;
  while (left != 0) {
    PermitRecord* record = RecordOf(program, semaphore, me);
    if (record == nullptr) record = LongestHeld(program, semaphore);
    std::uint32_t back = left;
    // Either store commits.
    if (record == nullptr) {
      semaphore.total.fetch_add(left, std::memory_order_relaxed);
    } else {
      back = std::min(left, record->permits());
      record->word.store(PermitRecord::Pack(record->holder(), record->permits() - back), std::memory_order_relaxed);
    }
    ALLCORES_SCHEDULE_POINT();
    semaphore.value.fetch_add(back, std::memory_order_relaxed);
    left -= back;
  }
  wakes.NotifyUpTo(semaphore.waiters, count);
  return Outcome::kDone;
}

std::uint32_t SemaphoreValue(const Program& program, Offset object) {
  return program.At<SemaphoreObject>(object)->value.load(std::memory_order_relaxed);
}

WaitType SemaphoreWaitType() {
  return {.attempt = Attempt, .queue = QueueOf, .withdrawn = Withdrawn, .returned = nullptr, .inviting = Inviting};
}

object::ObjectType SemaphoreObjectType() {
  return {.destroy = Destroy, .recover = Recover, .close = Close, .repair = Repair};
}

}  // namespace allcores::sync
