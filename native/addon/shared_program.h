#pragma once

#include "object/program.h"
#include "sync/waiting.h"

namespace allcores::addon {

// The shared objects of this process's program. Made when first asked for, and never unmade: environments and their
// buffers come and go until the very end of the process.
class SharedProgram {
 public:
  // Null when the system gives no memory for it.
  static SharedProgram* Process();

  [[nodiscard]] object::Program& program() { return *program_; }
  [[nodiscard]] const sync::WaitTypes& wait_types() const { return wait_types_; }
  // A participant that stays: for finalizers, which may run after their environment has left.
  [[nodiscard]] participant::ParticipantId caretaker() const { return caretaker_; }

 private:
  SharedProgram() = default;

  std::unique_ptr<object::Program> program_;
  sync::WaitTypes wait_types_;
  participant::ParticipantId caretaker_ = 0;
};

}  // namespace allcores::addon
