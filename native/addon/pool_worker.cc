#include "addon/pool_worker.h"

#include "addon/arguments.h"
#include "addon/constants.h"
#include "addon/pool_registry.h"
#include "addon/segment_store.h"
#include "addon/shared_buffer.h"
#include "memory/shared_segments.h"
#include "platform/channel.h"

namespace allcores::addon {

using executor::PoolCore;

Napi::Function PoolWorker::Define(Napi::Env env) {
  return DefineClass(env, "PoolWorker",
                     {
                         InstanceMethod<&PoolWorker::Buffer>("buffer"),
                         InstanceMethod<&PoolWorker::Take>("take"),
                         InstanceMethod<&PoolWorker::Park>("park"),
                         InstanceMethod<&PoolWorker::EnterLoop>("enterLoop"),
                         InstanceMethod<&PoolWorker::LeaveLoop>("leaveLoop"),
                         InstanceMethod<&PoolWorker::AwaitRoom>("awaitRoom"),
                         InstanceMethod<&PoolWorker::NotifyOwner>("notifyOwner"),
                         InstanceMethod<&PoolWorker::Ref>("ref"),
                         InstanceMethod<&PoolWorker::Unref>("unref"),
                     });
}

namespace {

std::shared_ptr<PoolCore> FindPool(const Napi::CallbackInfo& info) {
  const std::uint32_t id = IndexArgument(info, 0, UINT32_MAX);
  if ((id & memory::SharedSegments::kShared) == 0) return PoolRegistry::Process().Find(id);
  std::shared_ptr<memory::Segment> segment = SegmentStore::Hold(id);
  if (segment == nullptr) return nullptr;
  std::shared_ptr<PoolCore> pool = PoolCore::On(PoolSizeOf(info[3].As<Napi::Object>()), std::move(segment));
  const auto bell = static_cast<int>(NumberArgument(info, 4));
  pool->wakers().Set(PoolCore::kOwner, [bell] { platform::Ring(bell); });
  return pool;
}

}  // namespace

// (pool, slot, onWake, size, end of a channel to ring at for the owner's event loop): the last for processes
PoolWorker::PoolWorker(const Napi::CallbackInfo& info) : Napi::ObjectWrap<PoolWorker>(info), env_(info.Env()) {
  pool_ = FindPool(info);
  if (pool_ == nullptr) throw Napi::Error::New(info.Env(), "allcores: the pool of this worker is gone");
  slot_ = IndexArgument(info, 1, pool_->size().slots);
  waker_ = std::make_unique<LoopWaker>(info.Env(), info[2].As<Napi::Function>());
  pool_->wakers().Set(PoolCore::Participant(slot_), [waker = waker_.get()] { waker->Wake(); });
  napi_add_env_cleanup_hook(env_, OnEnvironmentEnd, this);
}

PoolWorker::~PoolWorker() {
  napi_remove_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  Detach();
}

void PoolWorker::OnEnvironmentEnd(void* self) { static_cast<PoolWorker*>(self)->Detach(); }

void PoolWorker::Detach() {
  if (waker_ == nullptr) return;
  pool_->wakers().Clear(PoolCore::Participant(slot_));
  waker_.reset();
  pool_->MarkDead(slot_);
}

Napi::Value PoolWorker::Buffer(const Napi::CallbackInfo& info) {
  memory::Segment& segment = pool_->segment();
  return ShareBuffer(info.Env(), segment.data(), segment.size(), [pool = pool_]() mutable { pool.reset(); });
}

Napi::Value PoolWorker::Take(const Napi::CallbackInfo& info) {
  const auto most = IndexArgument(info, 0, UINT32_MAX);
  const auto spin = static_cast<std::int64_t>(NumberArgument(info, 1));
  return Napi::Number::New(info.Env(), pool_->Take(slot_, most, spin));
}

Napi::Value PoolWorker::Park(const Napi::CallbackInfo& info) {
  pool_->ParkWorker(slot_, Deadline::After(static_cast<std::int64_t>(NumberArgument(info, 0) * 1e6)));
  return info.Env().Undefined();
}

Napi::Value PoolWorker::EnterLoop(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), pool_->EnterLoop(slot_));
}

Napi::Value PoolWorker::LeaveLoop(const Napi::CallbackInfo& info) {
  pool_->LeaveLoop(slot_);
  return info.Env().Undefined();
}

Napi::Value PoolWorker::AwaitRoom(const Napi::CallbackInfo& info) {
  const auto head = static_cast<std::uint32_t>(static_cast<std::int64_t>(NumberArgument(info, 0)));
  pool_->AwaitRoom(slot_, head, Deadline::After(static_cast<std::int64_t>(NumberArgument(info, 1) * 1e6)));
  return info.Env().Undefined();
}

Napi::Value PoolWorker::NotifyOwner(const Napi::CallbackInfo& info) {
  pool_->NotifyOwner();
  return info.Env().Undefined();
}

Napi::Value PoolWorker::Ref(const Napi::CallbackInfo& info) {
  if (waker_ != nullptr) waker_->Ref();
  return info.Env().Undefined();
}

Napi::Value PoolWorker::Unref(const Napi::CallbackInfo& info) {
  if (waker_ != nullptr) waker_->Unref();
  return info.Env().Undefined();
}

}  // namespace allcores::addon
