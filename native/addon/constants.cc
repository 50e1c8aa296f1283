#include "addon/constants.h"

#include <cstddef>

#include "addon/arguments.h"
#include "container/message_queue.h"
#include "executor/pool_layout.h"

namespace allcores::addon {
namespace {

using executor::PoolControl;
using executor::TaskRecord;
using executor::WorkerBlock;
using queue::ResultRingEnds;
using queue::TaskRingEnds;

void SetNumber(const Napi::Object& object, const char* name, double value) {
  object.Set(name, Napi::Number::New(object.Env(), value));
}

Napi::Object ControlOffsets(Napi::Env env) {
  Napi::Object out = Napi::Object::New(env);
  SetNumber(out, "owner", offsetof(PoolControl, owner));
  SetNumber(out, "shutdown", offsetof(PoolControl, shutdown));
  SetNumber(out, "deaths", offsetof(PoolControl, deaths));
  SetNumber(out, "slotLimit", offsetof(PoolControl, slot_limit));
  SetNumber(out, "sleepers", offsetof(PoolControl, sleepers));
  SetNumber(out, "tail", offsetof(PoolControl, ring_ends) + offsetof(TaskRingEnds, tail));
  SetNumber(out, "head", offsetof(PoolControl, ring_ends) + offsetof(TaskRingEnds, head));
  return out;
}

Napi::Object RecordOffsets(Napi::Env env) {
  Napi::Object out = Napi::Object::New(env);
  SetNumber(out, "size", sizeof(TaskRecord));
  SetNumber(out, "state", offsetof(TaskRecord, state));
  SetNumber(out, "flags", offsetof(TaskRecord, flags));
  SetNumber(out, "function", offsetof(TaskRecord, function));
  SetNumber(out, "kind", offsetof(TaskRecord, kind));
  SetNumber(out, "length", offsetof(TaskRecord, length));
  SetNumber(out, "location", offsetof(TaskRecord, location));
  SetNumber(out, "time", offsetof(TaskRecord, time));
  SetNumber(out, "payload", offsetof(TaskRecord, payload));
  SetNumber(out, "payloadBytes", TaskRecord::kPayloadBytes);
  return out;
}

Napi::Object WorkerOffsets(Napi::Env env) {
  Napi::Object out = Napi::Object::New(env);
  SetNumber(out, "size", sizeof(WorkerBlock));
  SetNumber(out, "status", offsetof(WorkerBlock, status));
  SetNumber(out, "command", offsetof(WorkerBlock, command));
  SetNumber(out, "exitCode", offsetof(WorkerBlock, exit_code));
  SetNumber(out, "room", offsetof(WorkerBlock, room));
  SetNumber(out, "claims", offsetof(WorkerBlock, claims));
  SetNumber(out, "mostClaims", WorkerBlock::kMostClaims);
  SetNumber(out, "mailboxTail", offsetof(WorkerBlock, mailbox_ends) + offsetof(TaskRingEnds, tail));
  SetNumber(out, "mailboxHead", offsetof(WorkerBlock, mailbox_ends) + offsetof(TaskRingEnds, head));
  SetNumber(out, "mailbox", offsetof(WorkerBlock, mailbox));
  SetNumber(out, "mailboxCapacity", WorkerBlock::kMailboxCapacity);
  SetNumber(out, "enteredAt", offsetof(WorkerBlock, entered_at));
  SetNumber(out, "claimedAt", offsetof(WorkerBlock, claimed_at));
  SetNumber(out, "cost", offsetof(WorkerBlock, cost));
  SetNumber(out, "busy", offsetof(WorkerBlock, busy));
  SetNumber(out, "completed", offsetof(WorkerBlock, completed));
  SetNumber(out, "failed", offsetof(WorkerBlock, failed));
  SetNumber(out, "waitHistogram", offsetof(WorkerBlock, wait_histogram));
  SetNumber(out, "runHistogram", offsetof(WorkerBlock, run_histogram));
  SetNumber(out, "histogramBuckets", WorkerBlock::kHistogramBuckets);
  SetNumber(out, "resultTail", offsetof(WorkerBlock, result_ends) + offsetof(ResultRingEnds, tail));
  SetNumber(out, "resultHead", offsetof(WorkerBlock, result_ends) + offsetof(ResultRingEnds, head));
  return out;
}

// Of what JavaScript puts into a queue and takes out of it by itself.
Napi::Object QueueOffsets(Napi::Env env) {
  using container::MessageChain;
  using container::MessageQueue;
  constexpr std::size_t kMessages = offsetof(MessageQueue, messages);
  Napi::Object out = Napi::Object::New(env);
  SetNumber(out, "guard", offsetof(MessageQueue, header) + offsetof(object::ObjectHeader, guard));
  SetNumber(out, "front", kMessages + offsetof(MessageChain, front));
  SetNumber(out, "taken", kMessages + offsetof(MessageChain, taken));
  SetNumber(out, "backGuard", kMessages + offsetof(MessageChain, guard));
  SetNumber(out, "doubtful", kMessages + offsetof(MessageChain, doubtful));
  SetNumber(out, "back", kMessages + offsetof(MessageChain, back));
  SetNumber(out, "put", kMessages + offsetof(MessageChain, put));
  SetNumber(out, "inHand", offsetof(MessageQueue, in_hand));
  return out;
}

Napi::Object RingOffsets(Napi::Env env) {
  using container::MessageRing;
  Napi::Object out = Napi::Object::New(env);
  SetNumber(out, "end", offsetof(MessageRing, end));
  SetNumber(out, "seenBegin", offsetof(MessageRing, seen_begin));
  SetNumber(out, "room", offsetof(MessageRing, room));
  SetNumber(out, "begin", offsetof(MessageRing, begin));
  SetNumber(out, "seenEnd", offsetof(MessageRing, seen_end));
  SetNumber(out, "size", offsetof(MessageRing, size));
  SetNumber(out, "data", sizeof(MessageRing));
  return out;
}

}  // namespace

Napi::Object Constants(Napi::Env env) {
  Napi::Object out = Napi::Object::New(env);
  out.Set("control", ControlOffsets(env));
  out.Set("record", RecordOffsets(env));
  out.Set("worker", WorkerOffsets(env));
  out.Set("queue", QueueOffsets(env));
  out.Set("ring", RingOffsets(env));
  return out;
}

executor::PoolSize PoolSizeOf(const Napi::Object& object) {
  return {.slots = NumberField(object, "slots"),
          .records = NumberField(object, "records"),
          .result_bytes = NumberField(object, "resultBytes"),
          .arena_bytes = NumberField(object, "arenaBytes")};
}

Napi::Value LayoutOf(const Napi::CallbackInfo& info) {
  const executor::PoolSize size = PoolSizeOf(info[0].As<Napi::Object>());
  const executor::PoolLayout layout(size);
  Napi::Object out = Napi::Object::New(info.Env());
  SetNumber(out, "entries", static_cast<double>(layout.entries));
  SetNumber(out, "entryCapacity", executor::PoolLayout::EntryCapacity(size));
  SetNumber(out, "records", static_cast<double>(layout.records));
  SetNumber(out, "workers", static_cast<double>(layout.workers));
  SetNumber(out, "results", static_cast<double>(layout.results));
  SetNumber(out, "arena", static_cast<double>(layout.arena));
  return out;
}

}  // namespace allcores::addon
