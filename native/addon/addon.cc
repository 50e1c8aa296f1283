#include <napi.h>

#include "addon/agent.h"
#include "addon/arguments.h"
#include "addon/constants.h"
#include "addon/exit_notice.h"
#include "addon/kernel_host.h"
#include "addon/named_memory.h"
#include "addon/owner_ear.h"
#include "addon/pool_owner.h"
#include "addon/pool_worker.h"
#include "addon/processes.h"
#include "addon/segments.h"
#include "addon/shared_buffer.h"
#include "base/deadline.h"
#include "platform/cpu.h"

namespace allcores::addon {
namespace {

Napi::Value CpuCount(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), platform::CpuCount()); }

Napi::Value ThreadId(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(platform::CurrentThreadId()));
}

Napi::Value BindThread(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), platform::BindCurrentThread(IndexArgument(info, 0, UINT32_MAX)));
}

Napi::Value Now(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(MonotonicNanos()));
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("buffersRefused", Napi::Boolean::New(env, BuffersRefused(env)));
  exports.Set("constants", Constants(env));
  exports.Set("layoutOf", Napi::Function::New(env, LayoutOf, "layoutOf"));
  exports.Set("cpuCount", Napi::Function::New(env, CpuCount, "cpuCount"));
  exports.Set("threadId", Napi::Function::New(env, ThreadId, "threadId"));
  exports.Set("bindThread", Napi::Function::New(env, BindThread, "bindThread"));
  exports.Set("now", Napi::Function::New(env, Now, "now"));
  exports.Set("ExitNotice", ExitNotice::Define(env));
  exports.Set("KernelHost", KernelHost::Define(env));
  exports.Set("kernelNames", KernelNames(env));
  exports.Set("OwnerEar", OwnerEar::Define(env));
  exports.Set("NamedMemory", NamedMemory::Define(env));
  exports.Set("nameTracker", Napi::Function::New(env, NameTrackerProcess, "nameTracker"));
  exports.Set("PoolOwner", PoolOwner::Define(env));
  exports.Set("PoolWorker", PoolWorker::Define(env));
  exports.Set("joinProgram", Napi::Function::New(env, JoinProgram, "joinProgram"));
  exports.Set("interruptParticipant", Napi::Function::New(env, InterruptParticipant, "interruptParticipant"));
  DefineSegments(env, exports);
  DefineProcesses(env, exports);
  return exports;
}

}  // namespace
}  // namespace allcores::addon

// The macro expects the name of a function in its own scope.
using allcores::addon::Init;
NODE_API_MODULE(allcores, Init)
