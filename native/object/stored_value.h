#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "object/program.h"

namespace allcores::object {

// An encoded value in the heap: this header, `links` offsets of the shared objects that it names (each a reference),
// then `length` bytes. What the bytes mean is the business of the codec in lib/.
struct ValueBlock {
  std::uint64_t length;
  std::uint32_t links;
  std::atomic<std::uint32_t> references;  // 1 for the container; readers of a long value add theirs under its guard
  std::atomic<Offset> next;               // for containers that chain values
  std::uint64_t tag;                      // theirs, too

  [[nodiscard]] Offset* Links() { return reinterpret_cast<Offset*>(this + 1); }
  [[nodiscard]] std::byte* Bytes() { return reinterpret_cast<std::byte*>(Links() + links); }
};
static_assert(sizeof(ValueBlock) == 32);

// The same in eight bytes, so that one store replaces a value: the offset of a block, or up to seven bytes themselves.
// Offsets are multiples of 16; an inline value has its length plus 1 in the low four bits. 0: no value.
using Slot = std::uint64_t;
inline constexpr std::size_t kMostInline = 7;

// A block with room for `length` bytes, `links` copied in and each retained, one reference, which is in the caller's
// hand. 0 when the heap is full.
Offset MakeValueBlock(Program&, std::uint64_t length, std::span<const Offset> links, ParticipantId me);
// Gives back one reference; with the last one goes the block and what it refers to. Never with a guard in hand: it may
// destroy objects.
void FreeValueBlock(Program&, Offset block, ParticipantId me);

// A slot for a value, in the caller's hand; 0 when the heap is full.
Slot MakeSlot(Program&, std::span<const std::byte> bytes, std::span<const Offset> links, ParticipantId me);
void FreeSlot(Program&, Slot slot, ParticipantId me);

constexpr bool IsInline(Slot slot) { return (slot & 15) != 0; }
// The block of a slot, if it has one, is the caller's from here on, or is not any more: participant/hands.h.
inline void TakeInHand(const Program& program, Slot slot, ParticipantId me) {
  if (slot != 0 && !IsInline(slot)) program.HandsOf(me).Take(in_hand::Value(slot));
}
inline void PutFromHand(const Program& program, Slot slot, ParticipantId me) {
  if (slot != 0 && !IsInline(slot)) program.HandsOf(me).Put(in_hand::Value(slot));
}
// Touches its block, so that the next step is a short one: see Heap::Reach.
inline void Reach(const Program& program, Slot slot) {
  if (slot != 0 && !IsInline(slot)) {
    static_cast<void>(program.At<ValueBlock>(slot)->references.load(std::memory_order_relaxed));
  }
}
// Its length in bytes.
std::uint64_t SlotLength(const Program&, Slot slot);
// Copies its bytes to `out`, which has room for them.
void CopySlot(const Program&, Slot slot, std::byte* out);
// The objects that it names. Valid while the slot is.
std::span<const Offset> SlotLinks(const Program&, Slot slot);

}  // namespace allcores::object
