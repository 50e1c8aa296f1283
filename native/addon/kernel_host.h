#pragma once

#include <napi.h>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "addon/blocking_runs.h"
#include "addon/kernel_run.h"
#include "addon/loop_waker.h"
#include "executor/thread_pool.h"
#include "kernel/user_kernel.h"

namespace allcores::addon {

// Kernels that an environment runs, on this thread or on the native threads of the process. Calls and results go
// through a buffer of numbers, laid out by `Word`.
//
// The native threads are there as long as an environment that has run kernels is. One that ends aborts its runs, and
// the last one joins the threads: so it waits for what a kernel does between two looks at its abort flag.
class KernelHost : public Napi::ObjectWrap<KernelHost> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit KernelHost(const Napi::CallbackInfo& info);
  ~KernelHost() override;

 private:
  // In the buffer, in words of 8 bytes. A vector is its segment, type, first byte and length; a number its kind and
  // bits.
  enum Word : std::uint32_t {
    kInputs = 0,
    kOutputs = 1,
    kArguments = 2,
    kVectors = 4,
    kNumbers = kVectors + 4 * 16,
    kWords = kNumbers + 2 * 102,
    kStatus = 0,   // of a run that is over
    kResults = 4,  // and its numbers
  };

  // What the runs of this environment tell it. Outlives it, as runs do.
  struct Finished {
    std::mutex mutex;
    std::deque<std::shared_ptr<KernelRun>> runs;
    std::unique_ptr<LoopWaker> waker;
  };

  Napi::Value Buffer(const Napi::CallbackInfo& info);
  Napi::Value RunHere(const Napi::CallbackInfo& info);
  Napi::Value Start(const Napi::CallbackInfo& info);
  Napi::Value Abort(const Napi::CallbackInfo& info);
  Napi::Value Next(const Napi::CallbackInfo& info);
  Napi::Value Message(const Napi::CallbackInfo& info);
  Napi::Value Load(const Napi::CallbackInfo& info);
  Napi::Value Stats(const Napi::CallbackInfo& info);

  std::shared_ptr<KernelRun> Read(const Napi::CallbackInfo& info);
  void ReadViews(Napi::Env env, std::uint32_t first, std::uint32_t count, KernelRun& run,
                 std::vector<kernel::View>& views);
  void Write(KernelRun& run);

  static void OnEnvironmentEnd(void* self);
  void Detach();

  Napi::Env env_;
  BlockingRuns blocking_;
  std::shared_ptr<executor::ThreadPool> pool_;
  const std::shared_ptr<Finished> finished_ = std::make_shared<Finished>();
  std::map<std::uint32_t, std::shared_ptr<KernelRun>> runs_;  // that JavaScript waits for
  std::uint32_t last_number_ = 0;
  Napi::Reference<Napi::ArrayBuffer> buffer_;
  double* words_ = nullptr;
  std::string message_;                            // of the run whose results are in the buffer
  std::vector<const kernel::UserKernel*> loaded_;  // numbered after the kernels that are built in
};

// The names of all kernels, by number.
Napi::Value KernelNames(Napi::Env env);

}  // namespace allcores::addon
