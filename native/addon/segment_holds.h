#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "object/ledger.h"

namespace allcores::addon {

// How often this process holds which shared segment, also written down for the case that it is killed. Touched once a
// segment, never a task.
class SegmentHolds {
 public:
  SegmentHolds(object::Program& program, object::ParticipantId caretaker) : ledger_(program, caretaker) {}

  void Add(std::uint32_t id) {
    const std::lock_guard lock(mutex_);
    Hold& hold = holds_[id];
    if (++hold.count == 1) {
      hold.entry = ledger_.Note(object::Ledger::Kind::kSegment, id);
    } else {
      object::Ledger::Recount(hold.entry, hold.count);
    }
  }

  // False for one that this process does not hold.
  bool Remove(std::uint32_t id) {
    const std::lock_guard lock(mutex_);
    const auto found = holds_.find(id);
    if (found == holds_.end()) return false;
    if (--found->second.count > 0) {
      object::Ledger::Recount(found->second.entry, found->second.count);
    } else {
      ledger_.Strike(found->second.entry);
      holds_.erase(found);
    }
    return true;
  }

  [[nodiscard]] std::size_t size() {
    const std::lock_guard lock(mutex_);
    return holds_.size();
  }

 private:
  struct Hold {
    std::uint64_t count = 0;
    object::Ledger::Entry* entry = nullptr;
  };

  std::mutex mutex_;
  object::Ledger ledger_;
  std::unordered_map<std::uint32_t, Hold> holds_;
};

}  // namespace allcores::addon
