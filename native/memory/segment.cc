#include "memory/segment.h"

namespace allcores::memory {

std::shared_ptr<Segment> Segment::Create(std::size_t bytes, platform::Reach reach) {
  platform::Mapping mapping = platform::Mapping::Create(bytes == 0 ? 1 : bytes, reach);
  if (mapping.data() == nullptr) return nullptr;
  return std::shared_ptr<Segment>(new Segment(std::move(mapping)));
}

}  // namespace allcores::memory
