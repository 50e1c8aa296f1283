#pragma once

#include <limits>

#include "container/dict_shard.h"
#include "container/key_hash.h"
#include "container/read_value.h"

namespace allcores::container {

// Lengths are 32 bits.
inline constexpr std::size_t kMostKey = std::numeric_limits<std::uint32_t>::max() - sizeof(DictNode);

// A key, and where it belongs. The shard is told by the lowest bits of the hash, the bucket in it by the highest.
struct KeyPlace {
  KeyPlace(DictObject& dict, std::span<const std::byte> bytes)
      : key(bytes), hash(KeyHash(dict.seed)(bytes)), shard(dict.ShardOf(hash)) {}

  std::span<const std::byte> key;
  std::uint64_t hash;
  DictShard& shard;
};

// An entry that is in no list yet, in the caller's hand as its value is; 0 when the heap is full.
Offset MakeNode(Program& program, const KeyPlace& at, Slot slot, ParticipantId me);
// Before an entry goes into a list, and after it was taken out of one: it and its value.
void PutNodeFromHand(const Program& program, Offset node, ParticipantId me);
void TakeNodeInHand(const Program& program, Offset node, ParticipantId me);
// Of an entry that never was in a list: without its value.
void FreeNode(Program& program, Offset node, ParticipantId me);
// Of an entry that is in no list any more, and in our hand, without a guard: its value goes to `value`, or is freed.
void TakeApart(Program& program, Offset node, ParticipantId me, ReadValue* value);

// 0 of no node.
inline std::uint64_t VersionOf(const Program& program, Offset node) {
  return node == 0 ? 0 : program.At<DictNode>(node)->version;
}

// Release: whoever sees entries removed sees them inserted, so that no size is below zero.
inline void CountRemoved(DictObject& dict, std::uint64_t entries) {
  dict.removed.fetch_add(entries, std::memory_order_release);
}

}  // namespace allcores::container
