#pragma once

#include "base/check.h"
#include "memory/heap.h"
#include "sync/wait_node.h"

namespace allcores::sync {

// Those who wait for an object, first come, first served. Lies in the object; all-zero is empty. Under its guard.
//
// Truth is the chain from `head` over `next`; each change of it is one store. `tail` and `count` are derived (Repair).
// While nobody is inside the guard, no node in it is settled.
struct WaitQueue {
  std::atomic<Offset> head;
  Offset tail;
  std::atomic<std::uint32_t> count;  // changed under the guard only; who looks without it sees a figure of a moment ago
  std::uint32_t reserved;

  [[nodiscard]] bool IsEmpty() const { return head.load(std::memory_order_relaxed) == 0; }

  void Append(const memory::Heap& heap, Offset node) {
    heap.At<WaitNode>(node)->next.store(0, std::memory_order_relaxed);
    // Release: should we die here, whoever walks the chain sees the node filled in.
    (tail == 0 ? head : heap.At<WaitNode>(tail)->next).store(node, std::memory_order_release);
    tail = node;
    count.fetch_add(1, std::memory_order_relaxed);
  }

  // Touches what Append commits by: see Heap::Reach.
  void Reach(const memory::Heap& heap) const {
    if (tail != 0) static_cast<void>(heap.At<WaitNode>(tail)->next.load(std::memory_order_relaxed));
  }

  // Of a node that is in this queue. Takes as many steps as there are nodes before it.
  void Remove(const memory::Heap& heap, Offset node) {
    Offset previous = 0;
    Offset at = head.load(std::memory_order_relaxed);
    while (at != node) {
      ALLCORES_CHECK(at != 0);
      previous = at;
      at = heap.At<WaitNode>(at)->next.load(std::memory_order_relaxed);
    }
    const Offset next = heap.At<WaitNode>(node)->next.load(std::memory_order_relaxed);
    (previous == 0 ? head : heap.At<WaitNode>(previous)->next).store(next, std::memory_order_release);
    if (tail == node) tail = previous;
    count.fetch_sub(1, std::memory_order_relaxed);
  }

  // The first one that has not been notified; 0: none.
  [[nodiscard]] Offset FirstQueued(const memory::Heap& heap) const {
    Offset at = head.load(std::memory_order_relaxed);
    while (at != 0 && heap.At<WaitNode>(at)->state.load(std::memory_order_relaxed) != WaitNode::kQueued) {
      at = heap.At<WaitNode>(at)->next.load(std::memory_order_relaxed);
    }
    return at;
  }

  // Whoever settled a node may have died before it took that off: its waiter has it now, and may free it any time
  // after.
  void Repair(const memory::Heap& heap) {
    tail = 0;
    std::uint32_t nodes = 0;
    for (Offset at = head.load(std::memory_order_acquire); at != 0;) {
      const WaitNode& node = *heap.At<WaitNode>(at);
      const Offset next = node.next.load(std::memory_order_acquire);
      if (node.state.load(std::memory_order_relaxed) == WaitNode::kSettled) {
        (tail == 0 ? head : heap.At<WaitNode>(tail)->next).store(next, std::memory_order_release);
      } else {
        tail = at;
        ++nodes;
      }
      at = next;
    }
    count.store(nodes, std::memory_order_relaxed);
  }
};

}  // namespace allcores::sync
