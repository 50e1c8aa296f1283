#pragma once

#include <cstdint>
#include <span>

#include "container/dict_layout.h"
#include "object/program.h"

namespace allcores::container {

using object::ParticipantId;
using object::Program;

// One shard of a dict, whose guard the caller holds.
class Shard {
 public:
  // Where an entry is, or would be inserted: the pointer to it.
  struct Place {
    std::atomic<Offset>* link;
    Offset node;  // 0: there is none of that key
  };
  // What Detach took out, for Free.
  struct Contents {
    Offset first;
    Offset directory;
    std::uint64_t count;
  };

  Shard(Program& program, DictShard& shard) : program_(program), shard_(shard) {}

  // Also completes the shortcuts on the way, which is why it is not const.
  Place Find(std::span<const std::byte> key, std::uint64_t hash);
  // Commits. The node is complete, and its sequence higher than all others of the shard.
  void Insert(Place place, Offset node);
  // Commits. The node and what is in its slot are the caller's.
  void Remove(Place place);
  // Commits. Gives the former slot to the caller.
  Slot Replace(Offset node, Slot slot);
  // For a node about to be inserted or written.
  std::uint64_t NextVersion() { return ++shard_.stamp; }

  // Nobody else has the shard any more: frees what is in it. What a kill interrupts can be done again.
  void Destroy(ParticipantId me);
  // Commits. The shard is empty.
  Contents Detach();
  // Of another shard that is destroyed next, and has nothing of its own.
  void Attach(const Contents& contents);
  // Without the guard.
  static void Free(Program& program, const Contents& contents, ParticipantId me);

  // Does an insertion's place in the list take too long to find?
  [[nodiscard]] bool IsCrowded() const;
  // The level that `additional` more entries want next; 0: there are enough buckets.
  [[nodiscard]] std::uint32_t WantedLevel(std::uint64_t additional) const;
  // A block for that level, prepared without the guard so that nobody waits for it. 0 when the heap is full.
  static Offset PrepareLevel(Program& program, std::uint32_t level, ParticipantId me);
  // Commits. False, and the block is still the caller's: somebody else has done it, or it is not wanted any more.
  bool InstallLevel(std::uint32_t level, Offset block, std::uint64_t additional, ParticipantId me);

  // Computes anew what is derived, after a death.
  void Repair();

 private:
  [[nodiscard]] std::atomic<Offset>& Head() const;
  [[nodiscard]] DictDirectory& Directory() const;
  // The pointer from which the search for `order` begins.
  std::atomic<Offset>* Bucket(std::uint64_t order, std::uint32_t level);
  void MakeMark(Offset mark, std::uint64_t prefix, std::uint32_t level);
  void ForgetHalfMarks();
  void RebuildOrder();

  Program& program_;
  DictShard& shard_;
};

// More buckets for a shard, until they suffice for `additional` more entries. Without its guard.
void GrowShard(Program& program, DictObject& dict, DictShard& shard, std::uint64_t additional, ParticipantId me);

}  // namespace allcores::container
