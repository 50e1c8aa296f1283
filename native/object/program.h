#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "memory/heap.h"
#include "memory/shared_segments.h"
#include "object/object_header.h"
#include "participant/guard.h"
#include "participant/hands.h"
#include "participant/wakers.h"

namespace allcores::object {

class Program;

// What the layers above tell of a kind. None of these may block, beyond a guard.
struct ObjectType {
  // The last reference is gone: frees what the object owns, not the object itself.
  void (*destroy)(Program&, Offset, ParticipantId me) = nullptr;
  // A participant is dead, or about to be: frees what it held, wakes who waits for it, removes it from queues. That of
  // kNone comes last, for what participants have beside objects.
  void (*recover)(Program&, Offset, ParticipantId dead, ParticipantId me) = nullptr;
  // Its manager was shut down (kClosed is set): frees the contents, wakes everybody.
  void (*close)(Program&, Offset, ParticipantId me) = nullptr;
  // Whoever held the guard died inside: computes anew what the guard protects from what was committed. Guard held.
  void (*repair)(Program&, Offset) = nullptr;
  // Frees a block that is of this kind and in nobody's object: found in a dead one's hand (InHand).
  void (*discard)(Program&, Offset block, ParticipantId me) = nullptr;
};

// Words for participant::Hands: an offset, and in the low four bits what lies there.
namespace in_hand {
inline constexpr std::uint64_t kMask = 15;
// A value, one reference of which is ours; 1 to 13: a block of that ObjectKind's, freed by its `discard`.
inline constexpr std::uint64_t kValue = 0;
inline constexpr std::uint64_t kRaw = 14;     // memory that owns nothing
inline constexpr std::uint64_t kObject = 15;  // a reference; or, if there is none left, the object is being destroyed

constexpr std::uint64_t Value(Offset block) { return block | kValue; }
constexpr std::uint64_t Raw(Offset block) { return block | kRaw; }
constexpr std::uint64_t Object(Offset object) { return object | kObject; }
constexpr std::uint64_t Of(ObjectKind kind, Offset block) { return block | static_cast<std::uint64_t>(kind); }
}  // namespace in_hand

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
  [[nodiscard]] participant::Hands HandsOf(ParticipantId me) const { return participant::Hands(participants().At(me)); }

  template <typename T>
  [[nodiscard]] T* At(Offset offset) const {
    return heap_->At<T>(offset);
  }
  [[nodiscard]] ObjectHeader& Header(Offset object) const { return *At<ObjectHeader>(object); }

  // Memory of the heap that is in the caller's hand, as raw. 0 when the heap is full.
  [[nodiscard]] Offset Allocate(std::uint64_t bytes, ParticipantId me) const;
  // A block that is in the caller's hand as `what`.
  void Free(Offset block, std::uint64_t what, ParticipantId me) const;

  // A new object of `bytes`, header included, zero after it, with one reference, which is in the caller's hand. 0 when
  // the heap is full.
  [[nodiscard]] Offset Create(ObjectKind kind, std::uint64_t bytes, Offset manager, ParticipantId me);
  // Adds a reference to an object that the caller knows to have one. False if there is no object of that kind.
  bool Retain(Offset object, ObjectKind kind);
  void Retain(Offset object) { Header(object).references.fetch_add(1, std::memory_order_relaxed); }
  // Touches it, so that the next step is a short one: see Heap::Reach.
  void Reach(Offset object) const { static_cast<void>(Header(object).references.load(std::memory_order_relaxed)); }
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
  // At a fixed place of the heap. All-zero is "no objects".
  struct Root {
    std::atomic<std::uint32_t> guard;     // over the two lists
    std::atomic<std::uint32_t> recovery;  // participant::Guard: one settles what the dead held. Before any other guard
    std::atomic<Offset> waitables;
    std::atomic<Offset> others;
    memory::SharedSegments::Table segments;
    std::atomic<std::int64_t> ledger_blocks;
    std::atomic<std::int64_t> ledger_bytes;
  };

  [[nodiscard]] std::atomic<Offset>& First(ObjectKind kind) const;
  void LockRegistry(ParticipantId me);
  void UnlockRegistry();
  void Register(Offset object, ParticipantId me);
  [[nodiscard]] bool IsRegistered(Offset object, ParticipantId me);
  void Unregister(Offset object, ParticipantId me);
  void RepairRegistry();
  void DestroyWithAll(Offset object, ParticipantId me);
  void Destroy(Offset object, ParticipantId me);
  void SettleHands(ParticipantId dead, ParticipantId me);
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
