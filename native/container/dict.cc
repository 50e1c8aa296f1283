#include "container/dict.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <random>
#include <utility>

#include "base/schedule_point.h"
#include "container/dict_entry.h"
#include "container/dict_locks.h"
#include "container/key_hash.h"
#include "platform/cpu.h"

namespace allcores::container {
namespace {

enum class Rule : std::uint8_t { kAlways, kIfVersion };

// Not to be guessed by who chooses keys, and another for each dict.
std::uint64_t MakeSeed(Offset dict) {
  static const std::uint64_t secret = [] {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32 | device();
  }();
  static std::atomic<std::uint64_t> made{0};
  return KeyHash::Fold(secret ^ made.fetch_add(1, std::memory_order_relaxed), dict ^ 0x9e3779b97f4a7c15);
}

// What an operation that writes has made and not put in yet, or taken out and not freed yet. 0: nothing.
struct Pieces {
  Slot slot;
  Offset node = 0;
};

// Puts the slot in, and leaves in it the former one. kBlocked: it is a new key, for which a node has to be made.
Outcome Put(Program& program, DictObject& dict, const KeyPlace& at, Pieces& pieces, Rule rule, std::uint64_t expected,
            ParticipantId me, std::uint64_t* version) {
  Shard shard(program, at.shard);
  const Shard::Place place = shard.Find(at.key, at.hash);
  if (rule == Rule::kIfVersion && VersionOf(program, place.node) != expected) return Outcome::kConflict;
  if (place.node != 0) {
    object::PutFromHand(program, pieces.slot, me);
    pieces.slot = shard.Replace(place.node, pieces.slot);
    object::TakeInHand(program, pieces.slot, me);
    if (version != nullptr) *version = VersionOf(program, place.node);
    return Outcome::kDone;
  }
  if (pieces.node == 0) return Outcome::kBlocked;
  const Offset node = std::exchange(pieces.node, 0);
  DictNode& fresh = *program.At<DictNode>(node);
  fresh.version = shard.NextVersion();
  // Relaxed: the number alone matters; who reads the size is not told of anything else by it.
  fresh.sequence = dict.inserted.fetch_add(1, std::memory_order_relaxed);
  if (version != nullptr) *version = fresh.version;
  PutNodeFromHand(program, node, me);
  shard.Insert(place, node);
  pieces.slot = 0;
  return Outcome::kDone;
}

// A new key's node is made between two attempts: fresh memory may take the system long, and readers wait for the guard.
Outcome Write(Program& program, Offset object, ParticipantId me, KeyView key, const ValueView& value, Rule rule,
              std::uint64_t expected, std::uint64_t* version) {
  if (key.size() > kMostKey) return Outcome::kNoMemory;
  Pieces pieces{.slot = object::MakeSlot(program, value.bytes, value.links, me)};
  if (pieces.slot == 0) return Outcome::kNoMemory;
  DictObject& dict = *program.At<DictObject>(object);
  const KeyPlace at(dict, key);
  bool crowded = false;
  Outcome outcome = Outcome::kBlocked;
  for (;;) {
    {
      const ShardLock lock(program, dict, at.shard, me);
      outcome =
          program.IsClosed(object) ? Outcome::kClosed : Put(program, dict, at, pieces, rule, expected, me, version);
      crowded = outcome == Outcome::kDone && Shard(program, at.shard).IsCrowded();
    }
    if (outcome != Outcome::kBlocked) break;
    pieces.node = MakeNode(program, at, pieces.slot, me);
    if (pieces.node == 0) {
      outcome = Outcome::kNoMemory;
      break;
    }
  }
  if (pieces.node != 0) FreeNode(program, pieces.node, me);  // somebody else was first
  object::FreeSlot(program, pieces.slot, me);
  if (crowded) GrowShard(program, dict, at.shard, 0, me);
  return outcome;
}

Outcome Take(Program& program, Offset object, ParticipantId me, KeyView key, const std::uint64_t* expected,
             ReadValue* value) {
  DictObject& dict = *program.At<DictObject>(object);
  const KeyPlace at(dict, key);
  Offset node = 0;
  {
    const ShardLock lock(program, dict, at.shard, me);
    if (program.IsClosed(object)) return Outcome::kClosed;
    Shard shard(program, at.shard);
    const Shard::Place place = shard.Find(key, at.hash);
    if (place.node == 0) return Outcome::kNotPresent;
    if (expected != nullptr && VersionOf(program, place.node) != *expected) return Outcome::kConflict;
    node = place.node;
    shard.Remove(place);
    TakeNodeInHand(program, node, me);
    CountRemoved(dict, 1);
  }
  TakeApart(program, node, me, value);
  return Outcome::kDone;
}

}  // namespace

Offset CreateDict(Program& program, std::uint32_t shards, Offset manager, ParticipantId me) {
  const std::uint32_t wanted = shards != 0 ? shards : 2 * platform::CpuCount();
  const std::uint32_t count = std::bit_ceil(std::clamp(wanted, DictObject::kFewestShards, DictObject::kMostShards));
  const std::uint64_t bytes = sizeof(DictObject) + std::uint64_t{count} * sizeof(DictShard);
  const Offset object = program.Create(object::ObjectKind::kDict, bytes, manager, me);
  if (object == 0) return 0;
  DictObject& dict = *program.At<DictObject>(object);
  dict.seed = MakeSeed(object);
  // Release: the manager may be shut down meanwhile, and looks at the shards.
  dict.shards.store(count, std::memory_order_release);
  return object;
}

Outcome DictGet(Program& program, Offset object, ParticipantId me, KeyView key, ReadValue* value) {
  value->GiveBack();
  DictObject& dict = *program.At<DictObject>(object);
  const KeyPlace at(dict, key);
  const ShardLock lock(program, dict, at.shard, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  const Offset offset = Shard(program, at.shard).Find(key, at.hash).node;
  if (offset == 0) return Outcome::kNotPresent;
  const DictNode& node = *program.At<DictNode>(offset);
  value->Share(node.slot.load(std::memory_order_relaxed), node.version);
  return Outcome::kDone;
}

Outcome DictHas(Program& program, Offset object, ParticipantId me, KeyView key) {
  DictObject& dict = *program.At<DictObject>(object);
  const KeyPlace at(dict, key);
  const ShardLock lock(program, dict, at.shard, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  return Shard(program, at.shard).Find(key, at.hash).node != 0 ? Outcome::kDone : Outcome::kNotPresent;
}

Outcome DictSet(Program& program, Offset object, ParticipantId me, KeyView key, const ValueView& value,
                std::uint64_t* version) {
  return Write(program, object, me, key, value, Rule::kAlways, 0, version);
}

Outcome DictSetIf(Program& program, Offset object, ParticipantId me, KeyView key, std::uint64_t expected,
                  const ValueView& value, std::uint64_t* version) {
  return Write(program, object, me, key, value, Rule::kIfVersion, expected, version);
}

Outcome DictSetDefault(Program& program, Offset object, ParticipantId me, KeyView key, const ValueView& fallback,
                       ReadValue* existing) {
  for (;;) {
    // Mostly it exists, and then no value need be made.
    const Outcome read = DictGet(program, object, me, key, existing);
    if (read != Outcome::kNotPresent) return read == Outcome::kDone ? Outcome::kConflict : read;
    ALLCORES_SCHEDULE_POINT();
    const Outcome written = Write(program, object, me, key, fallback, Rule::kIfVersion, 0, nullptr);
    if (written != Outcome::kConflict) return written;
  }
}

Outcome DictDelete(Program& program, Offset object, ParticipantId me, KeyView key) {
  return Take(program, object, me, key, nullptr, nullptr);
}

Outcome DictDeleteIf(Program& program, Offset object, ParticipantId me, KeyView key, std::uint64_t expected) {
  return Take(program, object, me, key, &expected, nullptr);
}

Outcome DictPop(Program& program, Offset object, ParticipantId me, KeyView key, ReadValue* value) {
  value->GiveBack();
  return Take(program, object, me, key, nullptr, value);
}

}  // namespace allcores::container
