#include "addon/processes.h"

#include "addon/arguments.h"
#include "addon/shared_program.h"
#include "platform/channel.h"
#include "platform/child.h"
#include "platform/futex.h"

namespace allcores::addon {
namespace {

Napi::Value Undefined(const Napi::CallbackInfo& info) { return info.Env().Undefined(); }

int EndArgument(const Napi::CallbackInfo& info) { return static_cast<int>(NumberArgument(info, 0)); }

// The descriptor of the program's memory, for a process that is about to be started.
Napi::Value OpenProgram(const Napi::CallbackInfo& info) {
  SharedProgram* const shared = SharedProgram::Process();
  if (shared == nullptr) throw Napi::Error::New(info.Env(), "allcores: the system gives no memory for shared objects");
  return Napi::Number::New(info.Env(), shared->Open());
}

// (descriptor): takes part in the program that it was started for. False: that is none.
Napi::Value AttachProgram(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), SharedProgram::Attach(EndArgument(info)));
}

// A process that this one started was killed: what it held goes back now rather than at the next look.
Napi::Value RecoverDead(const Napi::CallbackInfo& info) {
  SharedProgram* const shared = SharedProgram::Existing();
  if (shared != nullptr) shared->program().RecoverDead(shared->caretaker());
  return Undefined(info);
}

// [ours, theirs]; empty when the system refuses.
Napi::Value OpenChannel(const Napi::CallbackInfo& info) {
  const platform::Channel channel = platform::OpenChannel();
  Napi::Array ends = Napi::Array::New(info.Env());
  if (channel.ours < 0) return ends;
  ends.Set(0U, Napi::Number::New(info.Env(), channel.ours));
  ends.Set(1U, Napi::Number::New(info.Env(), channel.theirs));
  return ends;
}

Napi::Value CloseEnd(const Napi::CallbackInfo& info) {
  platform::CloseEnd(EndArgument(info));
  return Undefined(info);
}

Napi::Value Ring(const Napi::CallbackInfo& info) {
  platform::Ring(EndArgument(info));
  return Undefined(info);
}

Napi::Value IgnoreInterrupts(const Napi::CallbackInfo& info) {
  platform::IgnoreInterrupts();
  return Undefined(info);
}

// (number of a child of this process): [code, signal], the latter below 0 if it is not known any more; undefined while
// it is alive
Napi::Value PeekExit(const Napi::CallbackInfo& info) {
  const auto status = platform::PeekExit(static_cast<std::uint64_t>(NumberArgument(info, 0)));
  if (!status.has_value()) return Undefined(info);
  Napi::Array told = Napi::Array::New(info.Env());
  told.Set(0U, Napi::Number::New(info.Env(), status->code));
  told.Set(1U, Napi::Number::New(info.Env(), status->signal));
  return told;
}

}  // namespace

void DefineProcesses(Napi::Env env, const Napi::Object& exports) {
  exports.Set("processesAvailable", Napi::Boolean::New(env, platform::Futex::kProcessShared));
  exports.Set("openProgram", Napi::Function::New(env, OpenProgram, "openProgram"));
  exports.Set("attachProgram", Napi::Function::New(env, AttachProgram, "attachProgram"));
  exports.Set("recoverDead", Napi::Function::New(env, RecoverDead, "recoverDead"));
  exports.Set("openChannel", Napi::Function::New(env, OpenChannel, "openChannel"));
  exports.Set("closeEnd", Napi::Function::New(env, CloseEnd, "closeEnd"));
  exports.Set("ring", Napi::Function::New(env, Ring, "ring"));
  exports.Set("ignoreInterrupts", Napi::Function::New(env, IgnoreInterrupts, "ignoreInterrupts"));
  exports.Set("peekExit", Napi::Function::New(env, PeekExit, "peekExit"));
}

}  // namespace allcores::addon
