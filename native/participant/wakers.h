#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace allcores::participant {

// How to reach participants that sleep in an event loop. Process-local: the hooks are not part of the segment.
//
// A hook may be called from any thread and must not block; it is called under the mutex, so that after Clear has
// returned nobody is inside it and what it refers to may be destroyed.
class Wakers {
 public:
  using Hook = std::function<void()>;

  explicit Wakers(std::uint32_t participants) : hooks_(participants) {}

  void Set(std::uint32_t participant, Hook hook) {
    const std::lock_guard lock(mutex_);
    hooks_[participant] = std::move(hook);
  }
  void Clear(std::uint32_t participant) { Set(participant, nullptr); }

  void Poke(std::uint32_t participant) {
    const std::lock_guard lock(mutex_);
    if (hooks_[participant]) hooks_[participant]();
  }

 private:
  std::mutex mutex_;
  std::vector<Hook> hooks_;
};

}  // namespace allcores::participant
