#include <cmath>

#include "addon/agent_function.h"
#include "container/list.h"

// Lists. A value is in `sent` or staged (Agent::Sent); several are the batch.
namespace allcores::addon {
namespace {

// For operations that give a value.
double Told(Agent& agent, Outcome outcome) {
  if (outcome == Outcome::kDone) agent.TellRead();
  return Number(outcome);
}

double CreateList(Agent& agent, const double* arguments) {
  return agent.Hold(container::CreateList(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

// (list, length, links)
double ListAppend(Agent& agent, const double* arguments) {
  return Number(container::ListAppend(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                      agent.Sent(arguments[1], arguments[2])));
}

// (list): appends the batch
double ListExtend(Agent& agent, const double* arguments) {
  return Number(container::ListExtend(agent.program(), OffsetOf(arguments[0]), agent.me(), agent.batch().Values()));
}

// (list, index)
double ListAt(Agent& agent, const double* arguments) {
  agent.read().GiveBack();
  return Told(agent, container::ListAt(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                       static_cast<std::int64_t>(arguments[1]), &agent.read()));
}

// (list, index, length, links)
double ListSet(Agent& agent, const double* arguments) {
  return Number(container::ListSet(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                   static_cast<std::int64_t>(arguments[1]), agent.Sent(arguments[2], arguments[3])));
}

double ListInsert(Agent& agent, const double* arguments) {
  return Number(container::ListInsert(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                      static_cast<std::int64_t>(arguments[1]), agent.Sent(arguments[2], arguments[3])));
}

double ListPop(Agent& agent, const double* arguments) {
  agent.read().GiveBack();
  return Told(agent, container::ListPop(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                        static_cast<std::int64_t>(arguments[1]), &agent.read()));
}

// (list, index, version)
double ListRemoveIf(Agent& agent, const double* arguments) {
  return Number(container::ListRemoveIf(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                        static_cast<std::int64_t>(arguments[1]),
                                        static_cast<std::uint64_t>(arguments[2])));
}

std::int64_t End(double argument) {
  return std::isinf(argument) ? container::kListEnd : static_cast<std::int64_t>(argument);
}

// (list, version): the order is staged, as 32-bit indices
double ListPermute(Agent& agent, const double* arguments) {
  const std::span<const std::byte> staged = agent.Sent(-1, 0).bytes;
  const std::span order(reinterpret_cast<const std::uint32_t*>(staged.data()), staged.size() / sizeof(std::uint32_t));
  return Number(container::ListPermute(agent.program(), OffsetOf(arguments[0]), agent.me(), order,
                                       static_cast<std::uint64_t>(arguments[1])));
}

double ListReverse(Agent& agent, const double* arguments) {
  return Number(container::ListReverse(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

double ListClear(Agent& agent, const double* arguments) {
  return Number(container::ListClear(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

// control: the length
double ListLength(Agent& agent, const double* arguments) {
  std::uint64_t length = 0;
  const Outcome outcome = container::ListLength(agent.program(), OffsetOf(arguments[0]), agent.me(), &length);
  agent.control()[0] = Number(length);
  return Number(outcome);
}

// (list, start, stop); control: how many, version, where it starts, length of the list. To be read with snapshotValue.
double ListSnapshotOf(Agent& agent, const double* arguments) {
  container::ListSnapshot& snapshot = agent.list_snapshot();
  const Outcome outcome =
      container::ListSnapshotOf(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                static_cast<std::int64_t>(arguments[1]), End(arguments[2]), &snapshot);
  agent.control()[0] = static_cast<double>(snapshot.values.slots().size());
  agent.control()[1] = Number(snapshot.version);
  agent.control()[2] = Number(snapshot.start);
  agent.control()[3] = Number(snapshot.length);
  return Number(outcome);
}

constexpr std::array kEntries = {
    Entry<CreateList>("createList"),
    Entry<ListAppend>("listAppend"),
    Entry<ListExtend>("listExtend"),
    Entry<ListAt>("listAt"),
    Entry<ListSet>("listSet"),
    Entry<ListInsert>("listInsert"),
    Entry<ListPop>("listPop"),
    Entry<ListRemoveIf>("listRemoveIf"),
    Entry<ListPermute>("listPermute"),
    Entry<ListReverse>("listReverse"),
    Entry<ListClear>("listClear"),
    Entry<ListLength>("listLength"),
    Entry<ListSnapshotOf>("listSnapshot"),
};

}  // namespace

void DefineLists(napi_env env, napi_value target, Agent& agent) { DefineAll(env, target, agent, kEntries); }

}  // namespace allcores::addon
