#pragma once

#include <napi.h>

#include <cstdint>
#include <string>

namespace allcores::addon {

// The JavaScript side validates what users give; these catch a mistake of our own before it reaches memory.
inline double NumberArgument(const Napi::CallbackInfo& info, std::size_t index) {
  if (!info[index].IsNumber()) {
    throw Napi::TypeError::New(info.Env(), "native: argument " + std::to_string(index) + " must be a number");
  }
  return info[index].As<Napi::Number>().DoubleValue();
}

inline std::uint32_t IndexArgument(const Napi::CallbackInfo& info, std::size_t index, std::uint32_t limit) {
  const double value = NumberArgument(info, index);
  if (!(value >= 0 && value < limit)) {
    throw Napi::RangeError::New(info.Env(), "native: argument " + std::to_string(index) + " is out of range");
  }
  return static_cast<std::uint32_t>(value);
}

inline std::uint32_t NumberField(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsNumber()) throw Napi::TypeError::New(object.Env(), std::string("native: missing number ") + name);
  return value.As<Napi::Number>().Uint32Value();
}

}  // namespace allcores::addon
