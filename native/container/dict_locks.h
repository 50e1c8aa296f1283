#pragma once

#include <bitset>

#include "container/dict_layout.h"
#include "object/program.h"

namespace allcores::container {

// Takes the guard of a shard. Repairs the shard first when the last one to hold it died inside.
void LockShard(object::Program& program, DictObject& dict, DictShard& shard, object::ParticipantId me);
inline void UnlockShard(DictShard& shard) { participant::Guard(shard.guard).Unlock(); }

// Holds the guard of one shard for a scope.
class ShardLock {
 public:
  ShardLock(object::Program& program, DictObject& dict, DictShard& shard, object::ParticipantId me) : shard_(shard) {
    LockShard(program, dict, shard, me);
  }
  ShardLock(const ShardLock&) = delete;
  ShardLock& operator=(const ShardLock&) = delete;
  ~ShardLock() { UnlockShard(shard_); }

 private:
  DictShard& shard_;
};

// Holds the guards of several shards, taken in their order so that two such never wait for each other.
class ShardsLock {
 public:
  using Set = std::bitset<DictObject::kMostShards>;

  ShardsLock(object::Program& program, DictObject& dict, const Set& shards, object::ParticipantId me);
  // All of them. If the dict's size was in doubt it no longer is.
  ShardsLock(object::Program& program, DictObject& dict, object::ParticipantId me)
      : ShardsLock(program, dict, Set().set(), me) {
    SettleSize();
  }
  ShardsLock(const ShardsLock&) = delete;
  ShardsLock& operator=(const ShardsLock&) = delete;
  ~ShardsLock();

 private:
  void SettleSize();

  DictObject& dict_;
  Set held_;
};

}  // namespace allcores::container
