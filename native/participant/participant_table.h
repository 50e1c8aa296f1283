#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/cache_line.h"

namespace allcores::participant {

// Names a participant for good: bits 0-11 its place in the table, bits 12-29 how often that place was used. 0: nobody.
// Bits 30 and 31 are free for the words that record an owner.
using ParticipantId = std::uint32_t;

inline constexpr std::uint32_t kIndexBits = 12;
inline constexpr std::uint32_t kMostParticipants = 1U << kIndexBits;
inline constexpr ParticipantId kIdMask = 0x3fffffff;

constexpr std::uint32_t IndexOf(ParticipantId id) { return id & (kMostParticipants - 1); }

// A thread that uses shared objects, in whatever process. All-zero is a vacant place.
struct Participant {
  static constexpr std::size_t kHands = 8;

  // Bits of `signals`
  static constexpr std::uint32_t kInterrupted = 1;  // return from waits to whoever asked
  static constexpr std::uint32_t kRecheck = 2;      // somebody died, perhaps with news for this event loop in hand
  static constexpr std::uint32_t kPoked = 4;        // its event loop has something to look at; its host passes it on

  alignas(kCacheLine) std::atomic<ParticipantId> id;  // 0: nobody, or one that is dead
  std::atomic<std::uint32_t> uses;                    // of this place; written before `id`
  std::atomic<std::uint32_t> claimed;                 // 1 from the joining of one to the burial of the same
  // The participant that stands for its process and is awake for its event loops while they sleep; 0: none is needed.
  std::atomic<ParticipantId> host;
  std::atomic<std::uint64_t> process;  // its number, and when it started: platform/liveness.h
  std::atomic<std::uint64_t> started;
  std::atomic<std::uint64_t> key;  // what its process calls it: to find it by

  // Where it sleeps: a count of wake-ups on which it waits by futex, in any of its waits.
  alignas(kCacheLine) std::atomic<std::uint32_t> park;
  std::atomic<std::uint32_t> signals;
  // Wait nodes of this participant's event loop that have something to look at: a stack, linked by their offsets.
  std::atomic<std::uint64_t> mail;
  // What it holds and others give back should it be killed: object/ledger.h.
  std::atomic<std::uint64_t> ledger;
  // Its own wait nodes, linked (sync/waiting.h): freed with it.
  std::atomic<std::uint64_t> waits;

  // What it has in hand: participant/hands.h. Its thread's own, with every message and value.
  alignas(kCacheLine) std::atomic<std::uint64_t> hands[kHands];
};

// Who takes part in a program's shared memory, and who has died. Lies in shared memory; `this` is process-local.
//
// A thread that ends says so itself (Leave). A process that is killed cannot: whoever waits for it asks IsAlive, which
// looks at the process as well. Either way what it held is recovered by those who are left (sync/README.md), and
// then its place is given back (Bury).
class ParticipantTable {
 public:
  static constexpr std::size_t kBytes = std::size_t{kMostParticipants} * sizeof(Participant);

  // `places` are kMostParticipants, all-zero at first.
  explicit ParticipantTable(Participant* places) : places_(places) {}

  // 0 when every place is taken. `key` is how Find knows it, within this process; `host` stands for the process.
  ParticipantId Join(std::uint64_t key, ParticipantId host = 0);
  // The participant will not act again. True for the one call that said so first. It keeps its place until Bury.
  bool Leave(ParticipantId id);
  // After what it held was recovered.
  void Bury(ParticipantId id);

  // Only false is for ever. Asks the system about the processes of others, so it takes microseconds.
  [[nodiscard]] bool IsAlive(ParticipantId id) const;
  // The same from the table alone: one load. May say true of one whose process was killed.
  [[nodiscard]] bool IsPresent(ParticipantId id) const {
    // Acquire: what it did before it left is visible to whoever takes over.
    return id != 0 && At(id).id.load(std::memory_order_acquire) == id;
  }
  // A participant of this process by its key; 0: none.
  [[nodiscard]] ParticipantId Find(std::uint64_t key) const;
  // The next one after `id` (0: the first) that has not left; 0: none.
  [[nodiscard]] ParticipantId NextPresent(ParticipantId after) const;
  // The next one after `id` (0: the first) that is present though its process is dead; 0: none. For whoever
  // looks after processes. Asks about each process once as long as its participants follow one another.
  [[nodiscard]] ParticipantId NextDead(ParticipantId after) const;

  [[nodiscard]] Participant& At(ParticipantId id) const { return places_[IndexOf(id)]; }

 private:
  // Nobody has ever had this place, nor one behind it.
  [[nodiscard]] bool IsBeyondAll(std::uint32_t index) const;

  Participant* places_;
};

}  // namespace allcores::participant
