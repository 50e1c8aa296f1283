#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "container/held_slots.h"
#include "sync/wait_node.h"

namespace allcores::container {

using sync::Outcome;

// Encoded: the codec gives equal keys equal bytes.
using KeyView = std::span<const std::byte>;

struct DictItem {
  KeyView key;
  ValueView value;
};

// All entries at one moment, in the order of their insertion.
struct DictSnapshot {
  struct Entry {
    std::uint64_t key_at;  // of its bytes among `keys`
    std::uint32_t key_length;
    std::uint64_t version;
  };

  DictSnapshot(Program& program, ParticipantId me) : values(program, me) {}

  [[nodiscard]] KeyView Key(std::size_t index) const {
    return KeyView(keys).subspan(entries[index].key_at, entries[index].key_length);
  }

  std::vector<std::byte> keys;
  std::vector<Entry> entries;
  HeldSlots values;  // as many as entries, or none if they were not asked for
};

// A new empty dict with one reference; 0 when the heap is full. `shards` is rounded up to a power of two of 16 to 256;
// 0: twice as many as there are processors.
Offset CreateDict(Program&, std::uint32_t shards, Offset manager, ParticipantId me);

// Every operation happens at one moment for all others. kClosed: the dict's manager was shut down. kNoMemory: nothing
// was changed. kNotPresent: no such key.
//
// A key has a version as long as it is in the dict. It changes with each write of the key and is never used twice for
// it, not even after the key was deleted and set again. 0 is nobody's version.
Outcome DictGet(Program&, Offset dict, ParticipantId me, KeyView key, ReadValue* value);
Outcome DictHas(Program&, Offset dict, ParticipantId me, KeyView key);
// A key that exists keeps its place in the order. `version`, where wanted, is the one after the write.
Outcome DictSet(Program&, Offset dict, ParticipantId me, KeyView key, const ValueView& value,
                std::uint64_t* version = nullptr);
// Only if the key's version is `expected`, 0: if there is no such key. Otherwise kConflict.
Outcome DictSetIf(Program&, Offset dict, ParticipantId me, KeyView key, std::uint64_t expected, const ValueView& value,
                  std::uint64_t* version = nullptr);
// Sets it unless it exists, which is kConflict, with the value that exists.
Outcome DictSetDefault(Program&, Offset dict, ParticipantId me, KeyView key, const ValueView& fallback,
                       ReadValue* existing);
Outcome DictDelete(Program&, Offset dict, ParticipantId me, KeyView key);
// kConflict: the key has another version.
Outcome DictDeleteIf(Program&, Offset dict, ParticipantId me, KeyView key, std::uint64_t expected);
// Deletes it and gives its value out.
Outcome DictPop(Program&, Offset dict, ParticipantId me, KeyView key, ReadValue* value);

// The entry inserted last; kNotPresent: the dict is empty.
Outcome DictPopItem(Program&, Offset dict, ParticipantId me, std::vector<std::byte>* key, ReadValue* value);
// All of them at once. Of a key that occurs more than once the last value counts. Should the process be killed in the
// midst of it, some keys may be set and others not; each has its old or its new value.
Outcome DictSetMany(Program&, Offset dict, ParticipantId me, std::span<const DictItem> items);
Outcome DictClear(Program&, Offset dict, ParticipantId me);
Outcome DictSize(Program&, Offset dict, ParticipantId me, std::uint64_t* size);
Outcome DictSnapshotAll(Program&, Offset dict, ParticipantId me, bool with_values, DictSnapshot* snapshot);

object::ObjectType DictObjectType();

}  // namespace allcores::container
