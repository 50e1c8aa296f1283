#include "addon/segments.h"

#include <cstring>

#include "addon/arguments.h"
#include "addon/segment_store.h"
#include "addon/shared_buffer.h"

namespace allcores::addon {
namespace {

// 2^52 bytes: far beyond any address space, and exact as a double.
constexpr double kMostBytes = 4503599627370496.0;

// (bytes, whether any contents will do, whether other processes are to reach it)
Napi::Value Create(const Napi::CallbackInfo& info) {
  const double bytes = NumberArgument(info, 0);
  if (!IsWithin(bytes, kMostBytes)) throw Napi::RangeError::New(info.Env(), "native: impossible segment size");
  const auto contents = info[1].ToBoolean() ? memory::Contents::kAny : memory::Contents::kZero;
  const auto reach = info[2].ToBoolean() ? platform::Reach::kProcesses : platform::Reach::kThreads;
  return Napi::Number::New(info.Env(), SegmentStore::Create(static_cast<std::size_t>(bytes), contents, reach));
}

// A buffer that is given a holder.
Napi::Value BufferOver(Napi::Env env, std::uint32_t id, double bytes) {
  const std::shared_ptr<memory::Segment> segment = SegmentStore::Find(id);
  if (segment == nullptr || !IsWithin(bytes, static_cast<double>(segment->size()))) {
    throw Napi::RangeError::New(env, "native: no such segment, or it is smaller than that");
  }
  return ShareBuffer(env, segment->data(), static_cast<std::size_t>(bytes), [id] { SegmentStore::Release(id); });
}

// The buffer adopts the holder that came with the number.
Napi::Value Adopt(const Napi::CallbackInfo& info) {
  return BufferOver(info.Env(), IndexArgument(info, 0, UINT32_MAX), NumberArgument(info, 1));
}

// The buffer gets a holder of its own in the same step: a thread that is ended between two would leave it behind.
Napi::Value Attach(const Napi::CallbackInfo& info) {
  const std::uint32_t id = IndexArgument(info, 0, UINT32_MAX);
  const double bytes = NumberArgument(info, 1);
  if (!SegmentStore::Retain(id)) return info.Env().Undefined();
  try {
    return BufferOver(info.Env(), id, bytes);
  } catch (const Napi::Error&) {
    SegmentStore::Release(id);
    throw;
  }
}

// (segment, bytes): copies them to its beginning.
Napi::Value Fill(const Napi::CallbackInfo& info) {
  const std::shared_ptr<memory::Segment> segment = SegmentStore::Find(IndexArgument(info, 0, UINT32_MAX));
  const std::span<const std::byte> bytes = BytesArgument(info, 1);
  if (segment == nullptr || bytes.size() > segment->size()) {
    throw Napi::RangeError::New(info.Env(), "native: no such segment, or it is smaller than that");
  }
  if (!bytes.empty()) std::memcpy(segment->data(), bytes.data(), bytes.size());
  return info.Env().Undefined();
}

// Gives a buffer's holder back now rather than when it is collected. The buffer is empty afterwards.
Napi::Value Drop(const Napi::CallbackInfo& info) {
  if (!info[0].IsArrayBuffer()) throw Napi::TypeError::New(info.Env(), "native: argument 0 must be an ArrayBuffer");
  info[0].As<Napi::ArrayBuffer>().Detach();
  return info.Env().Undefined();
}

Napi::Value Retain(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), SegmentStore::Retain(IndexArgument(info, 0, UINT32_MAX)));
}

Napi::Value Release(const Napi::CallbackInfo& info) {
  SegmentStore::Release(IndexArgument(info, 0, UINT32_MAX));
  return info.Env().Undefined();
}

// A holder is about to go over to another process, or has come from there.
Napi::Value Export(const Napi::CallbackInfo& info) {
  SegmentStore::Export(IndexArgument(info, 0, UINT32_MAX));
  return info.Env().Undefined();
}

Napi::Value Import(const Napi::CallbackInfo& info) {
  SegmentStore::Import(IndexArgument(info, 0, UINT32_MAX));
  return info.Env().Undefined();
}

Napi::Value Count(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(SegmentStore::Count()));
}

}  // namespace

void DefineSegments(Napi::Env env, const Napi::Object& exports) {
  exports.Set("createSegment", Napi::Function::New(env, Create, "createSegment"));
  exports.Set("adoptSegment", Napi::Function::New(env, Adopt, "adoptSegment"));
  exports.Set("attachSegment", Napi::Function::New(env, Attach, "attachSegment"));
  exports.Set("fillSegment", Napi::Function::New(env, Fill, "fillSegment"));
  exports.Set("dropBuffer", Napi::Function::New(env, Drop, "dropBuffer"));
  exports.Set("retainSegment", Napi::Function::New(env, Retain, "retainSegment"));
  exports.Set("releaseSegment", Napi::Function::New(env, Release, "releaseSegment"));
  exports.Set("exportSegment", Napi::Function::New(env, Export, "exportSegment"));
  exports.Set("importSegment", Napi::Function::New(env, Import, "importSegment"));
  exports.Set("segmentCount", Napi::Function::New(env, Count, "segmentCount"));
}

}  // namespace allcores::addon
