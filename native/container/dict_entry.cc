#include "container/dict_entry.h"

#include <algorithm>
#include <cstring>

namespace allcores::container {

Offset MakeNode(Program& program, const KeyPlace& at, Slot slot, ParticipantId me) {
  const std::uint64_t bytes = std::max<std::uint64_t>(sizeof(DictNode), DictNode::kKeyAt + at.key.size());
  const Offset offset = program.Allocate(bytes, me);
  if (offset == 0) return 0;
  auto* const node = new (program.At<DictNode>(offset)) DictNode();
  node->link.order.store(at.hash | 1, std::memory_order_relaxed);
  node->slot.store(slot, std::memory_order_relaxed);
  node->key_length = static_cast<std::uint32_t>(at.key.size());
  if (!at.key.empty()) std::memcpy(node->Key(), at.key.data(), at.key.size());
  return offset;
}

void PutNodeFromHand(const Program& program, Offset node, ParticipantId me) {
  object::PutFromHand(program, program.At<DictNode>(node)->slot.load(std::memory_order_relaxed), me);
  program.HandsOf(me).Put(object::in_hand::Raw(node));
}

void TakeNodeInHand(const Program& program, Offset node, ParticipantId me) {
  program.HandsOf(me).Take(object::in_hand::Raw(node));
  object::TakeInHand(program, program.At<DictNode>(node)->slot.load(std::memory_order_relaxed), me);
}

void FreeNode(Program& program, Offset node, ParticipantId me) { program.Free(node, object::in_hand::Raw(node), me); }

void TakeApart(Program& program, Offset offset, ParticipantId me, ReadValue* value) {
  const DictNode& node = *program.At<DictNode>(offset);
  const Slot slot = node.slot.load(std::memory_order_relaxed);
  const std::uint64_t version = node.version;
  FreeNode(program, offset, me);
  if (value != nullptr) {
    value->Adopt(slot, version);
  } else {
    object::FreeSlot(program, slot, me);
  }
}

}  // namespace allcores::container
