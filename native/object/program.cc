#include "object/program.h"

#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/schedule_point.h"

namespace allcores::object {

Program::Program(std::unique_ptr<memory::Heap> heap, const Types& types)
    : heap_(std::move(heap)),
      types_(types),
      wakers_(participant::kMostParticipants),
      root_(reinterpret_cast<Root*>(heap_->root())),
      segments_(*heap_, root_->segments) {
  static_assert(sizeof(Root) <= memory::Heap::kRootBytes);
}

std::atomic<Offset>& Program::First(ObjectKind kind) const {
  return IsWaitable(kind) ? root_->waitables : root_->others;
}

void Program::LockRegistry(ParticipantId me) {
  participant::Guard guard(root_->guard);
  if (guard.Lock(participants(), me) == participant::Guard::Entry::kInherited) RepairRegistry();
}

void Program::UnlockRegistry() { participant::Guard(root_->guard).Unlock(); }

void Program::RepairRegistry() {
  for (std::atomic<Offset>* first : {&root_->waitables, &root_->others}) {
    Offset previous = 0;
    for (Offset at = first->load(std::memory_order_relaxed); at != 0; at = Header(at).next) {
      Header(at).previous = previous;
      previous = at;
    }
  }
}

void Program::Register(Offset object, ParticipantId me) {
  ObjectHeader& header = Header(object);
  LockRegistry(me);
  // Relaxed: the guard orders. The store to `first` commits; `previous` is derived from it.
  std::atomic<Offset>& first = First(static_cast<ObjectKind>(header.kind.load(std::memory_order_relaxed)));
  header.next = first.load(std::memory_order_relaxed);
  header.previous = 0;
  if (header.next != 0) Header(header.next).previous = object;  // undone by RepairRegistry
  HandsOf(me).Put(in_hand::Raw(object));
  first.store(object, std::memory_order_release);
  HandsOf(me).Take(in_hand::Object(object));
  UnlockRegistry();
}

void Program::Unregister(Offset object, ParticipantId me) {
  ObjectHeader& header = Header(object);
  LockRegistry(me);
  if (header.previous == 0) {
    First(static_cast<ObjectKind>(header.kind.load(std::memory_order_relaxed)))
        .store(header.next, std::memory_order_release);
  } else {
    Header(header.previous).next = header.next;
  }
  if (header.next != 0) Header(header.next).previous = header.previous;
  UnlockRegistry();
}

Offset Program::Allocate(std::uint64_t bytes, ParticipantId me) const {
  const Offset block = heap_->Allocate(bytes, me);
  // Before the first access to it, which a kill is likely to hit: see Heap::Reach.
  if (block != 0) HandsOf(me).Take(in_hand::Raw(block));
  return block;
}

void Program::Free(Offset block, std::uint64_t what, ParticipantId me) const {
  heap_->Reach(block);
  HandsOf(me).Put(what);
  heap_->Free(block, me);
}

Offset Program::Create(ObjectKind kind, std::uint64_t bytes, Offset manager, ParticipantId me) {
  // Multiples of a cache line, which the heap aligns to one.
  bytes = RoundUp(bytes, kCacheLine);
  const Offset object = Allocate(bytes, me);
  if (object == 0) return 0;
  ALLCORES_CHECK(object % kCacheLine == 0);
  std::memset(At<std::byte>(object), 0, bytes);
  ObjectHeader& header = Header(object);
  header.manager = manager;
  if (manager != 0) Retain(manager);
  header.kind.store(static_cast<std::uint32_t>(kind), std::memory_order_relaxed);
  header.references.store(1, std::memory_order_relaxed);
  Register(object, me);
  return object;
}

bool Program::Retain(Offset object, ObjectKind kind) {
  if (object == 0 || object >= heap_->size()) return false;
  ObjectHeader& header = Header(object);
  if (header.kind.load(std::memory_order_acquire) != static_cast<std::uint32_t>(kind)) return false;
  std::uint32_t count = header.references.load(std::memory_order_relaxed);
  // Relaxed: who passed the name on holds a reference until this has returned, so nothing is ordered here.
  while (count != 0) {
    if (header.references.compare_exchange_weak(count, count + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

void Program::Repair(Offset object) {
  const ObjectType& type = types_[Header(object).kind.load(std::memory_order_relaxed)];
  if (type.repair != nullptr) type.repair(*this, object);
}

void Program::Release(Offset object, ParticipantId me) {
  ObjectHeader& header = Header(object);
  // Acquire and release: all that other holders did comes before the destruction.
  const std::uint32_t before = header.references.fetch_sub(1, std::memory_order_acq_rel);
  ALLCORES_CHECK(before != 0);
  if (before > 1) return;
  HandsOf(me).Take(in_hand::Object(object));
  ALLCORES_SCHEDULE_POINT();
  Unregister(object, me);
  ALLCORES_SCHEDULE_POINT();
  DestroyWithAll(object, me);
}

// Of one that is not registered any more. What a kill interrupts is done again: each kind gives up one thing after the
// other, and what it has given up is no longer in the object.
void Program::DestroyWithAll(Offset object, ParticipantId me) {
  // Destroying one may release others. They queue up here, so that no nesting of data exhausts the stack.
  static thread_local Offset doomed = 0;
  static thread_local bool busy = false;
  Header(object).next = doomed;
  doomed = object;
  if (busy) return;
  busy = true;
  while (doomed != 0) {
    const Offset next = doomed;
    doomed = Header(next).next;
    Destroy(next, me);
  }
  busy = false;
}

void Program::Destroy(Offset object, ParticipantId me) {
  ObjectHeader& header = Header(object);
  const std::uint32_t kind = header.kind.load(std::memory_order_relaxed);
  ALLCORES_CHECK(kind != 0 && kind < kObjectKinds);
  if (types_[kind].destroy != nullptr) types_[kind].destroy(*this, object, me);
  // The reference to the manager is in hand while the object goes, since freeing that may take a while.
  const Offset manager = std::exchange(header.manager, 0);
  if (manager != 0) HandsOf(me).Take(in_hand::Object(manager));
  heap_->Reach(object);
  HandsOf(me).Put(in_hand::Object(object));
  header.kind.store(0, std::memory_order_release);
  heap_->Free(object, me);
  if (manager == 0) return;
  HandsOf(me).Put(in_hand::Object(manager));
  Release(manager, me);
}

bool Program::IsRegistered(Offset object, ParticipantId me) {
  LockRegistry(me);
  const auto kind = static_cast<ObjectKind>(Header(object).kind.load(std::memory_order_relaxed));
  Offset at = First(kind).load(std::memory_order_relaxed);
  while (at != 0 && at != object) at = Header(at).next;
  UnlockRegistry();
  return at != 0;
}

Offset Program::NextOpen(const std::atomic<Offset>& first, Offset after, Offset manager, ParticipantId me) {
  LockRegistry(me);
  Offset at = after == 0 ? first.load(std::memory_order_relaxed) : Header(after).next;
  while (at != 0 && (Header(at).manager != manager || IsClosed(at) ||
                     !Retain(at, static_cast<ObjectKind>(Header(at).kind.load(std::memory_order_relaxed))))) {
    at = Header(at).next;
  }
  UnlockRegistry();
  return at;
}

void Program::Close(Offset manager, ParticipantId me) {
  for (const std::atomic<Offset>* first : {&root_->waitables, &root_->others}) {
    // A reference of our own keeps the one that we are at in the list. Its contents may hold the last reference to
    // another object, whose destruction needs the registry: so that is not held meanwhile.
    Offset at = NextOpen(*first, 0, manager, me);
    while (at != 0) {
      ObjectHeader& header = Header(at);
      // Operations look at the flag under the object's guard, which `close` takes next.
      header.flags.fetch_or(ObjectHeader::kClosed, std::memory_order_relaxed);
      const ObjectType& type = types_[header.kind.load(std::memory_order_relaxed)];
      if (type.close != nullptr) type.close(*this, at, me);
      const Offset next = NextOpen(*first, at, manager, me);
      Release(at, me);
      at = next;
    }
  }
}

void Program::Wake(ParticipantId id, bool in_loop) {
  participant::Participant& place = participants().At(id);
  if (in_loop) {
    // Relaxed: whoever has the id has seen all that was written before it.
    const ParticipantId host = place.host.load(std::memory_order_relaxed);
    if (host == host_) {
      wakers_.Poke(participant::IndexOf(id));
    } else if (host != 0) {  // 0: one that stands for another process, and has no event loop
      // Release, and before the bell: the host reads the count first and the mark after it, so it sees one or the
      // other.
      place.signals.fetch_or(participant::Participant::kPoked, std::memory_order_release);
      ALLCORES_SCHEDULE_POINT();
      Wake(host, false);
    }
    return;
  }
  // Release pairs with the sleeper's load: what was done for it is visible once it sees the count changed.
  place.park.fetch_add(1, std::memory_order_release);
  platform::Futex::WakeAll(place.park);
}

void Program::Account(std::int64_t blocks, std::int64_t bytes) {
  // Relaxed: figures.
  root_->ledger_blocks.fetch_add(blocks, std::memory_order_relaxed);
  root_->ledger_bytes.fetch_add(bytes, std::memory_order_relaxed);
}

memory::HeapStats Program::Stats() const {
  memory::HeapStats stats = heap_->Stats();
  const memory::SharedSegments::Overhead table = segments_.TableSize();
  stats.blocks -= table.blocks + static_cast<std::uint64_t>(root_->ledger_blocks.load(std::memory_order_relaxed));
  stats.live -= table.bytes + static_cast<std::uint64_t>(root_->ledger_bytes.load(std::memory_order_relaxed));
  return stats;
}

void Program::PassOnPokes() {
  constexpr std::uint32_t kPoked = participant::Participant::kPoked;
  for (ParticipantId id = participants().NextPresent(0); id != 0; id = participants().NextPresent(id)) {
    participant::Participant& place = participants().At(id);
    if (place.host.load(std::memory_order_relaxed) != host_) continue;
    if ((place.signals.load(std::memory_order_relaxed) & kPoked) == 0) continue;
    ALLCORES_SCHEDULE_POINT();
    // Acquire: what was done for it before it was marked.
    if ((place.signals.fetch_and(~kPoked, std::memory_order_acquire) & kPoked) != 0) {
      wakers_.Poke(participant::IndexOf(id));
    }
  }
}

}  // namespace allcores::object
