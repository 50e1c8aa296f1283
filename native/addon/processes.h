#pragma once

#include <napi.h>

namespace allcores::addon {

// What it takes to have workers in processes of their own: what they inherit, how they and their owner hear of each
// other.
void DefineProcesses(Napi::Env env, const Napi::Object& exports);

}  // namespace allcores::addon
