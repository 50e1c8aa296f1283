#pragma once

#include <cstddef>
#include <memory>

#include "platform/mapping.h"

namespace allcores::memory {

// A run of shared memory in which every reference is an offset, so that it may be mapped anywhere, in any process.
class Segment {
 public:
  // Memory that somebody else keeps: `keep` is let go of with the segment.
  static std::shared_ptr<Segment> On(std::byte* data, std::size_t bytes, std::shared_ptr<void> keep);
  // Null when the system cannot give that much.
  static std::shared_ptr<Segment> Create(std::size_t bytes, platform::Reach reach);

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

  // The contents are not needed any more: the system may take the pages, and gives zeroes for them, until they are
  // written again.
  void LetGo() { mapping_.LetGo(); }

  // The object of type T that begins at `offset`. T must be trivially constructible from zeroes.
  template <typename T>
  [[nodiscard]] T* At(std::size_t offset) const {
    return reinterpret_cast<T*>(data_ + offset);
  }

 private:
  Segment() = default;

  platform::Mapping mapping_;  // unless the memory is somebody else's
  std::shared_ptr<void> keep_;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace allcores::memory
