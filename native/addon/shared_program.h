#pragma once

#include <memory>
#include <mutex>

#include "addon/process_holds.h"
#include "object/program.h"
#include "sync/waiting.h"

namespace allcores::addon {

// The shared objects of this process's program. Made when first asked for, unless this process was started to take part
// in another's; and never unmade: environments and their buffers come and go until the very end of the process.
class SharedProgram {
 public:
  // Null when the system gives no memory for it.
  static SharedProgram* Process();
  // Null unless it was made.
  static SharedProgram* Existing();
  // For a process that inherits the descriptor of a program's memory: takes part in that one. False when it is none, or
  // of another version of this library, or when too many take part.
  static bool Attach(int descriptor);

  // For a process that is about to start another one. Gives what that is to inherit.
  int Open();

  [[nodiscard]] object::Program& program() { return *program_; }
  [[nodiscard]] const sync::WaitTypes& wait_types() const { return wait_types_; }
  // A participant that stays: for finalizers, which may run after their environment has left.
  [[nodiscard]] participant::ParticipantId caretaker() const { return caretaker_; }
  [[nodiscard]] ProcessHolds& holds() { return *holds_; }

 private:
  explicit SharedProgram(std::unique_ptr<memory::Heap> heap);

  std::unique_ptr<object::Program> program_;
  sync::WaitTypes wait_types_;
  participant::ParticipantId caretaker_ = 0;
  std::unique_ptr<ProcessHolds> holds_;
  bool attached_ = false;
  std::once_flag opened_;
};

}  // namespace allcores::addon
