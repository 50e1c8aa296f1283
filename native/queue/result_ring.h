#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/cache_line.h"
#include "base/check.h"
#include "base/schedule_point.h"

namespace allcores::queue {

// The two ends of a ResultRing. Positions count bytes ever written or read, wrap around at 2^32 and are multiples of 8.
struct ResultRingEnds {
  alignas(kCacheLine) std::atomic<std::uint32_t> tail;  // written by the producer alone
  alignas(kCacheLine) std::atomic<std::uint32_t> head;  // written by the consumer alone
};

// Eight bytes before each payload. All-ones in `tag` marks the unused rest of a lap.
struct ResultHeader {
  std::uint32_t tag;
  std::uint32_t length;  // of the payload, in bytes
};

// A bounded lock-free byte ring of records: one producer, one consumer, payloads contiguous and 8-byte aligned.
//
// Scheme: Lamport's single-producer queue over variable records. Both ends are wait-free. Isolates speak the same
// protocol from JavaScript (lib/runtime/result-ring.ts); this is the form for threads without one and for the tests.
// Memory: `capacity` bytes and two cache lines. A record takes 8 bytes and its payload rounded up to 8, and never
// crosses the end of a lap: at most one unused stretch, shorter than a record, per lap.
class ResultRing {
 public:
  static constexpr std::uint32_t kSkip = 0xffffffff;

  // `capacity` is a power of two, at least 64. `bytes` is 8-byte aligned and outlives the ring.
  ResultRing(ResultRingEnds* ends, std::byte* bytes, std::uint32_t capacity)
      : ends_(ends), bytes_(bytes), capacity_(capacity), mask_(capacity - 1) {
    ALLCORES_CHECK(capacity >= 64 && (capacity & mask_) == 0);
  }

  // The longest payload that is sure to fit once the ring has drained, wherever the lap stands.
  [[nodiscard]] std::uint32_t LongestPayload() const { return capacity_ / 2 - sizeof(ResultHeader); }

  // Producer only. False when there is no room now.
  bool TryPush(std::uint32_t tag, std::span<const std::byte> payload) {
    ALLCORES_CHECK(tag != kSkip && payload.size() <= LongestPayload());
    const auto length = static_cast<std::uint32_t>(payload.size());
    const auto need = static_cast<std::uint32_t>(sizeof(ResultHeader) + RoundUp(length, 8));
    std::uint32_t tail = ends_->tail.load(std::memory_order_relaxed);  // relaxed: ours alone
    const std::uint32_t rest = capacity_ - (tail & mask_);
    const std::uint32_t skip = rest < need ? rest : 0;
    // Acquire pairs with the store in Pop: the consumer has read those bytes, so they may be written again.
    if (capacity_ - (tail - ends_->head.load(std::memory_order_acquire)) < need + skip) return false;
    if (skip > 0) {
      Header(tail)->tag = kSkip;
      tail += skip;
    }
    *Header(tail) = {tag, length};
    if (length > 0) std::memcpy(bytes_ + (tail & mask_) + sizeof(ResultHeader), payload.data(), length);
    ALLCORES_SCHEDULE_POINT();
    // Linearization point. Sequentially consistent, because the producer next asks whether the consumer sleeps, and
    // a consumer that goes to sleep next looks here.
    ends_->tail.store(tail + need, std::memory_order_seq_cst);
    return true;
  }

  struct Record {
    std::uint32_t tag;
    std::span<const std::byte> payload;  // valid until Pop
  };

  // Consumer only. False when empty; otherwise the oldest record, which stays until Pop.
  bool Peek(Record* out) {
    std::uint32_t head = ends_->head.load(std::memory_order_relaxed);  // relaxed: ours alone
    // Acquires the bytes of every record up to it; sequentially consistent for the sleeper's last look.
    const std::uint32_t tail = ends_->tail.load(std::memory_order_seq_cst);
    if (head == tail) return false;
    if (Header(head)->tag == kSkip) {
      head += capacity_ - (head & mask_);
      ends_->head.store(head, std::memory_order_release);
      ALLCORES_SCHEDULE_POINT();
    }
    const ResultHeader* header = Header(head);
    *out = {header->tag, {bytes_ + (head & mask_) + sizeof(ResultHeader), header->length}};
    return true;
  }

  // Consumer only, after a Peek that gave a record.
  void Pop() {
    const std::uint32_t head = ends_->head.load(std::memory_order_relaxed);
    const auto length = static_cast<std::uint32_t>(RoundUp(Header(head)->length, 8));
    // Orders the reads of the payload before the room that they leave. Sequentially consistent, because the consumer
    // next asks whether the producer waits for room, and such a producer looks here after it has said so.
    ends_->head.store(head + static_cast<std::uint32_t>(sizeof(ResultHeader)) + length, std::memory_order_seq_cst);
  }

 private:
  [[nodiscard]] ResultHeader* Header(std::uint32_t position) const {
    return reinterpret_cast<ResultHeader*>(bytes_ + (position & mask_));
  }

  ResultRingEnds* ends_;
  std::byte* bytes_;
  std::uint32_t capacity_;
  std::uint32_t mask_;
};

}  // namespace allcores::queue
