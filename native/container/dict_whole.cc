#include <algorithm>

#include "base/schedule_point.h"
#include "container/dict.h"
#include "container/dict_entry.h"
#include "container/dict_locks.h"

namespace allcores::container {
namespace {

std::uint32_t ShardCount(const DictObject& dict) {
  // Acquire pairs with CreateDict.
  return dict.shards.load(std::memory_order_acquire);
}

// Each shard's contents go to that of `grave`; without one, to the caller.
std::vector<Shard::Contents> DetachAll(Program& program, DictObject& dict, DictObject* grave = nullptr) {
  std::vector<Shard::Contents> all;
  std::uint64_t removed = 0;
  for (std::uint32_t i = 0; i < ShardCount(dict); ++i) {
    const Shard::Contents contents = Shard(program, dict.Shards()[i]).Detach();
    removed += contents.count;
    if (grave != nullptr) {
      Shard(program, grave->Shards()[i]).Attach(contents);
    } else {
      all.push_back(contents);
    }
  }
  CountRemoved(dict, removed);
  return all;
}

void FreeAll(Program& program, const std::vector<Shard::Contents>& all, ParticipantId me) {
  for (const Shard::Contents& contents : all) Shard::Free(program, contents, me);
}

void Close(Program& program, Offset object, ParticipantId me) {
  DictObject& dict = *program.At<DictObject>(object);
  std::vector<Shard::Contents> all;
  {
    const ShardsLock lock(program, dict, me);
    all = DetachAll(program, dict);
  }
  FreeAll(program, all, me);
}

// Nobody else has it any more; a guard that a dead one held is of no interest.
void Destroy(Program& program, Offset object, ParticipantId me) {
  DictObject& dict = *program.At<DictObject>(object);
  for (std::uint32_t i = 0; i < ShardCount(dict); ++i) Shard(program, dict.Shards()[i]).Destroy(me);
}

}  // namespace

// One entry after the other leaves the list before it is freed, then the blocks of marks.
void Shard::Destroy(ParticipantId me) {
  const Offset directory = shard_.directory.load(std::memory_order_relaxed);
  std::atomic<Offset>& head = Head();
  while (const Offset at = head.load(std::memory_order_relaxed)) {
    DictLink& link = *program_.At<DictLink>(at);
    const bool is_mark = DictLink::IsMark(link.order.load(std::memory_order_relaxed));
    ALLCORES_SCHEDULE_POINT();
    head.store(link.next.load(std::memory_order_relaxed), std::memory_order_release);
    if (is_mark) continue;
    TakeNodeInHand(program_, at, me);
    TakeApart(program_, at, me, nullptr);
  }
  if (directory == 0) return;
  for (std::uint32_t level = DictDirectory::kFirstLevels; level < DictDirectory::kLevels; ++level) {
    const Offset marks = Directory().levels[level].exchange(0, std::memory_order_relaxed);
    if (marks == 0) continue;
    program_.HandsOf(me).Take(object::in_hand::Raw(marks));
    program_.Free(marks, object::in_hand::Raw(marks), me);
  }
  shard_.directory.store(0, std::memory_order_release);
  program_.HandsOf(me).Take(object::in_hand::Raw(directory));
  program_.Free(directory, object::in_hand::Raw(directory), me);
}

// What was in it goes to a dict of nobody's, which is in hand: a kill leaves that to be destroyed by others. Without
// memory for one, the contents are in nobody's hand for as long as they are freed.
Outcome DictClear(Program& program, Offset object, ParticipantId me) {
  DictObject& dict = *program.At<DictObject>(object);
  const Offset grave = CreateDict(program, ShardCount(dict), 0, me);
  std::vector<Shard::Contents> all;
  bool closed = false;
  {
    const ShardsLock lock(program, dict, me);
    closed = program.IsClosed(object);
    if (!closed) all = DetachAll(program, dict, grave != 0 ? program.At<DictObject>(grave) : nullptr);
  }
  FreeAll(program, all, me);
  if (grave != 0) {
    program.HandsOf(me).Put(object::in_hand::Object(grave));
    program.Release(grave, me);
  }
  return closed ? Outcome::kClosed : Outcome::kDone;
}

Outcome DictSize(Program& program, Offset object, ParticipantId me, std::uint64_t* size) {
  DictObject& dict = *program.At<DictObject>(object);
  if (program.IsClosed(object)) return Outcome::kClosed;
  // Acquire: after what settled the doubt.
  if (dict.doubtful.load(std::memory_order_acquire) != 0) {
    const ShardsLock settled(program, dict, me);
  }
  for (;;) {
    // Acquire keeps the three loads in order. `removed` grows only, so if it is the same before and after, then it was
    // so when `inserted` was read.
    const std::uint64_t before = dict.removed.load(std::memory_order_acquire);
    const std::uint64_t inserted = dict.inserted.load(std::memory_order_acquire);
    if (dict.removed.load(std::memory_order_relaxed) != before) continue;
    *size = inserted - before;
    return Outcome::kDone;
  }
}

Outcome DictPopItem(Program& program, Offset object, ParticipantId me, std::vector<std::byte>* key, ReadValue* value) {
  value->GiveBack();
  DictObject& dict = *program.At<DictObject>(object);
  Offset newest = 0;
  {
    const ShardsLock lock(program, dict, me);
    if (program.IsClosed(object)) return Outcome::kClosed;
    DictShard* holder = nullptr;
    for (std::uint32_t i = 0; i < ShardCount(dict); ++i) {
      DictShard& shard = dict.Shards()[i];
      if (shard.newest == 0) continue;
      if (newest != 0 && program.At<DictNode>(shard.newest)->sequence < program.At<DictNode>(newest)->sequence)
        continue;
      newest = shard.newest;
      holder = &shard;
    }
    if (newest == 0) return Outcome::kNotPresent;
    DictNode& node = *program.At<DictNode>(newest);
    Shard shard(program, *holder);
    shard.Remove(shard.Find({node.Key(), node.key_length}, node.link.order.load(std::memory_order_relaxed)));
    TakeNodeInHand(program, newest, me);
    CountRemoved(dict, 1);
  }
  DictNode& node = *program.At<DictNode>(newest);
  key->assign(node.Key(), node.Key() + node.key_length);
  TakeApart(program, newest, me, value);
  return Outcome::kDone;
}

Outcome DictSnapshotAll(Program& program, Offset object, ParticipantId me, bool with_values, DictSnapshot* snapshot) {
  struct Found {
    std::uint64_t sequence;
    DictSnapshot::Entry entry;
    Slot slot;
  };
  snapshot->keys.clear();
  snapshot->entries.clear();
  snapshot->values.GiveBack();
  DictObject& dict = *program.At<DictObject>(object);
  std::vector<Found> found;
  {
    const ShardsLock lock(program, dict, me);
    if (program.IsClosed(object)) return Outcome::kClosed;
    const std::uint64_t size =
        dict.inserted.load(std::memory_order_relaxed) - dict.removed.load(std::memory_order_relaxed);
    found.reserve(size);
    snapshot->keys.reserve(size * 16);
    if (with_values) snapshot->values.Note(size);
    for (std::uint32_t i = 0; i < ShardCount(dict); ++i) {
      for (Offset at = dict.Shards()[i].newest; at != 0;) {
        DictNode& node = *program.At<DictNode>(at);
        const Slot slot = node.slot.load(std::memory_order_relaxed);
        found.push_back({node.sequence, {snapshot->keys.size(), node.key_length, node.version}, slot});
        snapshot->keys.insert(snapshot->keys.end(), node.Key(), node.Key() + node.key_length);
        if (with_values) snapshot->values.Share(slot);
        at = node.older;
      }
    }
  }
  std::ranges::sort(found, {}, &Found::sequence);
  snapshot->entries.reserve(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    snapshot->entries.push_back(found[i].entry);
    // The same slots as were shared, in their order.
    if (with_values) snapshot->values.slots()[i] = found[i].slot;
  }
  return Outcome::kDone;
}

object::ObjectType DictObjectType() {
  return {.destroy = Destroy, .recover = nullptr, .close = Close, .repair = nullptr};
}

}  // namespace allcores::container
