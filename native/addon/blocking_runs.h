#pragma once

#include <cstdint>
#include <memory>

#include "addon/kernel_run.h"

namespace allcores::addon {

// The run that a thread blocks in, so that whoever ends the thread can abort it: it looks at nothing else until that is
// over. Threads are known by the keys that they join the program with, for as long as this object lives. Once aborted
// it stays so: a run may begin right after.
class BlockingRuns {
 public:
  explicit BlockingRuns(std::uint64_t key);
  BlockingRuns(const BlockingRuns&) = delete;
  BlockingRuns& operator=(const BlockingRuns&) = delete;
  ~BlockingRuns();

  // Of this thread, one after the other.
  void Begin(std::shared_ptr<KernelRun> run);
  void End();

  // Any thread. Nothing happens when there is none of that key.
  static void Abort(std::uint64_t key);

 private:
  struct Table;
  static Table& OfProcess();

  const std::uint64_t key_;
  std::shared_ptr<KernelRun> run_;  // this and the next under the table's mutex
  bool aborted_ = false;
};

}  // namespace allcores::addon
