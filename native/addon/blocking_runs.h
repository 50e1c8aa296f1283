#pragma once

#include <cstdint>
#include <memory>

#include "addon/kernel_run.h"

namespace allcores::addon {

// The runs that threads of this process block in, so that whoever ends such a thread can abort its run: it looks at
// nothing else until that is over. Threads are known by the keys that they join the program with.
class BlockingRuns {
 public:
  // The thread of this key is in that run, and in no other, for a scope.
  class Scope {
   public:
    Scope(std::uint64_t key, std::shared_ptr<KernelRun> run);
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope();

   private:
    const std::uint64_t key_;
  };

  static void Abort(std::uint64_t key);
};

}  // namespace allcores::addon
