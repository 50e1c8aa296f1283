#include <cstring>

#include "addon/agent_function.h"
#include "addon/arguments.h"
#include "addon/segment_store.h"
#include "addon/shared_buffer.h"
#include "container/numbers.h"

// Values on their way between JavaScript and the heap: what does not fit into the exchange buffer, or is not to be
// copied.
namespace allcores::addon {
namespace {

// (block), which this agent keeps: reads it as the value that was read last
double ReadBlock(Agent& agent, const double* arguments) {
  const Offset block = OffsetOf(arguments[0]);
  if (!agent.PassBlock(block)) return 0;
  agent.read().GiveBack();
  agent.read().Adopt(block, 0);
  agent.TellRead();
  return 1;
}

double ReleaseRead(Agent& agent, const double* /*arguments*/) {
  agent.read().GiveBack();
  return 0;
}

// (length, objects named in the table): a message to be filled; 0: no memory
double MakeBlock(Agent& agent, const double* arguments) {
  const container::ValueView named = agent.Sent(0, arguments[1]);
  const Offset block =
      object::MakeValueBlock(agent.program(), static_cast<std::uint64_t>(arguments[0]), named.links, agent.me());
  if (block != 0) agent.KeepBlock(block);
  return Number(block);
}

double DropBlock(Agent& agent, const double* arguments) {
  const Offset block = OffsetOf(arguments[0]);
  if (!agent.PassBlock(block)) return 0;
  object::FreeValueBlock(agent.program(), block, agent.me());
  return 1;
}

Agent& AgentOf(const Napi::CallbackInfo& call) { return *static_cast<Agent*>(call.Data()); }

// (bytes): the next value to be sent. They must not change before.
Napi::Value Stage(const Napi::CallbackInfo& call) {
  const std::span<const std::byte> bytes = BytesArgument(call, 0);
  AgentOf(call).Stage(bytes.data(), bytes.size());
  return call.Env().Undefined();
}

// (block, at, bytes)
Napi::Value FillBlock(const Napi::CallbackInfo& call) {
  Agent& agent = AgentOf(call);
  auto& block = *agent.program().At<object::ValueBlock>(OffsetOf(NumberArgument(call, 0)));
  const auto at = static_cast<std::uint64_t>(NumberArgument(call, 1));
  const std::span<const std::byte> bytes = BytesArgument(call, 2);
  if (at > block.length || bytes.size() > block.length - at) {
    throw Napi::RangeError::New(call.Env(), "native: beyond the end of the block");
  }
  if (!bytes.empty()) std::memcpy(block.Bytes() + at, bytes.data(), bytes.size());
  return call.Env().Undefined();
}

// (at, length, whether nobody else has the value): a part of the value that was read last, as a buffer of its own. What
// is only ours is not copied; the block goes with the last such buffer.
Napi::Value PartOfRead(const Napi::CallbackInfo& call) {
  Agent& agent = AgentOf(call);
  const auto at = static_cast<std::uint64_t>(NumberArgument(call, 0));
  const auto length = static_cast<std::uint64_t>(NumberArgument(call, 1));
  const std::span<const std::byte> bytes = agent.read().Bytes();
  if (at > bytes.size() || length > bytes.size() - at) {
    throw Napi::RangeError::New(call.Env(), "native: beyond the end of the value");
  }
  const Offset block = agent.read().block();
  const std::shared_ptr<std::atomic<std::uint64_t>>& lent = agent.lent();
  // Relaxed: a count of its own.
  const bool lends = lent->load(std::memory_order_relaxed) <= Agent::kMostLent;
  if (!call[2].ToBoolean() || block == 0 || !lends) {
    auto buffer = Napi::ArrayBuffer::New(call.Env(), length);
    if (length > 0) std::memcpy(buffer.Data(), bytes.data() + at, length);
    return buffer;
  }
  SharedProgram& shared = agent.shared();
  // Relaxed: the read holds a reference meanwhile.
  shared.program().At<object::ValueBlock>(block)->references.fetch_add(1, std::memory_order_relaxed);
  shared.holds().Add(object::Ledger::Kind::kBlock, block);
  lent->fetch_add(length, std::memory_order_relaxed);
  return ShareBuffer(call.Env(), const_cast<std::byte*>(bytes.data()) + at, length, [&shared, block, lent, length] {
    lent->fetch_sub(length, std::memory_order_relaxed);
    shared.holds().Remove(object::Ledger::Kind::kBlock, block);
    object::FreeValueBlock(shared.program(), block, shared.caretaker());
  });
}

// (vector of bytes, whether nobody else has it): its memory as a buffer, copied or not as above.
Napi::Value BufferOfVector(const Napi::CallbackInfo& call) {
  Agent& agent = AgentOf(call);
  const auto& vector = *agent.program().At<container::Numbers>(OffsetOf(NumberArgument(call, 0)));
  const std::uint32_t id = vector.segment;
  const std::uint64_t length = vector.length;
  const std::shared_ptr<memory::Segment> segment = SegmentStore::Find(id);
  if (segment == nullptr) throw Napi::Error::New(call.Env(), "native: the memory of this value is gone");
  const std::shared_ptr<std::atomic<std::uint64_t>>& lent = agent.lent();
  const bool lends = lent->load(std::memory_order_relaxed) <= Agent::kMostLent;
  if (!call[1].ToBoolean() || !lends || !SegmentStore::Retain(id)) {
    auto buffer = Napi::ArrayBuffer::New(call.Env(), length);
    if (length > 0) std::memcpy(buffer.Data(), segment->data(), length);
    return buffer;
  }
  lent->fetch_add(length, std::memory_order_relaxed);
  return ShareBuffer(call.Env(), segment->data(), length, [id, lent, length] {
    lent->fetch_sub(length, std::memory_order_relaxed);
    SegmentStore::Release(id);
  });
}

constexpr std::array kEntries = {
    Entry<ReadBlock>("readBlock"),
    Entry<ReleaseRead>("releaseRead"),
    Entry<MakeBlock>("makeBlock"),
    Entry<DropBlock>("dropBlock"),
    AgentEntry{"stage", Napi::details::TemplatedCallback<Stage>},
    AgentEntry{"fillBlock", Napi::details::TemplatedCallback<FillBlock>},
    AgentEntry{"partOfRead", Napi::details::TemplatedCallback<PartOfRead>},
    AgentEntry{"bufferOfVector", Napi::details::TemplatedCallback<BufferOfVector>},
};

}  // namespace

void DefineValues(napi_env env, napi_value target, Agent& agent) { DefineAll(env, target, agent, kEntries); }

}  // namespace allcores::addon
