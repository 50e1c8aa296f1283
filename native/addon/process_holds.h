#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "object/ledger.h"

namespace allcores::addon {

// What this process holds whichever of its environments is the one that uses it, and how often: shared segments, and
// values that buffers lie on. Also written down for the case that it is killed. Touched once a segment or a long value,
// never a task.
class ProcessHolds {
 public:
  using Kind = object::Ledger::Kind;

  ProcessHolds(object::Program& program, object::ParticipantId caretaker) : ledger_(program, caretaker) {}

  // After it was got.
  void Add(Kind kind, std::uint64_t name) {
    const std::lock_guard lock(mutex_);
    Hold& hold = holds_[{kind, name}];
    if (++hold.count == 1) {
      hold.entry = ledger_.Note(kind, name);
      if (kind == Kind::kSegment) ++segments_;
    } else {
      object::Ledger::Recount(hold.entry, hold.count);
    }
  }

  // Before it is given back. False for what this process does not hold.
  bool Remove(Kind kind, std::uint64_t name) {
    const std::lock_guard lock(mutex_);
    const auto found = holds_.find({kind, name});
    if (found == holds_.end()) return false;
    if (--found->second.count > 0) {
      object::Ledger::Recount(found->second.entry, found->second.count);
      return true;
    }
    ledger_.Strike(found->second.entry);
    holds_.erase(found);
    if (kind == Kind::kSegment) --segments_;
    return true;
  }

  // Different ones.
  [[nodiscard]] std::size_t segments() {
    const std::lock_guard lock(mutex_);
    return segments_;
  }

 private:
  struct Hold {
    std::uint64_t count = 0;
    object::Ledger::Entry* entry = nullptr;
  };

  std::mutex mutex_;
  object::Ledger ledger_;
  std::map<std::pair<Kind, std::uint64_t>, Hold> holds_;
  std::size_t segments_ = 0;
};

}  // namespace allcores::addon
