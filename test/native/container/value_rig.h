#pragma once

#include <array>

#include "container/queue_rig.h"

namespace allcores::testing {

// A queue rig for numbers as values: into rings and out of them, where they are short.
class ValueRig : public QueueRig {
 public:
  using Buffer = std::array<std::byte, container::kMostCopied>;

  // `length` bytes, at least eight, which begin with the number.
  Outcome PutValue(Offset queue, std::uint64_t number, std::uint64_t length = 8) {
    return PutAs(me, queue, number, length);
  }
  Outcome PutAs(ParticipantId who, Offset queue, std::uint64_t number, std::uint64_t length) {
    std::vector<std::byte> bytes(length, std::byte{0x5a});
    std::memcpy(bytes.data(), &number, sizeof number);
    Offset message = 0;
    const Outcome outcome = container::TryPutValue(program, queue, {.bytes = bytes, .links = {}}, who, &message);
    if (outcome == Outcome::kBlocked) object::FreeValueBlock(program, message, who);
    return outcome;
  }
  // Nothing: the queue had none to give.
  std::optional<std::uint64_t> GetValue(Offset queue) {
    container::ReadValue value(program, me, buffer);
    if (container::TryGetValue(program, queue, me, 0, &value) != Outcome::kDone) return std::nullopt;
    return NumberIn(value);
  }
  static std::uint64_t NumberIn(const container::ReadValue& value) {
    std::uint64_t number = 0;
    std::memcpy(&number, value.Bytes().data(), sizeof number);
    return number;
  }

  Buffer buffer;
};

}  // namespace allcores::testing
