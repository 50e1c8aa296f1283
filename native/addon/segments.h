#pragma once

#include <napi.h>

namespace allcores::addon {

// Functions on the segments of this process, by number.
void DefineSegments(Napi::Env env, const Napi::Object& exports);

}  // namespace allcores::addon
