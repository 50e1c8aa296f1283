#pragma once

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

namespace allcores::testing {

// Threads that begin together, joined at the latest when the scope ends.
class Crew {
 public:
  Crew() = default;
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() { Join(); }

  template <typename Body>
  void Add(Body body) {
    threads_.emplace_back([this, body = std::move(body)]() mutable {
      while (!open_.load(std::memory_order_acquire)) std::this_thread::yield();
      body();
    });
  }
  void Start() { open_.store(true, std::memory_order_release); }
  void Join() {
    Start();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  std::atomic<bool> open_{false};
  std::vector<std::thread> threads_;
};

}  // namespace allcores::testing
