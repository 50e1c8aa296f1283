#pragma once

#include <napi.h>

#include <memory>

#include "addon/loop_waker.h"
#include "executor/pool_core.h"

namespace allcores::addon {

// A worker's end of a pool, as an object of JavaScript. When its environment ends, however that happens, it reports the
// worker dead: that is how the owner learns of it at once, even while its own thread is blocked.
class PoolWorker : public Napi::ObjectWrap<PoolWorker> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit PoolWorker(const Napi::CallbackInfo& info);
  ~PoolWorker() override;

 private:
  Napi::Value Buffer(const Napi::CallbackInfo& info);
  Napi::Value Take(const Napi::CallbackInfo& info);
  Napi::Value Park(const Napi::CallbackInfo& info);
  Napi::Value EnterLoop(const Napi::CallbackInfo& info);
  Napi::Value LeaveLoop(const Napi::CallbackInfo& info);
  Napi::Value AwaitRoom(const Napi::CallbackInfo& info);
  Napi::Value NotifyOwner(const Napi::CallbackInfo& info);
  Napi::Value Ref(const Napi::CallbackInfo& info);
  Napi::Value Unref(const Napi::CallbackInfo& info);

  static void OnEnvironmentEnd(void* self);
  void Detach();

  std::shared_ptr<executor::PoolCore> pool_;
  std::unique_ptr<LoopWaker> waker_;
  Napi::Env env_;
  std::uint32_t slot_ = 0;
};

}  // namespace allcores::addon
