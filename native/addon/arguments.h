#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace allcores::addon {

// The JavaScript side validates what users give; these catch a mistake of our own before it reaches memory.
inline double NumberArgument(const Napi::CallbackInfo& info, std::size_t index) {
  if (!info[index].IsNumber()) {
    throw Napi::TypeError::New(info.Env(), "native: argument " + std::to_string(index) + " must be a number");
  }
  return info[index].As<Napi::Number>().DoubleValue();
}

// False for what is not a number.
inline bool IsWithin(double value, double most) { return value >= 0 && value <= most; }

// Less than `limit`.
inline std::uint32_t IndexArgument(const Napi::CallbackInfo& info, std::size_t index, std::uint32_t limit) {
  const double value = NumberArgument(info, index);
  if (!IsWithin(value, limit - 1.0)) {
    throw Napi::RangeError::New(info.Env(), "native: argument " + std::to_string(index) + " is out of range");
  }
  return static_cast<std::uint32_t>(value);
}

// Of an ArrayBuffer or a Uint8Array.
inline std::span<const std::byte> BytesArgument(const Napi::CallbackInfo& info, std::size_t index) {
  if (info[index].IsArrayBuffer()) {
    auto buffer = info[index].As<Napi::ArrayBuffer>();
    return {static_cast<const std::byte*>(buffer.Data()), buffer.ByteLength()};
  }
  if (!info[index].IsTypedArray()) {
    throw Napi::TypeError::New(info.Env(), "native: argument " + std::to_string(index) + " must be bytes");
  }
  auto bytes = info[index].As<Napi::Uint8Array>();
  return {reinterpret_cast<const std::byte*>(bytes.Data()), bytes.ByteLength()};
}

inline std::uint32_t NumberField(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsNumber()) throw Napi::TypeError::New(object.Env(), std::string("native: missing number ") + name);
  return value.As<Napi::Number>().Uint32Value();
}

}  // namespace allcores::addon
