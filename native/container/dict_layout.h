#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/cache_line.h"
#include "object/stored_value.h"

namespace allcores::container {

using object::Offset;
using object::Slot;

// A shard's entries are one singly linked list in the order of their hashes (split-ordered: Shalev and Shavit). Marks
// in the list are shortcuts into it, one for each bucket; more buckets are more marks, and nothing ever moves.
//
// What entries and marks have in common. An entry's order is odd, a mark's even.
struct DictLink {
  std::atomic<Offset> next;
  std::atomic<std::uint64_t> order;  // a mark's is 0 until it is in the list

  static bool IsMark(std::uint64_t order) { return (order & 1) == 0; }
};

struct DictNode {
  DictLink link;
  std::atomic<Slot> slot;
  std::uint64_t version;
  std::uint64_t sequence;  // tells the order of insertion, among all entries of the dict
  Offset older;            // neighbours in that order within the shard; derived
  Offset newer;
  std::uint32_t key_length;

  static constexpr std::size_t kKeyAt = 60;
  [[nodiscard]] std::byte* Key() { return reinterpret_cast<std::byte*>(this) + kKeyAt; }
};
static_assert(offsetof(DictNode, key_length) + sizeof(std::uint32_t) == DictNode::kKeyAt);

// Where a shard's marks are. Level L has those buckets that exist since there are 2^L of them: 2^(L-1) marks. Bucket 0
// needs none: it begins at `head`.
struct DictDirectory {
  static constexpr std::uint32_t kLevels = 28;
  static constexpr std::uint32_t kFirstLevels = 3;

  std::atomic<Offset> head;
  std::atomic<Offset> levels[kLevels];  // [L - 1]: an array of DictLink
  DictLink first[(1U << kFirstLevels) - 1];

  static std::uint64_t MarksOf(std::uint32_t level) { return std::uint64_t{1} << (level - 1); }
};

// All-zero is empty. Truth is the list from `directory`'s head, or from `head` as long as there is no directory; each
// change of it is one store. Numbers and the order of insertion are derived.
struct alignas(kCacheLine) DictShard {
  static constexpr std::uint64_t kFewEntries = 6;  // up to here no directory

  std::atomic<std::uint32_t> guard;
  std::uint32_t level;  // there are 2^level buckets
  std::atomic<Offset> head;
  std::atomic<Offset> directory;
  std::uint64_t count;
  std::uint64_t stamp;  // the highest version given; grows only
  Offset newest;        // the last one in the order of insertion
};

struct DictObject {
  static constexpr std::uint32_t kFewestShards = 16;
  static constexpr std::uint32_t kMostShards = 256;

  object::ObjectHeader header;

  // Constant.
  std::uint64_t seed;
  std::atomic<std::uint32_t> shards;  // 0 until it is made
  std::uint32_t reserved;

  // Its size is the difference. Changed under the guards of the shards that are concerned, read without.
  alignas(kCacheLine) std::atomic<std::uint64_t> inserted;  // entries ever: the sequence of the next one
  std::atomic<std::uint64_t> removed;
  std::atomic<std::uint32_t> doubtful;  // somebody died between a change and its count

  [[nodiscard]] DictShard* Shards() { return reinterpret_cast<DictShard*>(this + 1); }
  [[nodiscard]] DictShard& ShardOf(std::uint64_t hash) {
    return Shards()[hash & (shards.load(std::memory_order_relaxed) - 1)];
  }
};

}  // namespace allcores::container
