#pragma once

#include <napi.h>

#include <cstddef>
#include <functional>

namespace allcores::addon {

// An ArrayBuffer over memory of a segment. `release` runs once, when this environment no longer reaches the buffer.
// Throws where the runtime refuses buffers outside its own heap (Electron, and builds with the V8 sandbox).
Napi::Value ShareBuffer(Napi::Env env, std::byte* data, std::size_t size, std::function<void()> release);

}  // namespace allcores::addon
