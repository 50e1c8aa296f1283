#include "addon/owner_ear.h"

#include "addon/arguments.h"
#include "platform/channel.h"

namespace allcores::addon {

Napi::Function OwnerEar::Define(Napi::Env env) {
  return DefineClass(env, "OwnerEar",
                     {InstanceMethod<&OwnerEar::Ref>("ref"), InstanceMethod<&OwnerEar::Unref>("unref")});
}

// (end of the channel that was inherited, onRing)
OwnerEar::OwnerEar(const Napi::CallbackInfo& info) : Napi::ObjectWrap<OwnerEar>(info), env_(info.Env()) {
  const auto end = static_cast<int>(NumberArgument(info, 0));
  line_->waker = std::make_unique<LoopWaker>(info.Env(), info[1].As<Napi::Function>());
  napi_add_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  platform::DieWith(end, [line = line_] {
    const std::lock_guard lock(line->mutex);
    if (line->waker != nullptr) line->waker->Wake();
  });
}

OwnerEar::~OwnerEar() {
  napi_remove_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  Detach();
}

void OwnerEar::OnEnvironmentEnd(void* self) { static_cast<OwnerEar*>(self)->Detach(); }

void OwnerEar::Detach() {
  const std::lock_guard lock(line_->mutex);
  line_->waker.reset();
}

// Only this thread resets the waker: no lock is needed to look at it here.
Napi::Value OwnerEar::Ref(const Napi::CallbackInfo& info) {
  if (line_->waker != nullptr) line_->waker->Ref();
  return info.Env().Undefined();
}

Napi::Value OwnerEar::Unref(const Napi::CallbackInfo& info) {
  if (line_->waker != nullptr) line_->waker->Unref();
  return info.Env().Undefined();
}

}  // namespace allcores::addon
