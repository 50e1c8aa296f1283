#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/cache_line.h"
#include "base/schedule_point.h"
#include "object/stored_value.h"

namespace allcores::container {

// Short messages in a row: an element of a MessageChain that holds many of them, so that a message costs neither a
// block nor a link. What puts is at one end and what takes at the other, each under a guard of its own, and each reads
// the other's position only when the one that it has seen last does not suffice: so they share a cache line once for
// many messages.
//
// A record is a length of two bytes and so many bytes, rounded up to eight. It never wraps around: where the rest of
// the ring is too short for it stands kSkip. Positions are bytes from the beginning; the ring is empty where they are
// equal, so it is never filled to the last byte. A put commits with the store to `end`, a take with the one to `begin`.
//
// For numbers JavaScript does both by itself, by the same rules: lib/queue/queue-ends.ts.
struct MessageRing {
  static constexpr std::uint64_t kTag = 2;  // of its block
  static constexpr std::size_t kMostRecord = 512;
  // Bytes of a ring, all told. The second one of a queue and those that follow are larger: it has fallen behind.
  static constexpr std::uint64_t kFirst = 1024;
  static constexpr std::uint64_t kNext = 8192;

  object::ValueBlock element;
  // For who puts.
  std::atomic<std::uint32_t> end;
  std::uint32_t seen_begin;
  std::uint32_t room;
  // For who takes.
  alignas(kCacheLine) std::atomic<std::uint32_t> begin;
  std::uint32_t seen_end;
  std::uint32_t size;  // the same as `room`
  std::uint32_t reserved[16 - 3];

  // Where a message goes. No record ends where it begins, so all-zero is none.
  struct Place {
    std::uint32_t at;
    std::uint32_t end;

    [[nodiscard]] bool IsNone() const { return at == end; }
  };

  static bool IsRing(const object::ValueBlock& element) { return element.tag == kTag; }

  // An empty one, to be freed as any message; 0 when the heap is full.
  static object::Offset Make(object::Program& program, std::uint64_t bytes, object::ParticipantId me) {
    const object::Offset offset = object::MakeValueBlock(program, bytes - sizeof(object::ValueBlock), {}, me);
    if (offset == 0) return 0;
    auto& ring = *program.At<MessageRing>(offset);
    ring.element.tag = kTag;
    ring.end.store(0, std::memory_order_relaxed);
    ring.begin.store(0, std::memory_order_relaxed);
    ring.seen_begin = ring.seen_end = 0;
    ring.room = ring.size = static_cast<std::uint32_t>(bytes - sizeof(MessageRing));
    return offset;
  }

  // Who puts: a place for so many bytes, which Write fills.
  Place Find(std::size_t length) {
    const std::uint32_t from = end.load(std::memory_order_relaxed);
    const std::uint32_t need = SizeOf(length);
    const Place place = Between(from, seen_begin, need);
    if (!place.IsNone()) return place;
    // Acquire: the records before it were read before they are overwritten.
    seen_begin = begin.load(std::memory_order_acquire);
    return Between(from, seen_begin, need);
  }
  void Write(Place place, std::span<const std::byte> bytes) {
    const std::uint32_t from = end.load(std::memory_order_relaxed);
    if (place.at != from) SetLength(from, kSkip);
    SetLength(place.at, static_cast<std::uint16_t>(bytes.size()));
    if (!bytes.empty()) std::memcpy(Data() + place.at + kLength, bytes.data(), bytes.size());
    ALLCORES_SCHEDULE_POINT();
    // Commits. Release: the record.
    end.store(place.end, std::memory_order_release);
  }

  // Who takes: the first message, which stays until Drop. Null data: there is none.
  std::span<const std::byte> First() {
    std::uint32_t at = begin.load(std::memory_order_relaxed);
    if (at == seen_end) {
      seen_end = end.load(std::memory_order_acquire);  // the records before it
      if (at == seen_end) return {};
    }
    if (LengthAt(at) == kSkip) {
      at = 0;  // with kSkip came a record behind it
      begin.store(0, std::memory_order_release);
    }
    return {Data() + at + kLength, LengthAt(at)};
  }
  void Drop() {
    const std::uint32_t at = begin.load(std::memory_order_relaxed);
    const std::uint32_t next = at + SizeOf(LengthAt(at));
    ALLCORES_SCHEDULE_POINT();
    // Commits. Release: who puts here next does so after we have read.
    begin.store(next == size ? 0 : next, std::memory_order_release);
  }

  // While nobody puts or takes: calls back with the length of each.
  template <typename Callback>
  void ForEach(Callback callback) {
    const std::uint32_t to = end.load(std::memory_order_relaxed);
    std::uint32_t at = begin.load(std::memory_order_relaxed);
    while (at != to) {
      const std::uint16_t length = LengthAt(at);
      if (length == kSkip) {
        at = 0;
        continue;
      }
      callback(length);
      at += SizeOf(length);
      if (at == size) at = 0;
    }
  }

 private:
  static constexpr std::size_t kLength = sizeof(std::uint16_t);
  static constexpr std::uint16_t kSkip = 0xffff;

  static std::uint32_t SizeOf(std::size_t length) { return static_cast<std::uint32_t>(RoundUp(kLength + length, 8)); }
  [[nodiscard]] std::byte* Data() { return reinterpret_cast<std::byte*>(this + 1); }
  [[nodiscard]] std::uint16_t LengthAt(std::uint32_t at) {
    std::uint16_t length = 0;
    std::memcpy(&length, Data() + at, sizeof length);
    return length;
  }
  void SetLength(std::uint32_t at, std::uint16_t length) { std::memcpy(Data() + at, &length, sizeof length); }

  // `from`: the end. `until`: a beginning of a moment ago, up to which all is free.
  [[nodiscard]] Place Between(std::uint32_t from, std::uint32_t until, std::uint32_t need) const {
    const std::uint32_t to = from + need;
    if (from < until) return to < until ? Place{from, to} : Place{};
    if (to < room) return {from, to};
    if (to == room && until != 0) return {from, 0};
    return need < until ? Place{0, need} : Place{};
  }
};
static_assert(sizeof(MessageRing) == 2 * kCacheLine || kCacheLine != 64);

}  // namespace allcores::container
