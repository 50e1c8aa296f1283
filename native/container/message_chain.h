#pragma once

#include <atomic>
#include <cstdint>

#include "base/schedule_point.h"
#include "object/stored_value.h"

namespace allcores::container {

using object::Offset;
using object::ParticipantId;
using object::Program;
using object::ValueBlock;

// Messages in the order in which they go out. Lies in the queue, under its guard; all-zero is empty.
//
// Truth is the chain from `head` over ValueBlock::next; each change of it is one store. The rest is derived (Repair),
// and atomic only for those who look at it without the guard, as a hint.
struct MessageChain {
  std::atomic<Offset> head;
  Offset tail;
  std::atomic<std::uint64_t> items;
  std::atomic<std::uint64_t> bytes;  // the sum of the messages' lengths

  [[nodiscard]] std::uint64_t Items() const { return items.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t Bytes() const { return bytes.load(std::memory_order_relaxed); }

  void Append(const Program& program, Offset message) {
    ValueBlock& block = *program.At<ValueBlock>(message);
    block.next.store(0, std::memory_order_relaxed);
    // Release: should we die here, whoever walks the chain sees the message filled in.
    (tail == 0 ? head : program.At<ValueBlock>(tail)->next).store(message, std::memory_order_release);
    ALLCORES_SCHEDULE_POINT();
    tail = message;
    Count(1, block.length);
  }

  void Prepend(const Program& program, Offset message) {
    ValueBlock& block = *program.At<ValueBlock>(message);
    block.next.store(head.load(std::memory_order_relaxed), std::memory_order_relaxed);
    head.store(message, std::memory_order_release);
    if (tail == 0) tail = message;
    Count(1, block.length);
  }

  // 0: empty.
  Offset Take(const Program& program) {
    const Offset message = head.load(std::memory_order_relaxed);
    if (message == 0) return 0;
    const ValueBlock& block = *program.At<ValueBlock>(message);
    const Offset next = block.next.load(std::memory_order_relaxed);
    head.store(next, std::memory_order_release);
    ALLCORES_SCHEDULE_POINT();
    if (next == 0) tail = 0;
    Count(-1, 0 - block.length);
    return message;
  }

  // The whole chain, linked by `next`.
  Offset TakeAll() {
    const Offset first = head.exchange(0, std::memory_order_relaxed);
    tail = 0;
    items.store(0, std::memory_order_relaxed);
    bytes.store(0, std::memory_order_relaxed);
    return first;
  }

  void Repair(const Program& program) {
    Offset at = head.load(std::memory_order_relaxed);
    tail = 0;
    items.store(0, std::memory_order_relaxed);
    bytes.store(0, std::memory_order_relaxed);
    while (at != 0) {
      const ValueBlock& block = *program.At<ValueBlock>(at);
      tail = at;
      Count(1, block.length);
      at = block.next.load(std::memory_order_relaxed);
    }
  }

 private:
  // Wraps around for what goes out.
  void Count(std::int64_t more, std::uint64_t length) {
    items.store(Items() + static_cast<std::uint64_t>(more), std::memory_order_relaxed);
    bytes.store(Bytes() + length, std::memory_order_relaxed);
  }
};

}  // namespace allcores::container
