#include "memory/segment.h"

namespace allcores::memory {

std::shared_ptr<Segment> Segment::Create(std::size_t bytes) {
  platform::Mapping mapping = platform::Mapping::Create(bytes == 0 ? 1 : bytes);
  if (mapping.data() == nullptr) return nullptr;
  return std::shared_ptr<Segment>(new Segment(std::move(mapping)));
}

}  // namespace allcores::memory
