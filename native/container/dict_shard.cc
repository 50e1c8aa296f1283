#include "container/dict_shard.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/schedule_point.h"

namespace allcores::container {

// All loads and stores here are under the guard, which orders them for the living: loads are relaxed. The stores that
// commit are releases for whoever inherits the guard: what a change consists of is in place before the change is.

std::atomic<Offset>& Shard::Head() const {
  return shard_.directory.load(std::memory_order_relaxed) == 0 ? shard_.head : Directory().head;
}

DictDirectory& Shard::Directory() const {
  return *program_.At<DictDirectory>(shard_.directory.load(std::memory_order_relaxed));
}

std::atomic<Offset>* Shard::Bucket(std::uint64_t order, std::uint32_t level) {
  if (level == 0) return &Head();
  const std::uint64_t prefix = order >> (64 - level);
  if (prefix == 0) return &Head();
  // A bucket is as old as its prefix is short without the zeros at the end.
  const auto zeros = static_cast<std::uint32_t>(std::countr_zero(prefix));
  const Offset marks = Directory().levels[level - zeros - 1].load(std::memory_order_relaxed);
  const Offset offset = marks + (prefix >> zeros >> 1) * sizeof(DictLink);
  DictLink& mark = *program_.At<DictLink>(offset);
  if (mark.order.load(std::memory_order_relaxed) == 0) MakeMark(offset, prefix >> zeros, level - zeros);
  return &mark.next;
}

void Shard::MakeMark(Offset offset, std::uint64_t prefix, std::uint32_t level) {
  DictLink& mark = *program_.At<DictLink>(offset);
  const std::uint64_t order = prefix << (64 - level);
  // From the bucket that this one was split off: the same prefix without its last 1. At most as deep as there are
  // levels.
  std::atomic<Offset>* link = Bucket((prefix & (prefix - 1)) << (64 - level), level);
  Offset at = link->load(std::memory_order_relaxed);
  while (at != 0) {
    DictLink& next = *program_.At<DictLink>(at);
    if (next.order.load(std::memory_order_relaxed) > order) break;
    link = &next.next;
    at = link->load(std::memory_order_relaxed);
  }
  mark.next.store(at, std::memory_order_relaxed);
  link->store(offset, std::memory_order_release);
  ALLCORES_SCHEDULE_POINT();
  // Last: a mark with an order is in the list. One that is in the list without is taken out by Repair.
  mark.order.store(order, std::memory_order_release);
}

Shard::Place Shard::Find(std::span<const std::byte> key, std::uint64_t hash) {
  const std::uint64_t order = hash | 1;
  std::atomic<Offset>* link = Bucket(order, shard_.level);
  for (;;) {
    const Offset at = link->load(std::memory_order_relaxed);
    if (at == 0) return {link, 0};
    DictLink& next = *program_.At<DictLink>(at);
    const std::uint64_t seen = next.order.load(std::memory_order_relaxed);
    if (seen > order) return {link, 0};
    if (seen == order) {
      DictNode& node = *program_.At<DictNode>(at);
      if (node.key_length == key.size() && (key.empty() || std::memcmp(node.Key(), key.data(), key.size()) == 0)) {
        return {link, at};
      }
    }
    link = &next.next;
  }
}

void Shard::Insert(Place place, Offset offset) {
  DictNode& node = *program_.At<DictNode>(offset);
  node.link.next.store(place.link->load(std::memory_order_relaxed), std::memory_order_relaxed);
  place.link->store(offset, std::memory_order_release);
  ALLCORES_SCHEDULE_POINT();
  ++shard_.count;
  node.older = shard_.newest;
  node.newer = 0;
  if (shard_.newest != 0) program_.At<DictNode>(shard_.newest)->newer = offset;
  shard_.newest = offset;
}

void Shard::Remove(Place place) {
  DictNode& node = *program_.At<DictNode>(place.node);
  // Reached before, since nobody has the node in hand for a moment: see Heap::Reach.
  object::Reach(program_, node.slot.load(std::memory_order_relaxed));
  for (const Offset neighbour : {node.older, node.newer}) {
    if (neighbour != 0) static_cast<void>(program_.At<DictNode>(neighbour)->slot.load(std::memory_order_relaxed));
  }
  place.link->store(node.link.next.load(std::memory_order_relaxed), std::memory_order_release);
  ALLCORES_SCHEDULE_POINT();
  --shard_.count;
  if (node.older != 0) program_.At<DictNode>(node.older)->newer = node.newer;
  (node.newer != 0 ? program_.At<DictNode>(node.newer)->older : shard_.newest) = node.older;
}

Slot Shard::Replace(Offset offset, Slot slot) {
  DictNode& node = *program_.At<DictNode>(offset);
  const Slot former = node.slot.load(std::memory_order_relaxed);
  // The version first: should we die between, an unchanged value has a new version, which is harmless.
  node.version = NextVersion();
  node.slot.store(slot, std::memory_order_release);
  return former;
}

Shard::Contents Shard::Detach() {
  const Contents contents{Head().load(std::memory_order_relaxed), shard_.directory.load(std::memory_order_relaxed),
                          shard_.count};
  // With a directory `head` means nothing until the directory is gone, and then the shard is empty.
  shard_.head.store(0, std::memory_order_release);
  shard_.directory.store(0, std::memory_order_release);
  shard_.level = 0;
  shard_.count = 0;
  shard_.newest = 0;
  return contents;
}

void Shard::Attach(const Contents& contents) {
  // With a directory the list begins there.
  if (contents.directory != 0) {
    shard_.directory.store(contents.directory, std::memory_order_release);
  } else {
    shard_.head.store(contents.first, std::memory_order_release);
  }
}

void Shard::Free(Program& program, const Contents& contents, ParticipantId me) {
  for (Offset at = contents.first; at != 0;) {
    DictLink& link = *program.At<DictLink>(at);
    const Offset next = link.next.load(std::memory_order_relaxed);
    if (!DictLink::IsMark(link.order.load(std::memory_order_relaxed))) {
      const Slot slot = program.At<DictNode>(at)->slot.load(std::memory_order_relaxed);
      program.heap().Free(at, me);
      object::FreeSlot(program, slot, me);
    }
    at = next;
  }
  if (contents.directory == 0) return;
  DictDirectory& directory = *program.At<DictDirectory>(contents.directory);
  for (std::uint32_t level = DictDirectory::kFirstLevels; level < DictDirectory::kLevels; ++level) {
    const Offset marks = directory.levels[level].load(std::memory_order_relaxed);
    if (marks != 0) program.heap().Free(marks, me);
  }
  program.heap().Free(contents.directory, me);
}

void Shard::Repair() {
  if (shard_.directory.load(std::memory_order_acquire) == 0) {
    shard_.level = 0;
  } else {
    // The head that was copied into the directory.
    shard_.head.store(0, std::memory_order_relaxed);
    std::uint32_t level = DictDirectory::kFirstLevels;
    while (level < DictDirectory::kLevels && Directory().levels[level].load(std::memory_order_acquire) != 0) ++level;
    shard_.level = level;
  }
  ForgetHalfMarks();
  RebuildOrder();
}

void Shard::ForgetHalfMarks() {
  for (std::atomic<Offset>* link = &Head();;) {
    const Offset at = link->load(std::memory_order_acquire);
    if (at == 0) return;
    DictLink& next = *program_.At<DictLink>(at);
    if (next.order.load(std::memory_order_acquire) == 0) {
      link->store(next.next.load(std::memory_order_relaxed), std::memory_order_release);
    } else {
      link = &next.next;
    }
  }
}

void Shard::RebuildOrder() {
  std::vector<DictNode*> nodes;
  for (Offset at = Head().load(std::memory_order_relaxed); at != 0;) {
    DictLink& link = *program_.At<DictLink>(at);
    if (!DictLink::IsMark(link.order.load(std::memory_order_relaxed))) nodes.push_back(program_.At<DictNode>(at));
    at = link.next.load(std::memory_order_relaxed);
  }
  std::ranges::sort(nodes, {}, &DictNode::sequence);
  shard_.count = nodes.size();
  shard_.newest = 0;
  for (DictNode* node : nodes) {
    const auto offset = static_cast<Offset>(reinterpret_cast<std::byte*>(node) - program_.heap().data());
    node->older = shard_.newest;
    node->newer = 0;
    if (shard_.newest != 0) program_.At<DictNode>(shard_.newest)->newer = offset;
    shard_.newest = offset;
  }
}

}  // namespace allcores::container
