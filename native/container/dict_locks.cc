#include "container/dict_locks.h"

#include "container/dict_shard.h"

namespace allcores::container {

void LockShard(object::Program& program, DictObject& dict, DictShard& shard, object::ParticipantId me) {
  participant::Guard guard(shard.guard);
  if (guard.Lock(program.participants(), me) == participant::Guard::Entry::kClean) return;
  // The size is wrong by what the dead one had not counted yet. Said before anything else, should we die as well;
  // release, since whoever sees what is repaired must see this, too.
  dict.doubtful.store(1, std::memory_order_release);
  Shard(program, shard).Repair();
}

ShardsLock::ShardsLock(object::Program& program, DictObject& dict, const Set& shards, object::ParticipantId me)
    : dict_(dict), held_(shards) {
  const std::uint32_t count = dict.shards.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (held_[i]) LockShard(program, dict, dict.Shards()[i], me);
  }
}

ShardsLock::~ShardsLock() {
  const std::uint32_t count = dict_.shards.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (held_[i]) UnlockShard(dict_.Shards()[i]);
  }
}

void ShardsLock::SettleSize() {
  if (dict_.doubtful.load(std::memory_order_relaxed) == 0) return;
  std::uint64_t size = 0;
  const std::uint32_t count = dict_.shards.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i) size += dict_.Shards()[i].count;
  // Nobody else changes the two meanwhile: that takes a shard's guard.
  dict_.removed.store(dict_.inserted.load(std::memory_order_relaxed) - size, std::memory_order_relaxed);
  // Release: whoever finds no doubt finds the right numbers.
  dict_.doubtful.store(0, std::memory_order_release);
}

}  // namespace allcores::container
