#pragma once

#include <napi.h>

#include <memory>
#include <mutex>

#include "addon/loop_waker.h"

namespace allcores::addon {

// How a process hears of the one that started it: its rings call a function on the event loop of this thread, and its
// end is the end of this process. One for each process, since a thread listens for it from then on.
class OwnerEar : public Napi::ObjectWrap<OwnerEar> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit OwnerEar(const Napi::CallbackInfo& info);
  ~OwnerEar() override;

 private:
  // Outlives this object: the thread goes on until the process ends.
  struct Line {
    std::mutex mutex;
    std::unique_ptr<LoopWaker> waker;
  };

  Napi::Value Ref(const Napi::CallbackInfo& info);
  Napi::Value Unref(const Napi::CallbackInfo& info);

  static void OnEnvironmentEnd(void* self);
  void Detach();

  const std::shared_ptr<Line> line_ = std::make_shared<Line>();
  Napi::Env env_;
};

}  // namespace allcores::addon
