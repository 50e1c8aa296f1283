#include "addon/pool_owner.h"

#include "addon/arguments.h"
#include "addon/constants.h"
#include "addon/pool_registry.h"
#include "addon/segment_store.h"
#include "addon/shared_buffer.h"
#include "platform/channel.h"

namespace allcores::addon {

using executor::PoolCore;

Napi::Function PoolOwner::Define(Napi::Env env) {
  return DefineClass(env, "PoolOwner",
                     {
                         InstanceAccessor<&PoolOwner::Id>("id"),
                         InstanceMethod<&PoolOwner::Buffer>("buffer"),
                         InstanceMethod<&PoolOwner::Wake>("wake"),
                         InstanceMethod<&PoolOwner::Nudge>("nudge"),
                         InstanceMethod<&PoolOwner::Spin>("spin"),
                         InstanceMethod<&PoolOwner::ParkInLoop>("parkInLoop"),
                         InstanceMethod<&PoolOwner::Sleep>("sleep"),
                         InstanceMethod<&PoolOwner::NotifyRoom>("notifyRoom"),
                         InstanceMethod<&PoolOwner::Bury>("bury"),
                         InstanceMethod<&PoolOwner::MarkDead>("markDead"),
                         InstanceMethod<&PoolOwner::SetBell>("setBell"),
                         InstanceMethod<&PoolOwner::Shutdown>("shutdown"),
                         InstanceMethod<&PoolOwner::Ref>("ref"),
                         InstanceMethod<&PoolOwner::Unref>("unref"),
                         InstanceMethod<&PoolOwner::Close>("close"),
                     });
}

// (size, onWake, whether its workers are processes)
PoolOwner::PoolOwner(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PoolOwner>(info), env_(info.Env()) {
  const executor::PoolSize size = PoolSizeOf(info[0].As<Napi::Object>());
  if (info[2].ToBoolean()) {
    id_ = SegmentStore::Create(executor::PoolLayout(size).total, memory::Contents::kZero, platform::Reach::kProcesses);
    if (id_ != 0) pool_ = PoolCore::On(size, SegmentStore::Hold(id_));
    SegmentStore::Release(id_);  // the pool holds it now
  } else {
    pool_ = PoolCore::Create(size);
    if (pool_ != nullptr) id_ = PoolRegistry::Process().Add(pool_);
  }
  if (pool_ == nullptr) throw Napi::Error::New(info.Env(), "allcores: no shared memory left for a pool");
  waker_ = std::make_unique<LoopWaker>(info.Env(), info[1].As<Napi::Function>());
  pool_->wakers().Set(PoolCore::kOwner, [waker = waker_.get()] { waker->Wake(); });
  // The environment may end without this object being collected: nobody may poke its loop from then on.
  napi_add_env_cleanup_hook(env_, OnEnvironmentEnd, this);
}

PoolOwner::~PoolOwner() {
  napi_remove_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  Detach();
}

void PoolOwner::OnEnvironmentEnd(void* self) { static_cast<PoolOwner*>(self)->Detach(); }

void PoolOwner::Detach() {
  if (waker_ == nullptr) return;
  pool_->wakers().Clear(PoolCore::kOwner);
  pool_->Shutdown();
  waker_.reset();
}

Napi::Value PoolOwner::Id(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), id_); }

Napi::Value PoolOwner::Buffer(const Napi::CallbackInfo& info) {
  memory::Segment& segment = pool_->segment();
  return ShareBuffer(info.Env(), segment.data(), segment.size(), [pool = pool_]() mutable { pool.reset(); });
}

Napi::Value PoolOwner::Wake(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), pool_->WakeWorkers(IndexArgument(info, 0, UINT32_MAX)));
}

Napi::Value PoolOwner::Nudge(const Napi::CallbackInfo& info) {
  pool_->NudgeWorker(IndexArgument(info, 0, pool_->size().slots));
  return info.Env().Undefined();
}

Napi::Value PoolOwner::Spin(const Napi::CallbackInfo& info) {
  const auto deaths_seen = IndexArgument(info, 0, UINT32_MAX);
  const auto nanos = static_cast<std::int64_t>(NumberArgument(info, 1));
  return Napi::Boolean::New(info.Env(), pool_->SpinForResults(deaths_seen, nanos));
}

Napi::Value PoolOwner::ParkInLoop(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), pool_->ParkOwnerInLoop(IndexArgument(info, 0, UINT32_MAX)));
}

Napi::Value PoolOwner::Sleep(const Napi::CallbackInfo& info) {
  const auto deaths_seen = IndexArgument(info, 0, UINT32_MAX);
  const auto deadline = Deadline::After(static_cast<std::int64_t>(NumberArgument(info, 1) * 1e6));
  return Napi::Boolean::New(info.Env(), pool_->SleepOwner(deaths_seen, deadline));
}

Napi::Value PoolOwner::NotifyRoom(const Napi::CallbackInfo& info) {
  pool_->NotifyRoom(IndexArgument(info, 0, pool_->size().slots));
  return info.Env().Undefined();
}

Napi::Value PoolOwner::Bury(const Napi::CallbackInfo& info) {
  pool_->Bury(IndexArgument(info, 0, pool_->size().slots));
  return info.Env().Undefined();
}

// Of a worker whose process has ended without having been able to say so.
Napi::Value PoolOwner::MarkDead(const Napi::CallbackInfo& info) {
  pool_->MarkDead(IndexArgument(info, 0, pool_->size().slots));
  return info.Env().Undefined();
}

// (slot, end of a channel or -1): where to ring when the event loop of that worker, a process, has something to look
// at.
Napi::Value PoolOwner::SetBell(const Napi::CallbackInfo& info) {
  const std::uint32_t participant = PoolCore::Participant(IndexArgument(info, 0, pool_->size().slots));
  const auto end = static_cast<int>(NumberArgument(info, 1));
  if (end < 0) {
    pool_->wakers().Clear(participant);
  } else {
    pool_->wakers().Set(participant, [end] { platform::Ring(end); });
  }
  return info.Env().Undefined();
}

Napi::Value PoolOwner::Shutdown(const Napi::CallbackInfo& info) {
  pool_->Shutdown();
  return info.Env().Undefined();
}

Napi::Value PoolOwner::Ref(const Napi::CallbackInfo& info) {
  if (waker_ != nullptr) waker_->Ref();
  return info.Env().Undefined();
}

Napi::Value PoolOwner::Unref(const Napi::CallbackInfo& info) {
  if (waker_ != nullptr) waker_->Unref();
  return info.Env().Undefined();
}

Napi::Value PoolOwner::Close(const Napi::CallbackInfo& info) {
  Detach();
  return info.Env().Undefined();
}

}  // namespace allcores::addon
