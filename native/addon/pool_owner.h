#pragma once

#include <napi.h>

#include <memory>

#include "addon/loop_waker.h"
#include "executor/pool_core.h"

namespace allcores::addon {

// The owner's end of a pool, as an object of JavaScript. Belongs to one environment; the pool outlives it while workers
// and buffers hold it.
class PoolOwner : public Napi::ObjectWrap<PoolOwner> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit PoolOwner(const Napi::CallbackInfo& info);
  ~PoolOwner() override;

 private:
  Napi::Value Id(const Napi::CallbackInfo& info);
  Napi::Value Buffer(const Napi::CallbackInfo& info);
  Napi::Value Wake(const Napi::CallbackInfo& info);
  Napi::Value Nudge(const Napi::CallbackInfo& info);
  Napi::Value Spin(const Napi::CallbackInfo& info);
  Napi::Value ParkInLoop(const Napi::CallbackInfo& info);
  Napi::Value Sleep(const Napi::CallbackInfo& info);
  Napi::Value NotifyRoom(const Napi::CallbackInfo& info);
  Napi::Value Bury(const Napi::CallbackInfo& info);
  Napi::Value MarkDead(const Napi::CallbackInfo& info);
  Napi::Value SetBell(const Napi::CallbackInfo& info);
  Napi::Value Shutdown(const Napi::CallbackInfo& info);
  Napi::Value Ref(const Napi::CallbackInfo& info);
  Napi::Value Unref(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  static void OnEnvironmentEnd(void* self);
  void Detach();

  std::shared_ptr<executor::PoolCore> pool_;
  std::unique_ptr<LoopWaker> waker_;
  Napi::Env env_;
  std::uint32_t id_ = 0;
};

}  // namespace allcores::addon
