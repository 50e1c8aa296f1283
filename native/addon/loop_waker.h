#pragma once

#include <napi.h>

namespace allcores::addon {

// Calls a JavaScript function on its own event loop, from any thread. Does not keep the loop alive unless told to.
//
// Plain Node-API rather than Napi::ThreadSafeFunction: that turns a call that fails because its thread is being
// terminated into a C++ exception that nobody can catch.
class LoopWaker {
 public:
  LoopWaker(Napi::Env env, const Napi::Function& callback) : env_(env) {
    const Napi::String name = Napi::String::New(env, "allcores");
    const napi_status status = napi_create_threadsafe_function(env, callback, nullptr, name, 0, 1, nullptr, nullptr,
                                                               nullptr, Call, &function_);
    if (status != napi_ok) throw Napi::Error::New(env);
    Unref();
  }
  LoopWaker(const LoopWaker&) = delete;
  LoopWaker& operator=(const LoopWaker&) = delete;
  ~LoopWaker() { napi_release_threadsafe_function(function_, napi_tsfn_release); }

  void Wake() { napi_call_threadsafe_function(function_, nullptr, napi_tsfn_nonblocking); }
  void Ref() { napi_ref_threadsafe_function(env_, function_); }
  void Unref() { napi_unref_threadsafe_function(env_, function_); }

 private:
  // What the callback throws stays pending and becomes an uncaught exception; a null env means that the loop is
  // closing.
  static void Call(napi_env env, napi_value callback, void* /*context*/, void* /*data*/) {
    if (env == nullptr) return;
    napi_value receiver = nullptr;
    napi_get_undefined(env, &receiver);
    napi_call_function(env, receiver, callback, 0, nullptr, nullptr);
  }

  napi_env env_;
  napi_threadsafe_function function_ = nullptr;
};

}  // namespace allcores::addon
