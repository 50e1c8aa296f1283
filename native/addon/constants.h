#pragma once

#include <napi.h>

#include "executor/pool_layout.h"

namespace allcores::addon {

// Where things lie in a pool's segment, so that the layout is written once, in C++.
Napi::Object Constants(Napi::Env env);
// The same for what depends on the size of a pool: offsets of its parts.
Napi::Value LayoutOf(const Napi::CallbackInfo& info);
// The size of a pool, of the object by which JavaScript names it.
executor::PoolSize PoolSizeOf(const Napi::Object& object);

}  // namespace allcores::addon
