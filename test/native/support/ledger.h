#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace allcores::testing {

// Counts how often each of n things happened, from any thread.
class Ledger {
 public:
  explicit Ledger(std::size_t size) : counts_(size) {}

  void Record(std::size_t index) {
    if (index < counts_.size()) {
      counts_[index].fetch_add(1, std::memory_order_relaxed);
    } else {
      strange_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  // After the threads have been joined.
  [[nodiscard]] std::size_t CountOf(std::size_t index) const { return counts_[index].load(std::memory_order_relaxed); }
  [[nodiscard]] std::size_t missing() const { return Matching(0); }
  [[nodiscard]] std::size_t once() const { return Matching(1); }
  [[nodiscard]] std::size_t repeated() const { return counts_.size() - missing() - once(); }
  // Indices that were never handed out: what was read was not what was written.
  [[nodiscard]] std::size_t strange() const { return strange_.load(std::memory_order_relaxed); }

 private:
  [[nodiscard]] std::size_t Matching(std::uint32_t wanted) const {
    std::size_t found = 0;
    for (const auto& count : counts_) found += count.load(std::memory_order_relaxed) == wanted ? 1 : 0;
    return found;
  }

  std::vector<std::atomic<std::uint32_t>> counts_;
  std::atomic<std::size_t> strange_{0};
};

}  // namespace allcores::testing
