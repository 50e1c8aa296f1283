#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "executor/thread_pool.h"

namespace allcores::executor {

// What native code sees of the threads that it may use, and of whoever wants it to stop.
class Parallel {
 public:
  // `abort` becomes other than 0 when the work is not wanted any more; null: never. Both outlive this.
  explicit Parallel(ThreadPool& pool, const std::atomic<std::uint32_t>* abort = nullptr) : pool_(pool), abort_(abort) {}

  // Calls body(begin, end) for parts of [0, length), each index once, on several threads; returns when all are done. No
  // part but the last is shorter than `grain`, which should take some 10 µs. When aborted, some parts are not run.
  template <typename Body>
  void For(std::size_t length, std::size_t grain, Body&& body) const {
    using Plain = std::remove_reference_t<Body>;
    pool_.For(
        length, grain,
        [](void* context, std::size_t begin, std::size_t end) { (*static_cast<Plain*>(context))(begin, end); },
        const_cast<std::remove_const_t<Plain>*>(&body), abort_);
  }

  // How many threads a loop has at most.
  [[nodiscard]] std::uint32_t width() const { return pool_.size(); }
  [[nodiscard]] const std::atomic<std::uint32_t>* abort() const { return abort_; }
  // Relaxed: a stop that is seen a little later is as good.
  [[nodiscard]] bool aborted() const { return abort_ != nullptr && abort_->load(std::memory_order_relaxed) != 0; }

 private:
  ThreadPool& pool_;
  const std::atomic<std::uint32_t>* abort_;
};

}  // namespace allcores::executor
