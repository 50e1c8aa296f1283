#pragma once

#include <atomic>
#include <cstdint>

#include "memory/span_table.h"

namespace allcores::memory {

// A ring of runs through their table entries. Runs are named by unit + 1, so that all-zero is an empty list. Whoever
// changes it holds the guard that it belongs to; what it says can be computed anew from the table.
class SpanList {
 public:
  SpanList(const SpanTable& spans, std::atomic<std::uint32_t>& first) : spans_(spans), first_(first) {}

  // 0: empty.
  [[nodiscard]] std::uint32_t first() const { return first_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint32_t NextOf(std::uint32_t name) const { return Next(name).load(std::memory_order_relaxed); }

  void PushFront(std::uint32_t name) {
    PushBack(name);
    first_.store(name, std::memory_order_release);
  }

  void PushBack(std::uint32_t name) {
    const std::uint32_t first = this->first();
    const std::uint32_t last = first == 0 ? name : Previous(first).load(std::memory_order_relaxed);
    Previous(name).store(last, std::memory_order_relaxed);
    Next(name).store(first == 0 ? name : first, std::memory_order_relaxed);
    if (first != 0) {
      Next(last).store(name, std::memory_order_relaxed);
      Previous(first).store(name, std::memory_order_relaxed);
      return;
    }
    first_.store(name, std::memory_order_release);  // readers without the guard go on to the entry
  }

  void Remove(std::uint32_t name) {
    const std::uint32_t next = NextOf(name);
    const std::uint32_t previous = Previous(name).load(std::memory_order_relaxed);
    Next(previous).store(next, std::memory_order_relaxed);
    Previous(next).store(previous, std::memory_order_relaxed);
    if (first() == name) first_.store(next == name ? 0 : next, std::memory_order_release);
  }

  void Clear() { first_.store(0, std::memory_order_release); }

 private:
  [[nodiscard]] std::atomic<std::uint32_t>& Next(std::uint32_t name) const { return spans_.At(name - 1).next; }
  [[nodiscard]] std::atomic<std::uint32_t>& Previous(std::uint32_t name) const { return spans_.At(name - 1).previous; }

  const SpanTable& spans_;
  std::atomic<std::uint32_t>& first_;
};

}  // namespace allcores::memory
