#pragma once

#include <new>

#include "platform/mapping.h"

namespace allcores::testing {

// A T of zeroes that forked processes and this one see alike: assertions do not reach here from there, numbers do.
template <typename T>
class Board {
 public:
  T* operator->() const { return board_; }
  T& operator*() const { return *board_; }

 private:
  platform::Mapping memory_ = platform::Mapping::Create(sizeof(T), platform::Reach::kProcesses);
  T* board_ = new (memory_.data()) T();
};

}  // namespace allcores::testing
