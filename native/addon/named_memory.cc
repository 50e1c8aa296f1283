#include "addon/named_memory.h"

#include <cstddef>
#include <span>
#include <utility>

#include "addon/arguments.h"
#include "addon/shared_buffer.h"
#include "platform/name_tracker.h"

namespace allcores::addon {

using platform::NamedMapping;

Napi::Function NamedMemory::Define(Napi::Env env) {
  return DefineClass(env, "NamedMemory",
                     {
                         InstanceAccessor<&NamedMemory::Error>("error"),
                         InstanceAccessor<&NamedMemory::Size>("size"),
                         InstanceMethod<&NamedMemory::Buffer>("buffer"),
                         InstanceMethod<&NamedMemory::Close>("close"),
                         InstanceMethod<&NamedMemory::Unlink>("unlink"),
                     });
}

NamedMemory::NamedMemory(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NamedMemory>(info) {
  if (!info[0].IsString()) throw Napi::TypeError::New(info.Env(), "native: argument 0 must be a string");
  name_ = info[0].As<Napi::String>().Utf8Value();
  const double bytes = NumberArgument(info, 1);
  // More would not be exact.
  if (!IsWithin(bytes, 9007199254740991.0)) throw Napi::RangeError::New(info.Env(), "native: impossible size");
  std::span<const std::byte> contents;
  if (!info[2].IsUndefined()) contents = BytesArgument(info, 2);
  auto mapping = std::make_shared<NamedMapping>();
  error_ = bytes == 0 ? NamedMapping::Attach(name_, mapping.get())
                      : NamedMapping::Create(name_, static_cast<std::size_t>(bytes), contents, mapping.get());
  if (error_ != 0) return;
  identity_ = mapping->identity();
  mapping_ = std::move(mapping);
}

Napi::Value NamedMemory::Error(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), error_); }

Napi::Value NamedMemory::Size(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), mapping_ == nullptr ? 0 : static_cast<double>(mapping_->size()));
}

// (bytes): a buffer over its beginning, which `close` takes. Call once.
Napi::Value NamedMemory::Buffer(const Napi::CallbackInfo& info) {
  const double bytes = NumberArgument(info, 0);
  if (mapping_ == nullptr || !IsWithin(bytes, static_cast<double>(mapping_->size()))) {
    throw Napi::RangeError::New(info.Env(), "native: nothing is mapped, or less than that");
  }
  return ShareBuffer(info.Env(), mapping_->data(), static_cast<std::size_t>(bytes), [held = mapping_] {});
}

// (buffer): unmaps it, after every view of the buffer has become empty. Not left to the buffer's finalizer, which a
// thread that does not return to its event loop never runs.
Napi::Value NamedMemory::Close(const Napi::CallbackInfo& info) {
  if (mapping_ == nullptr) return info.Env().Undefined();
  if (!info[0].IsArrayBuffer()) throw Napi::TypeError::New(info.Env(), "native: argument 0 must be an ArrayBuffer");
  auto buffer = info[0].As<Napi::ArrayBuffer>();
  if (buffer.Data() != mapping_->data()) throw Napi::Error::New(info.Env(), "native: another object's buffer");
  buffer.Detach();
  *mapping_ = NamedMapping();
  mapping_.reset();
  return info.Env().Undefined();
}

// 0, or errno: ENOENT when it is unlinked already.
Napi::Value NamedMemory::Unlink(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), NamedMapping::Unlink(name_, identity_));
}

Napi::Value NameTrackerProcess(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(platform::NameTracker::Process().tracker()));
}

}  // namespace allcores::addon
