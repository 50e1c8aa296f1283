#pragma once

#include <cstddef>
#include <memory>

#include "platform/mapping.h"

namespace allcores::memory {

// A run of shared memory in which every reference is an offset, so that it may be mapped anywhere, in any process.
class Segment {
 public:
  // Null when the system cannot give that much.
  static std::shared_ptr<Segment> Create(std::size_t bytes, platform::Reach reach);

  [[nodiscard]] std::byte* data() const { return mapping_.data(); }
  [[nodiscard]] std::size_t size() const { return mapping_.size(); }

  // The contents are not needed any more: the system may take the pages, and gives zeroes for them, until they are
  // written again.
  void LetGo() { mapping_.LetGo(); }

  // The object of type T that begins at `offset`. T must be trivially constructible from zeroes.
  template <typename T>
  [[nodiscard]] T* At(std::size_t offset) const {
    return reinterpret_cast<T*>(mapping_.data() + offset);
  }

 private:
  explicit Segment(platform::Mapping mapping) : mapping_(std::move(mapping)) {}

  platform::Mapping mapping_;
};

}  // namespace allcores::memory
