#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "platform/named_mapping.h"

namespace allcores::addon {

// One environment's mapping of a named shared memory object: (name, bytes, contents) creates it, (name, 0) attaches.
// Whether that worked is in `error`: errno, or 0.
//
// The memory stays mapped until `close` is called, or until neither this object nor a view of its buffer is left.
class NamedMemory : public Napi::ObjectWrap<NamedMemory> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit NamedMemory(const Napi::CallbackInfo& info);

 private:
  Napi::Value Error(const Napi::CallbackInfo& info);
  Napi::Value Size(const Napi::CallbackInfo& info);
  Napi::Value Buffer(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  Napi::Value Unlink(const Napi::CallbackInfo& info);

  std::string name_;
  // Also held by the buffer.
  std::shared_ptr<platform::NamedMapping> mapping_;
  platform::ObjectIdentity identity_;
  int error_ = 0;
};

// (): the process that removes names at the end of this one, or 0.
Napi::Value NameTrackerProcess(const Napi::CallbackInfo& info);

}  // namespace allcores::addon
