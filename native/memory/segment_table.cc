#include "memory/segment_table.h"

#include <utility>

namespace allcores::memory {

SegmentTable& SegmentTable::Process() {
  // Leaked on purpose: finalizers of buffers run after static destructors when an environment is torn down late.
  static auto* table = new SegmentTable();
  return *table;
}

std::uint32_t SegmentTable::Create(std::size_t bytes, platform::Reach reach) {
  std::shared_ptr<Segment> segment = Segment::Create(bytes, reach);  // outside the lock: a system call
  if (segment == nullptr) return 0;
  const std::lock_guard lock(mutex_);
  while (next_ == 0 || entries_.contains(next_)) ++next_;
  const std::uint32_t id = next_++;
  entries_.emplace(id, Entry{std::move(segment), 1});
  return id;
}

std::shared_ptr<Segment> SegmentTable::Find(std::uint32_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : found->second.segment;
}

bool SegmentTable::Retain(std::uint32_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return false;
  ++found->second.holders;
  return true;
}

void SegmentTable::Release(std::uint32_t id) {
  std::shared_ptr<Segment> last;  // declared before the lock, so destroyed after it: unmapping is a system call
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || --found->second.holders > 0) return;
  last = std::move(found->second.segment);
  entries_.erase(found);
}

std::size_t SegmentTable::size() {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace allcores::memory
