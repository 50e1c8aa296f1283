#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "object/stored_value.h"

namespace allcores::container {

using object::Offset;
using object::ParticipantId;
using object::Program;
using object::Slot;

// An encoded value as the caller has it: its bytes, and the shared objects that it names.
struct ValueView {
  std::span<const std::byte> bytes;
  std::span<const Offset> links;
};

// Values up to this length are copied while the guard is held; for longer ones, and for those that name objects, a
// reference is taken instead, and whoever reads copies at leisure.
inline constexpr std::size_t kMostCopied = 4096;

// A value on its way out of a container: either in the caller's buffer, or a block that is given back at the end of the
// scope. Small values cost no allocation. May be used for one read after the other.
class ReadValue {
 public:
  // `buffer` has room for kMostCopied bytes.
  ReadValue(Program& program, ParticipantId me, std::span<std::byte> buffer)
      : program_(program), me_(me), buffer_(buffer) {}
  ReadValue(const ReadValue&) = delete;
  ReadValue& operator=(const ReadValue&) = delete;
  ~ReadValue() { GiveBack(); }

  [[nodiscard]] std::span<const std::byte> Bytes() const;
  // The objects that it names; each has a reference while this holds the value. Whoever keeps one retains it.
  [[nodiscard]] std::span<const Offset> Links() const;
  // Where its bytes are, unless they are in the buffer: 0.
  [[nodiscard]] Offset block() const { return block_; }
  // Of the key, or of the list, at the moment of reading.
  [[nodiscard]] std::uint64_t version() const { return version_; }

  // For containers. Share: the slot stays theirs, whose guard they hold. Adopt: it was in our hand, and no guard is
  // held. Before any of these: GiveBack, without a guard.
  void Share(Slot slot, std::uint64_t version);
  void Adopt(Slot slot, std::uint64_t version);
  // Copies bytes, at most kMostCopied.
  void Copy(std::span<const std::byte> bytes);
  void GiveBack();

 private:
  Program& program_;
  ParticipantId me_;
  std::span<std::byte> buffer_;
  std::uint64_t length_ = 0;
  Offset block_ = 0;  // 0: the bytes are in the buffer
  std::uint64_t version_ = 0;
};

}  // namespace allcores::container
