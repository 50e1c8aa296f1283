#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/check.h"
#include "sync/waiting.h"

namespace allcores::testing {

// A program over a fresh heap of its own. `add_types` enters the kinds of objects that the test is about.
class SharedProgram {
 public:
  using AddTypes = std::function<void(object::Program::Types&, sync::WaitTypes&)>;
  static constexpr std::uint64_t kLimit = std::uint64_t{256} << 20;

  explicit SharedProgram(const AddTypes& add_types, std::uint64_t limit = kLimit)
      : SharedProgram(Tables(add_types), limit) {}

  object::Program program;
  sync::Waiting waiting;

  [[nodiscard]] participant::ParticipantId Join() {
    const participant::ParticipantId id = program.participants().Join(next_key_.fetch_add(1), host_);
    ALLCORES_CHECK(id != 0);
    return id;
  }
  // First of all in a forked process, or before any is forked: whoever joins from here on has its event loop in this
  // process, which others reach through a participant that stands for it. Gives that one.
  participant::ParticipantId BecomeHost() {
    host_ = 0;
    host_ = Join();
    program.SetHost(host_);
    return host_;
  }
  // What the survivor `me` does for one that is dead, or one for itself.
  void End(participant::ParticipantId id, participant::ParticipantId me) {
    // Guards are taken from one that has left: so it leaves last when it still takes some.
    if (id != me) program.participants().Leave(id);
    program.Recover(id, me);
    program.participants().Leave(id);
    program.participants().Bury(id);
  }
  [[nodiscard]] std::uint64_t Blocks() const { return program.heap().Stats().blocks; }

 private:
  struct Tables {
    explicit Tables(const AddTypes& add_types) { add_types(types, wait_types); }
    object::Program::Types types;
    sync::WaitTypes wait_types;
  };

  SharedProgram(const Tables& tables, std::uint64_t limit)
      : program(memory::Heap::Create(limit), tables.types), waiting(program, tables.wait_types) {}

  std::atomic<std::uint64_t> next_key_{1};
  participant::ParticipantId host_ = 0;
};

// One who takes part for a scope.
class Member {
 public:
  explicit Member(SharedProgram& shared) : id(shared.Join()), shared_(shared) {}
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;
  ~Member() { shared_.End(id, id); }

  const participant::ParticipantId id;

 private:
  SharedProgram& shared_;
};

}  // namespace allcores::testing
