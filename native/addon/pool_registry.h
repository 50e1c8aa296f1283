#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "executor/pool_core.h"

namespace allcores::addon {

// Pools of this process by number, for workers that are told the number at their start. Weak: a pool lives as long as
// its owner, its workers and the buffers over it.
class PoolRegistry {
 public:
  static PoolRegistry& Process() {
    static auto* registry = new PoolRegistry();  // leaked on purpose: see SegmentTable::Process
    return *registry;
  }

  std::uint32_t Add(const std::shared_ptr<executor::PoolCore>& pool) {
    const std::lock_guard lock(mutex_);
    std::erase_if(pools_, [](const auto& entry) { return entry.second.expired(); });
    pools_.emplace(next_, pool);
    return next_++;
  }

  std::shared_ptr<executor::PoolCore> Find(std::uint32_t id) {
    const std::lock_guard lock(mutex_);
    const auto found = pools_.find(id);
    return found == pools_.end() ? nullptr : found->second.lock();
  }

 private:
  std::mutex mutex_;
  std::map<std::uint32_t, std::weak_ptr<executor::PoolCore>> pools_;
  std::uint32_t next_ = 1;
};

}  // namespace allcores::addon
