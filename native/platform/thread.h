#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

namespace allcores::platform {

// A thread of ours. It takes no signals: those of the process are for its main thread.
class Thread {
 public:
  // What a program's first thread has on most systems. Defaults go down to 128 KiB (musl), which a function of somebody
  // else's need not fit into. Memory is taken where it is touched.
  static constexpr std::size_t kStackBytes = std::size_t{8} << 20;

  Thread() = default;
  // Starts it. Throws std::system_error when the system has no more threads.
  explicit Thread(std::function<void()> run);

  Thread(Thread&& other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
  Thread& operator=(Thread&&) = delete;
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // One of the two, once. Join waits until it has ended; one that is detached goes on until the process ends.
  void Join();
  void Detach();

 private:
  std::uintptr_t handle_ = 0;
};

// Starts a thread that goes on until the process ends.
inline void StartDaemonThread(std::function<void()> run) { Thread(std::move(run)).Detach(); }

}  // namespace allcores::platform
