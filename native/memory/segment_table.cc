#include "memory/segment_table.h"

#include <iterator>
#include <utility>

namespace allcores::memory {

SegmentTable& SegmentTable::Process() {
  // Leaked on purpose: finalizers of buffers run after static destructors when an environment is torn down late.
  static auto* table = new SegmentTable();
  return *table;
}

std::uint32_t SegmentTable::Create(std::size_t bytes, platform::Reach reach, Contents contents) {
  std::shared_ptr<Segment> segment;
  const bool reuse = contents == Contents::kAny && reach == platform::Reach::kThreads && bytes >= kLeastSpare;
  if (reuse) {
    const std::lock_guard lock(mutex_);
    segment = TakeSpare(bytes);
  }
  if (segment == nullptr) segment = Segment::Create(bytes, reach);  // outside the lock: a system call
  if (segment == nullptr) return 0;
  const std::lock_guard lock(mutex_);
  while (next_ == 0 || entries_.contains(next_)) ++next_;
  const std::uint32_t id = next_++;
  entries_.emplace(id, Entry{std::move(segment), 1, reach});
  return id;
}

std::shared_ptr<Segment> SegmentTable::TakeSpare(std::size_t bytes) {
  // The newest first: its pages are the likeliest to be in a cache. One that is much too large is left to others.
  for (auto at = spare_.rbegin(); at != spare_.rend(); ++at) {
    if ((*at)->size() < bytes || (*at)->size() - bytes > bytes / 4) continue;
    std::shared_ptr<Segment> found = std::move(*at);
    spare_.erase(std::next(at).base());
    spare_bytes_ -= found->size();
    return found;
  }
  return nullptr;
}

std::deque<std::shared_ptr<Segment>> SegmentTable::KeepSpare(std::shared_ptr<Segment> segment) {
  std::deque<std::shared_ptr<Segment>> surplus;
  spare_bytes_ += segment->size();
  spare_.push_back(std::move(segment));
  while (spare_bytes_ > kMostSpare) {
    spare_bytes_ -= spare_.front()->size();
    surplus.push_back(std::move(spare_.front()));
    spare_.pop_front();
  }
  return surplus;
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
  std::deque<std::shared_ptr<Segment>> surplus;
  bool spare = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end() || --found->second.holders > 0) return;
    last = std::move(found->second.segment);
    spare = found->second.reach == platform::Reach::kThreads && last->size() >= kLeastSpare;
    entries_.erase(found);
  }
  // Somebody who found it may still be using it: such a one is not used again.
  if (!spare || last.use_count() > 1) return;
  last->LetGo();
  const std::lock_guard lock(mutex_);
  surplus = KeepSpare(std::move(last));
}

std::size_t SegmentTable::size() {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

}  // namespace allcores::memory
