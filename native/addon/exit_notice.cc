#include "addon/exit_notice.h"

#include "addon/arguments.h"
#include "addon/segment_store.h"
#include "base/deadline.h"
#include "platform/futex.h"

namespace allcores::addon {

Napi::Function ExitNotice::Define(Napi::Env env) {
  return DefineClass(env, "ExitNotice",
                     {
                         InstanceMethod<&ExitNotice::Announce>("announce"),
                         InstanceMethod<&ExitNotice::Wait>("wait"),
                     });
}

ExitNotice::ExitNotice(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ExitNotice>(info), env_(info.Env()) {
  segment_ = SegmentStore::Hold(IndexArgument(info, 0, UINT32_MAX));
  if (segment_ == nullptr || segment_->size() < sizeof(std::uint32_t)) {
    throw Napi::RangeError::New(info.Env(), "native: no such segment, or it is too small");
  }
}

// Only reached before the hook has run when the object is collected, which its owner must not let happen.
ExitNotice::~ExitNotice() {
  if (!announced_) return;
  napi_remove_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  Tell();
}

Napi::Value ExitNotice::Announce(const Napi::CallbackInfo& info) {
  if (!announced_) {
    announced_ = true;
    napi_add_env_cleanup_hook(env_, OnEnvironmentEnd, this);
    word().store(kRunning);
  }
  return info.Env().Undefined();
}

// Waits until the other end has ended, or the time has passed. True: it has ended.
Napi::Value ExitNotice::Wait(const Napi::CallbackInfo& info) {
  const Deadline deadline = Deadline::After(static_cast<std::int64_t>(NumberArgument(info, 0) * 1e6));
  for (;;) {
    // Acquire: pairs with the release in Tell, so that what that thread wrote last is seen with it.
    const std::uint32_t seen = word().load(std::memory_order_acquire);
    if (seen == kEnded) return Napi::Boolean::New(info.Env(), true);
    if (platform::Futex::Wait(word(), seen, deadline) == platform::WaitResult::kTimedOut) break;
  }
  return Napi::Boolean::New(info.Env(), word().load(std::memory_order_acquire) == kEnded);
}

void ExitNotice::OnEnvironmentEnd(void* self) {
  auto* notice = static_cast<ExitNotice*>(self);
  notice->announced_ = false;
  notice->Tell();
}

void ExitNotice::Tell() {
  word().store(kEnded, std::memory_order_release);
  platform::Futex::WakeAll(word());
}

std::atomic<std::uint32_t>& ExitNotice::word() const {
  return *reinterpret_cast<std::atomic<std::uint32_t>*>(segment_->data());
}

}  // namespace allcores::addon
