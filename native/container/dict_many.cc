#include <algorithm>
#include <array>
#include <numeric>

#include "container/dict.h"
#include "container/dict_entry.h"
#include "container/dict_locks.h"

namespace allcores::container {
namespace {

struct Entry {
  KeyPlace at;
  Offset node = 0;    // made for it, not inserted yet
  bool last = false;  // the one of this key that counts
};

// The value of the last of several equal keys goes to the first, which decides the place.
void KeepLast(std::vector<Entry>& entries, std::vector<Slot>& slots) {
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto same = [&](std::size_t a, std::size_t b) {
    return entries[a].at.hash == entries[b].at.hash && std::ranges::equal(entries[a].at.key, entries[b].at.key);
  };
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (entries[a].at.hash != entries[b].at.hash) return entries[a].at.hash < entries[b].at.hash;
    const auto difference = std::lexicographical_compare_three_way(entries[a].at.key.begin(), entries[a].at.key.end(),
                                                                   entries[b].at.key.begin(), entries[b].at.key.end());
    return difference == 0 ? a < b : difference < 0;
  });
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && same(order[i], order[end])) ++end;
    entries[order[i]].last = true;
    std::swap(slots[order[i]], slots[order[end - 1]]);
    i = end;
  }
}

// Nodes for the keys that are new; `*made` is how many. The only step that can fail: false when the heap is full.
bool MakeNodes(Program& program, std::vector<Entry>& entries, const std::vector<Slot>& slots, ParticipantId me,
               std::uint64_t* made) {
  *made = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Entry& entry = entries[i];
    if (!entry.last || Shard(program, entry.at.shard).Find(entry.at.key, entry.at.hash).node != 0) continue;
    entry.node = MakeNode(program, entry.at, slots[i], me);
    if (entry.node == 0) return false;
    ++*made;
  }
  return true;
}

void PutAll(Program& program, std::vector<Entry>& entries, std::vector<Slot>& slots, std::uint64_t sequence,
            ParticipantId me) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Entry& entry = entries[i];
    if (!entry.last) continue;
    Shard shard(program, entry.at.shard);
    const Shard::Place place = shard.Find(entry.at.key, entry.at.hash);
    if (entry.node != 0) {
      DictNode& node = *program.At<DictNode>(entry.node);
      node.version = shard.NextVersion();
      node.sequence = sequence++;
      PutNodeFromHand(program, entry.node, me);
      shard.Insert(place, entry.node);
      slots[i] = 0;
    } else {
      object::PutFromHand(program, slots[i], me);
      slots[i] = shard.Replace(place.node, slots[i]);
      object::TakeInHand(program, slots[i], me);
    }
  }
}

}  // namespace

Outcome DictSetMany(Program& program, Offset object, ParticipantId me, std::span<const DictItem> items) {
  DictObject& dict = *program.At<DictObject>(object);
  if (program.IsClosed(object)) return Outcome::kClosed;  // looked at again under the guards
  // What is left in it at the end is freed: former values, or the new ones if nothing was done.
  HeldSlots slots(program, me);
  std::vector<Entry> entries;
  entries.reserve(items.size());
  slots.Reserve(items.size());
  ShardsLock::Set concerned;
  std::array<std::uint64_t, DictObject::kMostShards> additional{};
  for (const DictItem& item : items) {
    if (item.key.size() > kMostKey || !slots.Make({&item.value, 1})) return Outcome::kNoMemory;
    const Entry& entry = entries.emplace_back(KeyPlace(dict, item.key));
    const auto shard = static_cast<std::size_t>(&entry.at.shard - dict.Shards());
    concerned.set(shard);
    ++additional[shard];
  }
  KeepLast(entries, slots.slots());
  // Beforehand, since under the guards nothing grows.
  for (std::size_t i = 0; i < additional.size(); ++i) {
    if (concerned[i]) GrowShard(program, dict, dict.Shards()[i], additional[i], me);
  }
  Outcome outcome = Outcome::kClosed;
  {
    const ShardsLock lock(program, dict, concerned, me);
    if (!program.IsClosed(object)) {
      std::uint64_t made = 0;
      outcome = Outcome::kNoMemory;
      if (MakeNodes(program, entries, slots.slots(), me, &made)) {
        // One addition for all, so that the size never shows a part of them. Relaxed as in DictSet.
        PutAll(program, entries, slots.slots(), dict.inserted.fetch_add(made, std::memory_order_relaxed), me);
        outcome = Outcome::kDone;
      }
    }
  }
  if (outcome == Outcome::kNoMemory) {
    for (const Entry& entry : entries) {
      if (entry.node != 0) FreeNode(program, entry.node, me);
    }
  }
  return outcome;
}

}  // namespace allcores::container
