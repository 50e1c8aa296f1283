#include "addon/agent_function.h"
#include "container/message_queue.h"

// Operations that may wait.
namespace allcores::addon {
namespace {

using sync::Request;

// Where results go in `control`.
constexpr std::size_t kResult = 0;
constexpr std::size_t kNode = 1;

double Conclude(Agent& agent, Offset node, const Request& request, Outcome outcome) {
  agent.control()[kResult] = Number(request.result);
  if (outcome != Outcome::kBlocked) agent.Ended(node, outcome, request.result);
  return Number(outcome);
}

// (object, op, argument): not for messages, which have a way of their own
double TryOperation(Agent& agent, const double* arguments) {
  Request request{.op = static_cast<std::uint32_t>(arguments[1]),
                  .me = agent.me(),
                  .argument = static_cast<std::uint64_t>(arguments[2])};
  const Outcome outcome = agent.waiting().Try(OffsetOf(arguments[0]), request);
  agent.control()[kResult] = Number(request.result);
  return Number(outcome);
}

Agent::Cargo CargoOf(Agent& agent, const double* arguments) {
  const std::uint32_t kind = agent.program().Header(OffsetOf(arguments[0])).kind.load(std::memory_order_relaxed);
  if (kind != static_cast<std::uint32_t>(ObjectKind::kQueue)) return {};
  const auto op = static_cast<std::uint32_t>(arguments[1]);
  return {.gives = op == container::MessageQueue::kGet,
          .handed = op == container::MessageQueue::kPut ? OffsetOf(arguments[2]) : 0};
}

// (object, op, argument, whether in the event loop, nanoseconds to spin). A message that is put goes over to the queue.
double BeginWait(Agent& agent, const double* arguments) {
  Request request{.op = static_cast<std::uint32_t>(arguments[1]),
                  .me = agent.me(),
                  .in_loop = arguments[3] != 0,
                  .argument = static_cast<std::uint64_t>(arguments[2])};
  const Agent::Cargo cargo = CargoOf(agent, arguments);
  // Before it is given away, which may happen at any moment from then on.
  if (cargo.handed != 0) {
    agent.PassBlock(cargo.handed);
    agent.program().HandsOf(agent.me()).Take(object::in_hand::Value(cargo.handed));
  }
  Offset node = 0;
  const Outcome outcome =
      agent.waiting().Begin(OffsetOf(arguments[0]), request, static_cast<std::int64_t>(arguments[4]), &node);
  if (node != 0) {
    agent.Await(node, cargo);
  } else if (outcome == Outcome::kDone) {
    if (cargo.gives) agent.KeepBlock(request.result);
  } else if (cargo.handed != 0) {
    agent.KeepBlock(cargo.handed);
  }
  agent.control()[kResult] = Number(request.result);
  agent.control()[kNode] = Number(node);
  return Number(outcome);
}

// (node, milliseconds)
double SleepWait(Agent& agent, const double* arguments) {
  Request request;
  const auto deadline = Deadline::After(static_cast<std::int64_t>(arguments[1] * 1e6));
  const Outcome outcome = agent.waiting().Sleep(OffsetOf(arguments[0]), request, deadline);
  return Conclude(agent, OffsetOf(arguments[0]), request, outcome);
}

// (node)
double CancelWait(Agent& agent, const double* arguments) {
  Request request;
  const Outcome outcome = agent.waiting().Cancel(OffsetOf(arguments[0]), request);
  return Conclude(agent, OffsetOf(arguments[0]), request, outcome);
}

constexpr std::size_t kEach = 3;  // numbers in the table for a wait that has ended

// False when the table is full.
bool Report(Agent& agent, std::size_t* length, Offset node, const Request& request, Outcome outcome) {
  if (outcome == Outcome::kBlocked) return true;
  agent.Ended(node, outcome, request.result);
  double* const at = agent.table() + *length;
  at[0] = Number(node);
  at[1] = Number(outcome);
  at[2] = Number(request.result);
  *length += kEach;
  return *length + kEach <= Agent::kTableLength;
}

// Polls what there is mail for. The table gets (node, outcome, result) of each that has ended; gives their number.
double TakeMail(Agent& agent, const double* /*arguments*/) {
  std::size_t length = 0;
  Offset& mail = agent.unread();
  if (mail == 0) mail = agent.waiting().TakeMail(agent.me());
  for (Offset node = agent.waiting().NextMail(&mail, agent.me()); node != 0;) {
    Request request;
    const Outcome outcome = agent.waiting().Poll(node, request);
    if (!Report(agent, &length, node, request, outcome)) return Number(length / kEach);
    node = agent.waiting().NextMail(&mail, agent.me());
  }
  // Somebody's process died, perhaps with mail for us in hand: every wait is looked at once.
  if (agent.waiting().TakeRecheck(agent.me())) agent.DoubtWaits();
  for (Offset node = agent.NextDoubted(); node != 0;) {
    Request request;
    const Outcome outcome = agent.waiting().Recheck(node, request);
    if (!Report(agent, &length, node, request, outcome)) break;
    node = agent.NextDoubted();
  }
  return Number(length / kEach);
}

constexpr std::array kEntries = {
    Entry<TryOperation>("tryOperation"), Entry<BeginWait>("beginWait"), Entry<SleepWait>("sleepWait"),
    Entry<CancelWait>("cancelWait"),     Entry<TakeMail>("takeMail"),
};

}  // namespace

void DefineWaits(napi_env env, napi_value target, Agent& agent) { DefineAll(env, target, agent, kEntries); }

}  // namespace allcores::addon
