#pragma once

#include <napi.h>

#include <cstddef>
#include <functional>

namespace allcores::addon {

// An ArrayBuffer over memory of a segment. `release` runs once, when this environment no longer reaches the buffer.
Napi::Value ShareBuffer(Napi::Env env, std::byte* data, std::size_t size, std::function<void()> release);

// Does the runtime refuse buffers outside its own heap, as Electron and builds with the V8 sandbox do? Asked as the
// addon is loaded, since nothing of it works then.
bool BuffersRefused(Napi::Env env);

}  // namespace allcores::addon
