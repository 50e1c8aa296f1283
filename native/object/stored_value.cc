#include "object/stored_value.h"

#include <cstring>

namespace allcores::object {

Offset MakeValueBlock(Program& program, std::uint64_t length, std::span<const Offset> links, ParticipantId me) {
  const std::uint64_t bytes = sizeof(ValueBlock) + links.size_bytes() + length;
  if (bytes < length) return 0;
  const Offset offset = program.heap().Allocate(bytes, me);
  if (offset == 0) return 0;
  auto* const block = new (program.At<ValueBlock>(offset)) ValueBlock();
  block->length = length;
  block->references.store(1, std::memory_order_relaxed);
  block->links = static_cast<std::uint32_t>(links.size());
  if (!links.empty()) std::memcpy(block->Links(), links.data(), links.size_bytes());
  for (const Offset link : links) program.Retain(link);
  return offset;
}

void FreeValueBlock(Program& program, Offset offset, ParticipantId me) {
  ValueBlock& block = *program.At<ValueBlock>(offset);
  // Acquire and release: other readers have done with the bytes before the block is used again.
  if (block.references.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  for (std::uint32_t i = 0; i < block.links; ++i) program.Release(block.Links()[i], me);
  program.heap().Free(offset, me);
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
