#include "addon/agent_function.h"
#include "addon/arguments.h"
#include "addon/segment_store.h"
#include "addon/shared_buffer.h"
#include "container/numbers.h"

// Lifetime of shared objects, and windows on the memory that JavaScript touches itself.
namespace allcores::addon {
namespace {

// A manager is nothing but a name that its objects carry, and a flag.
double CreateManager(Agent& agent, const double* /*arguments*/) {
  return agent.Hold(agent.program().Create(ObjectKind::kManager, sizeof(object::ObjectHeader), 0, agent.me()));
}

double CloseManager(Agent& agent, const double* arguments) {
  const Offset manager = OffsetOf(arguments[0]);
  agent.program().Header(manager).flags.fetch_or(object::ObjectHeader::kClosed, std::memory_order_release);
  agent.program().Close(manager, agent.me());
  return 0;
}

// (dtype, length, segment or 0: a single number, lock or 0, manager). A segment's holder goes over to the object.
double CreateNumbers(Agent& agent, const double* arguments) {
  const auto segment = static_cast<std::uint32_t>(arguments[2]);
  if (segment != 0) SegmentStore::Export(segment);  // it lives with the object, not with this process
  const Offset numbers = container::CreateNumbers(agent.program(), static_cast<std::uint32_t>(arguments[0]),
                                                  static_cast<std::uint64_t>(arguments[1]), segment,
                                                  OffsetOf(arguments[3]), OffsetOf(arguments[4]), agent.me());
  if (numbers == 0 && segment != 0) SegmentStore::Import(segment);
  return agent.Hold(numbers);
}

// (numbers); control: dtype, length, segment, lock
double NumbersState(Agent& agent, const double* arguments) {
  const auto& numbers = *agent.program().At<container::Numbers>(OffsetOf(arguments[0]));
  agent.control()[0] = numbers.dtype;
  agent.control()[1] = Number(numbers.length);
  agent.control()[2] = numbers.segment;
  agent.control()[3] = Number(numbers.lock);
  return 0;
}

// (object, kind): 1, or 0 when there is no such object any more.
double RetainObject(Agent& agent, const double* arguments) {
  const Offset object = OffsetOf(arguments[0]);
  const auto kind = static_cast<ObjectKind>(static_cast<std::uint32_t>(arguments[1]));
  if (!agent.program().Retain(object, kind)) return 0;
  agent.program().HandsOf(agent.me()).Take(object::in_hand::Object(object));
  agent.Hold(object);
  return 1;
}

double ReleaseObject(Agent& agent, const double* arguments) { return agent.Drop(OffsetOf(arguments[0])) ? 1 : 0; }

// (object, kind): as RetainObject, for a name on its way. See Agent::Export.
double ExportObject(Agent& agent, const double* arguments) {
  const auto kind = static_cast<ObjectKind>(static_cast<std::uint32_t>(arguments[1]));
  if (!agent.program().Retain(OffsetOf(arguments[0]), kind)) return 0;
  agent.program().HandsOf(agent.me()).Take(object::in_hand::Object(OffsetOf(arguments[0])));
  agent.Export(OffsetOf(arguments[0]));
  return 1;
}

// (whether they were sent): what was exported is the receiver's from here on, or comes back.
double EndExport(Agent& agent, const double* arguments) {
  if (arguments[0] != 0) {
    agent.HandOver();
  } else {
    agent.TakeBack();
  }
  return 0;
}

// The name has arrived, and was made a handle.
double ImportObject(Agent& agent, const double* arguments) {
  agent.program().Release(OffsetOf(arguments[0]), agent.me());
  return 0;
}

double IsClosed(Agent& agent, const double* arguments) {
  return agent.program().IsClosed(OffsetOf(arguments[0])) ? 1 : 0;
}

double ClearInterrupt(Agent& agent, const double* /*arguments*/) {
  auto& signals = agent.program().participants().At(agent.me()).signals;
  return signals.fetch_and(~participant::Participant::kInterrupted, std::memory_order_acq_rel);
}

double RefLoop(Agent& agent, const double* /*arguments*/) {
  agent.waker().Ref();
  return 0;
}

double UnrefLoop(Agent& agent, const double* /*arguments*/) {
  agent.waker().Unref();
  return 0;
}

// control: limit, live, committed, blocks
double HeapFigures(Agent& agent, const double* /*arguments*/) {
  const memory::HeapStats stats = agent.program().Stats();
  agent.control()[0] = Number(stats.limit);
  agent.control()[1] = Number(stats.live);
  agent.control()[2] = Number(stats.committed);
  agent.control()[3] = Number(stats.blocks);
  return 0;
}

// (number of the window): a buffer over that part of the heap.
napi_value Window(napi_env env, napi_callback_info info) {
  const Napi::CallbackInfo call(env, info);
  auto& agent = *static_cast<Agent*>(call.Data());
  try {
    const double begin = NumberArgument(call, 0) * static_cast<double>(Agent::kWindowBytes);
    const memory::Heap& heap = agent.program().heap();
    if (!IsWithin(begin, static_cast<double>(heap.size()) - 1)) {
      throw Napi::RangeError::New(call.Env(), "native: no such window");
    }
    const auto at = static_cast<std::size_t>(begin);
    return ShareBuffer(call.Env(), heap.data() + at,
                       std::min(Agent::kWindowBytes + Agent::kWindowOverlap, heap.size() - at), [] {});
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
    return nullptr;
  }
}

constexpr std::array kEntries = {
    Entry<CreateManager>("createManager"),
    Entry<CloseManager>("closeManager"),
    Entry<CreateNumbers>("createNumbers"),
    Entry<NumbersState>("numbersState"),
    Entry<RetainObject>("retainObject"),
    Entry<ReleaseObject>("releaseObject"),
    Entry<ExportObject>("exportObject"),
    Entry<EndExport>("endExport"),
    Entry<ImportObject>("importObject"),
    Entry<IsClosed>("isClosed"),
    Entry<ClearInterrupt>("clearInterrupt"),
    Entry<RefLoop>("refLoop"),
    Entry<UnrefLoop>("unrefLoop"),
    Entry<HeapFigures>("heapFigures"),
    AgentEntry{"window", Window},
};

}  // namespace

void DefineObjects(napi_env env, napi_value target, Agent& agent) { DefineAll(env, target, agent, kEntries); }

}  // namespace allcores::addon
