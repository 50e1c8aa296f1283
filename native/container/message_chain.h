#pragma once

#include <atomic>
#include <cstdint>

#include "base/cache_line.h"
#include "base/schedule_point.h"
#include "container/message_ring.h"
#include "object/stored_value.h"

namespace allcores::container {

using object::Offset;
using object::ParticipantId;
using object::Program;
using object::ValueBlock;

// Messages in the order in which they go out. Lies in the queue; all-zero is empty. Its elements are messages, and
// rings of short ones.
//
// The front is under the queue's guard, the back under one of its own, which comes second. With both in hand anything
// may be done. With one alone it is to put into the ring at the back while `back` names it, and to take out of the ring
// at the front while `front` names it.
//
// Truth is the chain from `head` over ValueBlock::next and the records of its rings; each change of it is one store.
// The rest is derived (Repair), and atomic only for those who look at it without the guard, as a hint.
struct alignas(kCacheLine) MessageChain {
  std::atomic<Offset> head;
  std::atomic<Offset> front;               // `head`, if that is a ring; else 0
  std::atomic<std::uint64_t> taken;        // messages ever
  std::atomic<std::uint64_t> taken_bytes;  // the sum of their lengths

  alignas(kCacheLine) std::atomic<std::uint32_t> guard;  // participant::Guard over what follows
  std::uint32_t doubtful;                                // somebody died with this guard alone
  Offset tail;
  std::atomic<Offset> back;  // `tail`, if that is a ring and nobody needs to hear of what is put into it; else 0
  std::atomic<std::uint64_t> put;
  std::atomic<std::uint64_t> put_bytes;
  std::uint32_t short_ones;  // how many in a row were put as messages of their own

  // Those being put count already, so that none is taken before it counts.
  [[nodiscard]] std::uint64_t Items() const { return Difference(taken, put); }
  [[nodiscard]] std::uint64_t Bytes() const { return Difference(taken_bytes, put_bytes); }

  // The guards: the back's suffices.
  bool PutInto(MessageRing& ring, std::span<const std::byte> bytes) {
    const MessageRing::Place place = ring.Find(bytes.size());
    if (place.IsNone()) return false;
    CountPut(1, bytes.size());
    ring.Write(place, bytes);
    return true;
  }
  // The guards: the front's suffices. Of the ring's first message, of that length.
  void TakeFrom(MessageRing& ring, std::size_t length) {
    ring.Drop();
    CountTaken(1, length);
  }

  // From here on: both guards.
  //
  // An element at the end.
  void Append(const Program& program, Offset element) {
    ValueBlock& block = *program.At<ValueBlock>(element);
    block.next.store(0, std::memory_order_relaxed);
    Tally(block, [this](std::uint64_t length) { CountPut(1, length); });
    // Release: should we die here, whoever walks the chain sees the message filled in.
    End(program).store(element, std::memory_order_release);
    ALLCORES_SCHEDULE_POINT();
    if (tail == 0) SetFront(program);
    tail = element;
    back.store(0, std::memory_order_relaxed);
  }

  // Touches what Append commits by: see Heap::Reach.
  void Reach(const Program& program) { static_cast<void>(End(program).load(std::memory_order_relaxed)); }

  // A message that was taken.
  void Prepend(const Program& program, Offset message) {
    ValueBlock& block = *program.At<ValueBlock>(message);
    block.next.store(head.load(std::memory_order_relaxed), std::memory_order_relaxed);
    head.store(message, std::memory_order_release);
    front.store(0, std::memory_order_relaxed);
    if (tail == 0) tail = message;
    CountTaken(-1, 0 - block.length);
  }

  // The element with the first message; 0: empty. Rings before it that are used up go to `spent`, linked by `next`.
  Offset First(const Program& program, std::atomic<Offset>& spent) {
    for (;;) {
      const Offset at = head.load(std::memory_order_relaxed);
      if (at == 0) return 0;
      ValueBlock& block = *program.At<ValueBlock>(at);
      if (!MessageRing::IsRing(block) || program.At<MessageRing>(at)->First().data() != nullptr) return at;
      const Offset next = block.next.load(std::memory_order_relaxed);
      if (next == 0) return 0;  // stays, for what comes
      head.store(next, std::memory_order_release);
      ALLCORES_SCHEDULE_POINT();
      SetFront(program);
      block.next.store(spent.load(std::memory_order_relaxed), std::memory_order_relaxed);
      spent.store(at, std::memory_order_release);
    }
  }

  // Takes what First gave, which is a message.
  void Take(const Program& program, Offset message) {
    const ValueBlock& block = *program.At<ValueBlock>(message);
    const Offset next = block.next.load(std::memory_order_relaxed);
    // Reached before, since nobody has the message in hand for a moment: see Heap::Reach.
    if (next != 0) static_cast<void>(program.At<ValueBlock>(next)->references.load(std::memory_order_relaxed));
    head.store(next, std::memory_order_release);
    ALLCORES_SCHEDULE_POINT();
    if (next == 0) tail = 0;
    SetFront(program);
    CountTaken(1, block.length);
  }

  // The whole chain, linked by `next`.
  Offset TakeAll() {
    const Offset first = head.exchange(0, std::memory_order_relaxed);
    tail = 0;
    front.store(0, std::memory_order_relaxed);
    back.store(0, std::memory_order_relaxed);
    taken.store(put.load(std::memory_order_relaxed), std::memory_order_relaxed);
    taken_bytes.store(put_bytes.load(std::memory_order_relaxed), std::memory_order_relaxed);
    return first;
  }

  void Repair(const Program& program) {
    tail = 0;
    back.store(0, std::memory_order_relaxed);
    put.store(taken.load(std::memory_order_relaxed), std::memory_order_relaxed);
    put_bytes.store(taken_bytes.load(std::memory_order_relaxed), std::memory_order_relaxed);
    for (Offset at = head.load(std::memory_order_relaxed); at != 0;) {
      ValueBlock& block = *program.At<ValueBlock>(at);
      Tally(block, [this](std::uint64_t length) { CountPut(1, length); });
      tail = at;
      at = block.next.load(std::memory_order_relaxed);
    }
    SetFront(program);
    doubtful = 0;
  }

 private:
  // What names the element behind the last one.
  std::atomic<Offset>& End(const Program& program) { return tail == 0 ? head : program.At<ValueBlock>(tail)->next; }

  // What went in less what went out. The latter first: it never overtakes, but for what a death has left.
  static std::uint64_t Difference(const std::atomic<std::uint64_t>& out, const std::atomic<std::uint64_t>& in) {
    const std::uint64_t less = out.load(std::memory_order_acquire);
    const std::uint64_t all = in.load(std::memory_order_relaxed);
    return all - std::min(all, less);
  }

  template <typename Callback>
  static void Tally(ValueBlock& element, Callback callback) {
    if (MessageRing::IsRing(element)) {
      reinterpret_cast<MessageRing&>(element).ForEach(callback);
    } else {
      callback(element.length);
    }
  }

  void SetFront(const Program& program) {
    const Offset first = head.load(std::memory_order_relaxed);
    const bool ring = first != 0 && MessageRing::IsRing(*program.At<ValueBlock>(first));
    front.store(ring ? first : 0, std::memory_order_relaxed);
  }
  void CountPut(std::uint64_t more, std::uint64_t length) {
    put.store(put.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
    put_bytes.store(put_bytes.load(std::memory_order_relaxed) + length, std::memory_order_relaxed);
  }
  // Wraps around for what comes back. Release: whoever sees it taken sees it put.
  void CountTaken(std::int64_t more, std::uint64_t length) {
    taken.store(taken.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(more), std::memory_order_release);
    taken_bytes.store(taken_bytes.load(std::memory_order_relaxed) + length, std::memory_order_release);
  }
};

}  // namespace allcores::container
