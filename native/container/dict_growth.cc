#include <algorithm>
#include <cstring>

#include "base/schedule_point.h"
#include "container/dict_locks.h"
#include "container/dict_shard.h"

namespace allcores::container {

bool Shard::IsCrowded() const {
  const std::uint64_t room = shard_.level == 0 ? DictShard::kFewEntries : std::uint64_t{1} << shard_.level;
  if (shard_.count <= room || shard_.level == DictDirectory::kLevels) return false;
  // Whoever is first beyond the room sees to it. Others come upon it again only after a while: maybe it died.
  const std::uint64_t beyond = shard_.count - room;
  return beyond == 1 || beyond % std::max<std::uint64_t>(room / 8, 1) == 0;
}

std::uint32_t Shard::WantedLevel(std::uint64_t additional) const {
  const std::uint64_t wanted = shard_.count + additional;
  if (shard_.level == 0) return wanted > DictShard::kFewEntries ? DictDirectory::kFirstLevels : 0;
  if (shard_.level == DictDirectory::kLevels) return 0;
  return wanted > std::uint64_t{1} << shard_.level ? shard_.level + 1 : 0;
}

Offset Shard::PrepareLevel(Program& program, std::uint32_t level, ParticipantId me) {
  const bool first = level == DictDirectory::kFirstLevels;
  const std::uint64_t bytes = first ? sizeof(DictDirectory) : DictDirectory::MarksOf(level) * sizeof(DictLink);
  const Offset block = program.Allocate(bytes, me);
  if (block == 0) return 0;
  std::memset(program.At<std::byte>(block), 0, bytes);
  if (first) {
    DictDirectory& directory = *program.At<DictDirectory>(block);
    Offset marks = block + offsetof(DictDirectory, first);
    for (std::uint32_t i = 1; i <= DictDirectory::kFirstLevels; ++i) {
      directory.levels[i - 1].store(marks, std::memory_order_relaxed);
      marks += DictDirectory::MarksOf(i) * sizeof(DictLink);
    }
  }
  return block;
}

bool Shard::InstallLevel(std::uint32_t level, Offset block, std::uint64_t additional, ParticipantId me) {
  if (WantedLevel(additional) != level) return false;
  if (level == DictDirectory::kFirstLevels) {
    program_.At<DictDirectory>(block)->head.store(shard_.head.load(std::memory_order_relaxed),
                                                  std::memory_order_relaxed);
    program_.HandsOf(me).Put(object::in_hand::Raw(block));
    shard_.directory.store(block, std::memory_order_release);
    ALLCORES_SCHEDULE_POINT();
    shard_.head.store(0, std::memory_order_relaxed);
  } else {
    std::atomic<Offset>& marks = Directory().levels[level - 1];
    static_cast<void>(marks.load(std::memory_order_relaxed));  // reached: see Heap::Reach
    program_.HandsOf(me).Put(object::in_hand::Raw(block));
    marks.store(block, std::memory_order_release);
    ALLCORES_SCHEDULE_POINT();
  }
  shard_.level = level;
  return true;
}

void GrowShard(Program& program, DictObject& dict, DictShard& shard, std::uint64_t additional, ParticipantId me) {
  for (;;) {
    std::uint32_t level = 0;
    {
      const ShardLock lock(program, dict, shard, me);
      level = Shard(program, shard).WantedLevel(additional);
    }
    if (level == 0) return;
    const Offset block = Shard::PrepareLevel(program, level, me);
    if (block == 0) return;  // slower, but right; the next one to find it crowded tries again
    bool installed = false;
    {
      const ShardLock lock(program, dict, shard, me);
      installed = Shard(program, shard).InstallLevel(level, block, additional, me);
    }
    if (installed) continue;
    program.Free(block, object::in_hand::Raw(block), me);
    return;
  }
}

}  // namespace allcores::container
