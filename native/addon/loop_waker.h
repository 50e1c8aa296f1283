#pragma once

#include <napi.h>

namespace allcores::addon {

// Calls a JavaScript function on its own event loop, from any thread. Calls that come before the loop got round to it
// are one call. Does not keep the loop alive unless told to.
class LoopWaker {
 public:
  LoopWaker(Napi::Env env, const Napi::Function& callback)
      : function_(Napi::ThreadSafeFunction::New(env, callback, "allcores", 0, 1)), env_(env) {
    function_.Unref(env);
  }
  LoopWaker(const LoopWaker&) = delete;
  LoopWaker& operator=(const LoopWaker&) = delete;
  ~LoopWaker() { function_.Release(); }

  void Wake() { function_.NonBlockingCall(); }
  void Ref() { function_.Ref(env_); }
  void Unref() { function_.Unref(env_); }

 private:
  Napi::ThreadSafeFunction function_;
  Napi::Env env_;
};

}  // namespace allcores::addon
