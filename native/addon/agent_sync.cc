#include "addon/agent_function.h"
#include "container/message_queue.h"
#include "sync/barrier_object.h"
#include "sync/condition_object.h"
#include "sync/event_object.h"
#include "sync/lock_object.h"
#include "sync/semaphore_object.h"

// Operations that may wait, and what the synchronization objects do beside.
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

// Of what has been asked: the queue changes the request.
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
  Offset node = 0;
  const Outcome outcome =
      agent.waiting().Begin(OffsetOf(arguments[0]), request, static_cast<std::int64_t>(arguments[4]), &node);
  const Agent::Cargo cargo = CargoOf(agent, arguments);
  if (node != 0) {
    agent.Await(node, cargo);
  } else if (outcome == Outcome::kDone) {
    if (cargo.gives) agent.KeepBlock(request.result);
    if (cargo.handed != 0) agent.PassBlock(cargo.handed);
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

// Polls what there is mail for. The table gets (node, outcome, result) of each that has ended; gives their number.
double TakeMail(Agent& agent, const double* /*arguments*/) {
  constexpr std::size_t kEach = 3;
  std::size_t length = 0;
  Offset& mail = agent.unread();
  if (mail == 0) mail = agent.waiting().TakeMail(agent.me());
  while (length + kEach <= Agent::kTableLength) {
    const Offset node = agent.waiting().NextMail(&mail, agent.me());
    if (node == 0) break;
    Request request;
    const Outcome outcome = agent.waiting().Poll(node, request);
    if (outcome == Outcome::kBlocked) continue;
    agent.Ended(node, outcome, request.result);
    agent.table()[length++] = Number(node);
    agent.table()[length++] = Number(outcome);
    agent.table()[length++] = Number(request.result);
  }
  return static_cast<double>(length / kEach);
}

// (recursive, manager)
double CreateLock(Agent& agent, const double* arguments) {
  const ObjectKind kind = arguments[0] != 0 ? ObjectKind::kRLock : ObjectKind::kLock;
  return agent.Hold(agent.program().Create(kind, sizeof(sync::LockObject), OffsetOf(arguments[1]), agent.me()));
}

// (lock, whether as often as it is held); control: how often it was
double ReleaseLock(Agent& agent, const double* arguments) {
  std::uint32_t depth = 0;
  const Outcome outcome =
      sync::ReleaseLock(agent.program(), OffsetOf(arguments[0]), agent.me(), arguments[1] != 0, &depth);
  agent.control()[kResult] = depth;
  return Number(outcome);
}

double HoldsLock(Agent& agent, const double* arguments) {
  return sync::HoldsLock(agent.program(), OffsetOf(arguments[0]), agent.me()) ? 1 : 0;
}

// (value, bounded, manager)
double CreateSemaphore(Agent& agent, const double* arguments) {
  return agent.Hold(sync::CreateSemaphore(agent.program(), static_cast<std::uint32_t>(arguments[0]), arguments[1] != 0,
                                          OffsetOf(arguments[2]), agent.me()));
}

// (semaphore, permits)
double ReleaseSemaphore(Agent& agent, const double* arguments) {
  return Number(sync::ReleaseSemaphore(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                       static_cast<std::uint32_t>(arguments[1])));
}

double SemaphoreValue(Agent& agent, const double* arguments) {
  return sync::SemaphoreValue(agent.program(), OffsetOf(arguments[0]));
}

// (lock, manager)
double CreateCondition(Agent& agent, const double* arguments) {
  return agent.Hold(sync::CreateCondition(agent.program(), OffsetOf(arguments[0]), OffsetOf(arguments[1]), agent.me()));
}

// (condition, most to notify); control: how many were
double NotifyCondition(Agent& agent, const double* arguments) {
  std::uint32_t notified = 0;
  const Outcome outcome = sync::Notify(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                       static_cast<std::uint32_t>(arguments[1]), &notified);
  agent.control()[kResult] = notified;
  return Number(outcome);
}

double CreateEvent(Agent& agent, const double* arguments) {
  return agent.Hold(sync::CreateEvent(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

double SetEvent(Agent& agent, const double* arguments) {
  return Number(sync::SetEvent(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

double ClearEvent(Agent& agent, const double* arguments) {
  return Number(sync::ClearEvent(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

double IsEventSet(Agent& agent, const double* arguments) {
  return sync::IsSet(agent.program(), OffsetOf(arguments[0])) ? 1 : 0;
}

// (parties, whether it has an action, manager)
double CreateBarrier(Agent& agent, const double* arguments) {
  return agent.Hold(sync::CreateBarrier(agent.program(), static_cast<std::uint32_t>(arguments[0]), arguments[1] != 0,
                                        OffsetOf(arguments[2]), agent.me()));
}

// (barrier, whether its action went well)
double FinishBarrier(Agent& agent, const double* arguments) {
  return Number(sync::FinishBarrier(agent.program(), OffsetOf(arguments[0]), agent.me(), arguments[1] != 0));
}

double AbortBarrier(Agent& agent, const double* arguments) {
  return Number(sync::AbortBarrier(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

double ResetBarrier(Agent& agent, const double* arguments) {
  return Number(sync::ResetBarrier(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

// control: parties, how many wait, whether it is broken
double BarrierState(Agent& agent, const double* arguments) {
  const sync::BarrierState state = sync::StateOf(agent.program(), OffsetOf(arguments[0]));
  agent.control()[0] = state.parties;
  agent.control()[1] = state.waiting;
  agent.control()[2] = state.broken ? 1 : 0;
  return 0;
}

constexpr std::array kEntries = {
    Entry<TryOperation>("tryOperation"),
    Entry<BeginWait>("beginWait"),
    Entry<SleepWait>("sleepWait"),
    Entry<CancelWait>("cancelWait"),
    Entry<TakeMail>("takeMail"),
    Entry<CreateLock>("createLock"),
    Entry<ReleaseLock>("releaseLock"),
    Entry<HoldsLock>("holdsLock"),
    Entry<CreateSemaphore>("createSemaphore"),
    Entry<ReleaseSemaphore>("releaseSemaphore"),
    Entry<SemaphoreValue>("semaphoreValue"),
    Entry<CreateCondition>("createCondition"),
    Entry<NotifyCondition>("notifyCondition"),
    Entry<CreateEvent>("createEvent"),
    Entry<SetEvent>("setEvent"),
    Entry<ClearEvent>("clearEvent"),
    Entry<IsEventSet>("isEventSet"),
    Entry<CreateBarrier>("createBarrier"),
    Entry<FinishBarrier>("finishBarrier"),
    Entry<AbortBarrier>("abortBarrier"),
    Entry<ResetBarrier>("resetBarrier"),
    Entry<BarrierState>("barrierState"),
};

}  // namespace

void DefineSync(napi_env env, napi_value target, Agent& agent) { DefineAll(env, target, agent, kEntries); }

}  // namespace allcores::addon
