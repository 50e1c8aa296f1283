#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <vector>

#include "container/connection.h"
#include "container/queue_types.h"
#include "support/hang.h"
#include "support/program_fixture.h"

namespace allcores::testing {

using container::MessageQueue;
using container::Outcome;
using object::Offset;
using object::ValueBlock;
using participant::ParticipantId;
using sync::Request;

// A program with queues, and numbers as messages.
class QueueRig {
 public:
  QueueRig() : shared(container::AddQueueTypes), program(shared.program), waiting(shared.waiting), me(shared.Join()) {}

  SharedProgram shared;
  object::Program& program;
  sync::Waiting& waiting;
  const ParticipantId me;

  [[nodiscard]] Offset Queue(std::uint64_t max_items = 0, std::uint64_t max_bytes = 0) {
    const Offset queue = container::CreateQueue(program, max_items, max_bytes, 0, me);
    EXPECT_NE(queue, 0U);
    return queue;
  }
  // `length` bytes, at least eight, which begin with the number.
  [[nodiscard]] Offset Message(std::uint64_t number, ParticipantId who, std::uint64_t length = sizeof(std::uint64_t),
                               std::span<const Offset> links = {}) {
    const Offset message = object::MakeValueBlock(program, length, links, who);
    ALLCORES_CHECK(message != 0);
    std::memcpy(program.At<ValueBlock>(message)->Bytes(), &number, sizeof number);
    return message;
  }
  // What the message says. Frees it.
  std::uint64_t Open(Offset message, ParticipantId who) {
    std::uint64_t number = 0;
    std::memcpy(&number, program.At<ValueBlock>(message)->Bytes(), sizeof number);
    object::FreeValueBlock(program, message, who);
    return number;
  }

  Outcome TryPut(Offset queue, std::uint64_t number, std::uint64_t length = sizeof(std::uint64_t)) {
    const Offset message = Message(number, me, length);
    const Outcome outcome = container::TryPut(program, queue, message, me);
    if (outcome != Outcome::kDone) object::FreeValueBlock(program, message, me);
    return outcome;
  }
  // Nothing: the queue had none to give.
  std::optional<std::uint64_t> TryGet(Offset queue) {
    Offset message = 0;
    if (container::TryGet(program, queue, me, &message) != Outcome::kDone) return std::nullopt;
    return Open(message, me);
  }
  std::vector<std::uint64_t> Drain(Offset queue) {
    std::vector<std::uint64_t> numbers;
    while (const auto number = TryGet(queue)) numbers.push_back(*number);
    return numbers;
  }

  // Does it on the own thread for as long as it takes. kBlocked: a hang.
  Outcome Do(Offset queue, Request& request, std::int64_t spin_nanos = 0) {
    Offset node = 0;
    const Outcome outcome = waiting.Begin(queue, request, spin_nanos, &node);
    return node == 0 ? outcome : waiting.Sleep(node, request, HangDeadline());
  }
};

// An operation that waits, to be polled by hand.
class Waiter {
 public:
  Waiter(QueueRig& rig, Offset queue, std::uint32_t op, ParticipantId who, std::uint64_t argument = 0,
         bool in_loop = false)
      : rig_(rig), request{.op = op, .me = who, .in_loop = in_loop, .argument = argument} {
    outcome = rig.waiting.Begin(queue, request, 0, &node);
  }

 private:
  QueueRig& rig_;

 public:
  Request request;
  Offset node = 0;
  Outcome outcome;

  [[nodiscard]] bool IsBlocked() const { return outcome == Outcome::kBlocked; }
  Outcome Poll() { return outcome = rig_.waiting.Poll(node, request); }
  Outcome Cancel() { return outcome = rig_.waiting.Cancel(node, request); }
  // Woken, whether or not it will find anything.
  [[nodiscard]] bool IsTold() const {
    return rig_.program.At<sync::WaitNode>(node)->state.load() != sync::WaitNode::kQueued;
  }
  // Of a get.
  std::uint64_t Number() { return rig_.Open(request.result, request.me); }
};

}  // namespace allcores::testing
