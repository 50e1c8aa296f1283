#include "object/stored_value.h"

#include <cstring>

#include "base/schedule_point.h"
namespace allcores::object {

Offset MakeValueBlock(Program& program, std::uint64_t length, std::span<const Offset> links, ParticipantId me) {
  const std::uint64_t bytes = sizeof(ValueBlock) + links.size_bytes() + length;
  if (bytes < length) return 0;
  const Offset offset = program.Allocate(bytes, me);
  if (offset == 0) return 0;
  auto* const block = new (program.At<ValueBlock>(offset)) ValueBlock();
  block->length = length;
  block->references.store(1, std::memory_order_relaxed);
  program.HandsOf(me).Become(in_hand::Raw(offset), in_hand::Value(offset));
  for (const Offset link : links) {
    program.Retain(link);
    block->Links()[block->links] = link;
    ++block->links;
  }
  return offset;
}

void FreeValueBlock(Program& program, Offset offset, ParticipantId me) {
  ValueBlock& block = *program.At<ValueBlock>(offset);
  participant::Hands hands = program.HandsOf(me);
  // None is left of one that a dead one was about to free. Looked at before it is out of hand: Heap::Reach says why.
  const bool has_references = block.references.load(std::memory_order_relaxed) != 0;
  hands.Put(in_hand::Value(offset));
  if (has_references) {
    // Acquire and release: other readers have done with the bytes before the block is used again.
    if (block.references.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  }
  hands.Take(in_hand::Value(offset));
  // Each is struck off before it is released, so that whoever goes on after a kill releases none twice.
  while (block.links != 0) {
    ALLCORES_SCHEDULE_POINT();
    const Offset link = block.Links()[block.links - 1];
    program.Reach(link);
    --block.links;
    program.Release(link, me);
  }
  program.Free(offset, in_hand::Value(offset), me);
}

Slot MakeSlot(Program& program, std::span<const std::byte> bytes, std::span<const Offset> links, ParticipantId me) {
  if (bytes.size() <= kMostInline && links.empty()) {
    std::uint8_t raw[8] = {static_cast<std::uint8_t>(bytes.size() + 1)};
    if (!bytes.empty()) std::memcpy(raw + 1, bytes.data(), bytes.size());
    Slot slot = 0;
    std::memcpy(&slot, raw, sizeof slot);  // little-endian: the first byte is the lowest
    return slot;
  }
  const Offset offset = MakeValueBlock(program, bytes.size(), links, me);
  if (offset != 0 && !bytes.empty()) std::memcpy(program.At<ValueBlock>(offset)->Bytes(), bytes.data(), bytes.size());
  return offset;
}

void FreeSlot(Program& program, Slot slot, ParticipantId me) {
  if (slot != 0 && !IsInline(slot)) FreeValueBlock(program, slot, me);
}

std::uint64_t SlotLength(const Program& program, Slot slot) {
  return IsInline(slot) ? (slot & 15) - 1 : program.At<ValueBlock>(slot)->length;
}

void CopySlot(const Program& program, Slot slot, std::byte* out) {
  if (!IsInline(slot)) {
    ValueBlock& block = *program.At<ValueBlock>(slot);
    std::memcpy(out, block.Bytes(), block.length);
    return;
  }
  std::byte raw[8];
  std::memcpy(raw, &slot, sizeof raw);
  std::memcpy(out, raw + 1, (slot & 15) - 1);
}

std::span<const Offset> SlotLinks(const Program& program, Slot slot) {
  if (IsInline(slot)) return {};
  ValueBlock& block = *program.At<ValueBlock>(slot);
  return {block.Links(), block.links};
}

}  // namespace allcores::object
