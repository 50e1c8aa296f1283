#pragma once

#include <array>
#include <memory>

#include "memory/heap.h"
#include "memory/shared_segments.h"
#include "object/object_header.h"
#include "participant/guard.h"
#include "participant/wakers.h"

namespace allcores::object {

class Program;

// What the layers above tell of a kind. None of these may block, beyond a guard.
struct ObjectType {
  // The last reference is gone: frees what the object owns, not the object itself.
  void (*destroy)(Program&, Offset, ParticipantId me) = nullptr;
  // A participant is dead, or about to be: frees what it held, wakes who waits for it, removes it from queues.
  void (*recover)(Program&, Offset, ParticipantId dead, ParticipantId me) = nullptr;
  // Its manager was shut down (kClosed is set): frees the contents, wakes everybody.
  void (*close)(Program&, Offset, ParticipantId me) = nullptr;
  // Whoever held the guard died inside: computes anew what the guard protects from what was committed. Guard held.
  void (*repair)(Program&, Offset) = nullptr;
};

// Kinds whose participants' deaths matter; the others are in a list of their own that a death need not walk.
constexpr bool IsWaitable(ObjectKind kind) {
  return kind != ObjectKind::kValue && kind != ObjectKind::kArray && kind != ObjectKind::kDict &&
         kind != ObjectKind::kList && kind != ObjectKind::kManager;
}

// The shared objects of a program, as one process sees them: the heap, the list of all objects, and this process's ways
// to reach event loops. The state is in the heap; this is the handle on it.
class Program {
 public:
  using Types = std::array<ObjectType, kObjectKinds>;

  Program(std::unique_ptr<memory::Heap> heap, const Types& types);

  [[nodiscard]] memory::Heap& heap() const { return *heap_; }
  [[nodiscard]] participant::ParticipantTable& participants() const { return heap_->participants(); }
  [[nodiscard]] participant::Wakers& wakers() { return wakers_; }
  [[nodiscard]] memory::SharedSegments& segments() { return segments_; }

  template <typename T>
  [[nodiscard]] T* At(Offset offset) const {
    return heap_->At<T>(offset);
  }
  [[nodiscard]] ObjectHeader& Header(Offset object) const { return *At<ObjectHeader>(object); }

  // A new object of `bytes`, header included, zero after it, with one reference. 0 when the heap is full.
  [[nodiscard]] Offset Create(ObjectKind kind, std::uint64_t bytes, Offset manager, ParticipantId me);
  // Adds a reference to an object that the caller knows to have one. False if there is no object of that kind.
  bool Retain(Offset object, ObjectKind kind);
  void Retain(Offset object) { Header(object).references.fetch_add(1, std::memory_order_relaxed); }
  // Gives a reference back; the last one destroys the object and, one after the other, what it refers to alone.
  void Release(Offset object, ParticipantId me);

  // What `dead` held is freed, and it is removed from every queue. `me` may be the dying participant itself.
  void Recover(ParticipantId dead, ParticipantId me);
  // Does that for everybody whose process was killed, and gives back what they had noted in their ledgers.
  void RecoverDead(ParticipantId me);
  // Marks the objects of a manager closed and frees their contents.
  void Close(Offset manager, ParticipantId me);

  void Repair(Offset object);
  [[nodiscard]] bool IsClosed(Offset object) const {
    return (Header(object).flags.load(std::memory_order_relaxed) & ObjectHeader::kClosed) != 0;
  }

  // Memory that is taken for the bookkeeping itself.
  void Account(std::int64_t blocks, std::int64_t bytes);
  // Of the heap, that bookkeeping left out: by objects and values alone.
  [[nodiscard]] memory::HeapStats Stats() const;

  // Wakes a participant, which then looks at what it waits for. Safe with guards in hand.
  void Wake(ParticipantId id, bool in_loop);

  // Event loops of other processes are reached through a participant that stands for each (Participant::host), which
  // waits for that and passes it on. This process's own, once, before anybody else joins.
  void SetHost(ParticipantId host) { host_ = host; }
  void PassOnPokes();

 private:
  struct Root;

  [[nodiscard]] std::atomic<Offset>& First(ObjectKind kind) const;
  void LockRegistry(ParticipantId me);
  void UnlockRegistry();
  void Register(Offset object, ParticipantId me);
  void Unregister(Offset object, ParticipantId me);
  void RepairRegistry();
  void Destroy(Offset object, ParticipantId me);
  void Rouse();
  // The next object of a manager that is not closed, with a reference for the caller; 0: none.
  Offset NextOpen(const std::atomic<Offset>& first, Offset after, Offset manager, ParticipantId me);

  std::unique_ptr<memory::Heap> heap_;
  Types types_;
  participant::Wakers wakers_;
  Root* root_;
  memory::SharedSegments segments_;
  ParticipantId host_ = 0;
};

// Holds the guard of an object for a scope. Repairs first when the last one to hold it died inside.
class ObjectLock {
 public:
  ObjectLock(Program& program, Offset object, ParticipantId me) : guard_(program.Header(object).guard) {
    if (guard_.Lock(program.participants(), me) == participant::Guard::Entry::kInherited) program.Repair(object);
  }
  ObjectLock(const ObjectLock&) = delete;
  ObjectLock& operator=(const ObjectLock&) = delete;
  ~ObjectLock() { guard_.Unlock(); }

 private:
  participant::Guard guard_;
};

}  // namespace allcores::object
