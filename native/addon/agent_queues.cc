#include "addon/agent_function.h"
#include "container/connection.h"
#include "container/message_queue.h"
#include "platform/futex.h"

// Queues and pipes.
namespace allcores::addon {
namespace {

// (most items, most bytes, manager)
double CreateQueue(Agent& agent, const double* arguments) {
  return agent.Hold(container::CreateQueue(agent.program(), static_cast<std::uint64_t>(arguments[0]),
                                           static_cast<std::uint64_t>(arguments[1]), OffsetOf(arguments[2]),
                                           agent.me()));
}

// (queue, length, links): a value as it was sent. kBlocked: control has the message, to wait with.
double PutMessage(Agent& agent, const double* arguments) {
  const container::ValueView value = agent.Sent(arguments[1], arguments[2]);
  Offset message = 0;
  const Outcome outcome = container::TryPutValue(agent.program(), OffsetOf(arguments[0]), value, agent.me(), &message);
  if (outcome == Outcome::kBlocked) {
    agent.KeepBlock(message);
    agent.control()[0] = Number(message);
  }
  return Number(outcome);
}

// (queue, block that this agent keeps)
double PutBlock(Agent& agent, const double* arguments) {
  const Offset block = OffsetOf(arguments[1]);
  // Before it is given away: a kill in between must not have it freed under the queue.
  agent.PassBlock(block);
  agent.program().HandsOf(agent.me()).Take(object::in_hand::Value(block));
  const Outcome outcome = container::TryPut(agent.program(), OffsetOf(arguments[0]), block, agent.me());
  if (outcome != Outcome::kDone) agent.KeepBlock(block);
  return Number(outcome);
}

// (queue, nanoseconds to spin): the message is then the value that was read last
double GetMessage(Agent& agent, const double* arguments) {
  const Outcome outcome = container::TryGetValue(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                                 static_cast<std::int64_t>(arguments[1]), &agent.read());
  if (outcome == Outcome::kDone) agent.TellRead();
  return Number(outcome);
}

double CloseQueue(Agent& agent, const double* arguments) {
  container::CloseQueue(agent.program(), OffsetOf(arguments[0]), agent.me());
  return 0;
}

double TaskDone(Agent& agent, const double* arguments) {
  return Number(container::TaskDone(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

// control: items, bytes, unfinished, closed, full
double QueueState(Agent& agent, const double* arguments) {
  const object::Program& program = agent.program();
  const Offset queue = OffsetOf(arguments[0]);
  agent.control()[0] = Number(container::QueueItems(program, queue));
  agent.control()[1] = Number(container::QueueBytes(program, queue));
  agent.control()[2] = Number(container::QueueUnfinished(program, queue));
  agent.control()[3] = container::QueueClosed(program, queue) ? 1 : 0;
  agent.control()[4] = container::QueueFull(program, queue) ? 1 : 0;
  return 0;
}

// (duplex, manager); control: the two ends. 0: no memory
double CreatePipe(Agent& agent, const double* arguments) {
  Offset first = 0;
  Offset second = 0;
  if (!container::CreatePipe(agent.program(), arguments[0] != 0, OffsetOf(arguments[1]), agent.me(), &first, &second)) {
    return 0;
  }
  agent.control()[0] = agent.Hold(first);
  agent.control()[1] = agent.Hold(second);
  return 1;
}

// (connection); control: the queues that it receives from and sends to, or 0
double ConnectionQueues(Agent& agent, const double* arguments) {
  const auto& connection = *agent.program().At<container::Connection>(OffsetOf(arguments[0]));
  agent.control()[0] = Number(connection.incoming);
  agent.control()[1] = Number(connection.outgoing);
  return 0;
}

// (a guard, given back by JavaScript, in which somebody sleeps)
double WakeGuard(Agent& agent, const double* arguments) {
  platform::Futex::WakeOne(*agent.program().At<std::atomic<std::uint32_t>>(OffsetOf(arguments[0])));
  return 0;
}

constexpr std::array kEntries = {
    Entry<CreateQueue>("createQueue"), Entry<PutMessage>("putMessage"), Entry<PutBlock>("putBlock"),
    Entry<GetMessage>("getMessage"),   Entry<CloseQueue>("closeQueue"), Entry<TaskDone>("taskDone"),
    Entry<QueueState>("queueState"),   Entry<CreatePipe>("createPipe"), Entry<ConnectionQueues>("connectionQueues"),
    Entry<WakeGuard>("wakeGuard"),
};

}  // namespace

void DefineQueues(napi_env env, napi_value target, Agent& agent) { DefineAll(env, target, agent, kEntries); }

}  // namespace allcores::addon
