#pragma once

#include <map>
#include <utility>

#include "object/ledger.h"
#include "object/stored_value.h"

namespace allcores::testing {

using object::Ledger;
using object::Offset;
using participant::ParticipantId;

// A participant that holds things as an environment does: each is noted after it was got, and struck out before it is
// given back.
class Holder {
 public:
  Holder(object::Program& program, ParticipantId me) : program_(program), me_(me), ledger_(program, me) {}
  ~Holder() {
    while (!held_.empty()) Drop(held_.begin()->first.first, held_.begin()->first.second);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  // What has just been got.
  void Hold(Ledger::Kind kind, std::uint64_t name) {
    Held& held = held_[{kind, name}];
    if (++held.count == 1) {
      held.entry = ledger_.Note(kind, name);
    } else {
      Ledger::Recount(held.entry, held.count);
    }
  }
  // It is somebody else's from here on.
  void Pass(Ledger::Kind kind, std::uint64_t name) {
    const auto found = held_.find({kind, name});
    if (--found->second.count > 0) {
      Ledger::Recount(found->second.entry, found->second.count);
    } else {
      ledger_.Strike(found->second.entry);
      held_.erase(found);
    }
  }
  void Drop(Ledger::Kind kind, std::uint64_t name) {
    Pass(kind, name);
    switch (kind) {
      case Ledger::Kind::kReference:
        return program_.Release(name, me_);
      case Ledger::Kind::kBlock:
        return object::FreeValueBlock(program_, name, me_);
      case Ledger::Kind::kSegment:
        return program_.segments().Release(static_cast<std::uint32_t>(name), me_);
    }
  }

  Offset MakeObject() {
    const Offset object = program_.Create(object::ObjectKind::kLock, 2 * sizeof(object::ObjectHeader), 0, me_);
    if (object != 0) Hold(Ledger::Kind::kReference, object);
    return object;
  }
  void RetainObject(Offset object) {
    program_.Retain(object);
    Hold(Ledger::Kind::kReference, object);
  }
  Offset MakeBlock(std::uint64_t length, std::span<const Offset> links = {}) {
    const Offset block = object::MakeValueBlock(program_, length, links, me_);
    if (block != 0) Hold(Ledger::Kind::kBlock, block);
    return block;
  }
  std::uint32_t MakeSegment(std::uint64_t bytes) {
    const std::uint32_t id = program_.segments().Create(bytes, true, me_);
    if (id != 0) Hold(Ledger::Kind::kSegment, id);
    return id;
  }
  bool RetainSegment(std::uint32_t id) {
    if (!program_.segments().Retain(id)) return false;
    Hold(Ledger::Kind::kSegment, id);
    return true;
  }

  // One of them, by a number that may be anything. Nothing is held: false.
  bool DropAny(std::uint32_t which) {
    if (held_.empty()) return false;
    auto at = held_.begin();
    std::advance(at, which % held_.size());
    Drop(at->first.first, at->first.second);
    return true;
  }
  [[nodiscard]] std::size_t held() const { return held_.size(); }
  [[nodiscard]] ParticipantId me() const { return me_; }

 private:
  struct Held {
    std::uint64_t count = 0;
    Ledger::Entry* entry = nullptr;
  };

  object::Program& program_;
  ParticipantId me_;
  Ledger ledger_;
  std::map<std::pair<Ledger::Kind, std::uint64_t>, Held> held_;
};

}  // namespace allcores::testing
