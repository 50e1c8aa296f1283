#include "addon/agent_function.h"
#include "sync/barrier_object.h"
#include "sync/condition_object.h"
#include "sync/event_object.h"
#include "sync/lock_object.h"
#include "sync/semaphore_object.h"

// What the synchronization objects do beside waiting.
namespace allcores::addon {
namespace {

constexpr std::size_t kResult = 0;  // in `control`

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
    Entry<CreateLock>("createLock"),
    Entry<ReleaseLock>("releaseLock"),
    Entry<CreateSemaphore>("createSemaphore"),
    Entry<ReleaseSemaphore>("releaseSemaphore"),
    Entry<SemaphoreValue>("semaphoreValue"),
    Entry<CreateCondition>("createCondition"),
    Entry<NotifyCondition>("notifyCondition"),
    Entry<CreateEvent>("createEvent"),
    Entry<SetEvent>("setEvent"),
    Entry<ClearEvent>("clearEvent"),
    Entry<CreateBarrier>("createBarrier"),
    Entry<FinishBarrier>("finishBarrier"),
    Entry<AbortBarrier>("abortBarrier"),
    Entry<ResetBarrier>("resetBarrier"),
    Entry<BarrierState>("barrierState"),
};

}  // namespace

void DefineSync(napi_env env, napi_value target, Agent& agent) { DefineAll(env, target, agent, kEntries); }

}  // namespace allcores::addon
