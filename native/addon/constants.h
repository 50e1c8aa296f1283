#pragma once

#include <napi.h>

namespace allcores::addon {

// Where things lie in a pool's segment, so that the layout is written once, in C++.
Napi::Object Constants(Napi::Env env);
// The same for what depends on the size of a pool: offsets of its parts.
Napi::Value LayoutOf(const Napi::CallbackInfo& info);

}  // namespace allcores::addon
