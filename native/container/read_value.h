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

  // For containers. Share: the slot stays theirs, whose guard they hold. Adopt: it is this one's now, and no guard is
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

// Slots outside of any container: a reference each, given back at the end of the scope, when no guard is held.
class HeldSlots {
 public:
  HeldSlots(Program& program, ParticipantId me) : program_(program), me_(me) {}
  HeldSlots(const HeldSlots&) = delete;
  HeldSlots& operator=(const HeldSlots&) = delete;
  ~HeldSlots() { GiveBack(); }

  // The slot's reference becomes this one's.
  void Adopt(Slot slot) { slots_.push_back(slot); }
  // Adds a reference; the container's guard is held.
  void Share(Slot slot);
  // Makes a slot of each value. False when the heap is full.
  bool Make(std::span<const ValueView> values);
  // The slots belong to somebody else from here on.
  void Disown() { slots_.clear(); }
  void GiveBack();
  void Reserve(std::size_t count) { slots_.reserve(count); }

  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  [[nodiscard]] std::vector<Slot>& slots() { return slots_; }

 private:
  Program& program_;
  ParticipantId me_;
  std::vector<Slot> slots_;
};

}  // namespace allcores::container
