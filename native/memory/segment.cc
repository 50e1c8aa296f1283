#include "memory/segment.h"

namespace allcores::memory {

std::shared_ptr<Segment> Segment::Create(std::size_t bytes, platform::Reach reach) {
  platform::Mapping mapping = platform::Mapping::Create(bytes == 0 ? 1 : bytes, reach);
  if (mapping.data() == nullptr) return nullptr;
  std::shared_ptr<Segment> segment(new Segment());
  segment->mapping_ = std::move(mapping);
  segment->data_ = segment->mapping_.data();
  segment->size_ = segment->mapping_.size();
  return segment;
}

std::shared_ptr<Segment> Segment::On(std::byte* data, std::size_t bytes, std::shared_ptr<void> keep) {
  std::shared_ptr<Segment> segment(new Segment());
  segment->keep_ = std::move(keep);
  segment->data_ = data;
  segment->size_ = bytes;
  return segment;
}

}  // namespace allcores::memory
