#include "container/read_value.h"

#include <cstring>

#include "base/check.h"

namespace allcores::container {

std::span<const std::byte> ReadValue::Bytes() const {
  if (block_ == 0) return buffer_.first(length_);
  object::ValueBlock& block = *program_.At<object::ValueBlock>(block_);
  return {block.Bytes(), block.length};
}

std::span<const Offset> ReadValue::Links() const {
  return block_ == 0 ? std::span<const Offset>{} : object::SlotLinks(program_, block_);
}

void ReadValue::Share(Slot slot, std::uint64_t version) {
  ALLCORES_CHECK(block_ == 0);
  version_ = version;
  if (!object::IsInline(slot)) {
    object::ValueBlock& block = *program_.At<object::ValueBlock>(slot);
    if (block.links != 0 || block.length > buffer_.size() || block.length > kMostCopied) {
      // Relaxed: the guard orders it against the container's own giving back.
      block.references.fetch_add(1, std::memory_order_relaxed);
      program_.HandsOf(me_).Take(object::in_hand::Value(slot));
      block_ = slot;
      return;
    }
  }
  length_ = object::SlotLength(program_, slot);
  object::CopySlot(program_, slot, buffer_.data());
}

void ReadValue::Adopt(Slot slot, std::uint64_t version) {
  ALLCORES_CHECK(block_ == 0);
  version_ = version;
  if (object::IsInline(slot)) {
    length_ = object::SlotLength(program_, slot);
    object::CopySlot(program_, slot, buffer_.data());
  } else {
    block_ = slot;
  }
}

void ReadValue::Copy(std::span<const std::byte> bytes) {
  ALLCORES_CHECK(block_ == 0);
  version_ = 0;
  length_ = bytes.size();
  if (!bytes.empty()) std::memcpy(buffer_.data(), bytes.data(), bytes.size());
}

void ReadValue::GiveBack() {
  if (block_ != 0) object::FreeValueBlock(program_, block_, me_);
  block_ = 0;
  length_ = 0;
  version_ = 0;
}

}  // namespace allcores::container
