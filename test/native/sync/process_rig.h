#pragma once

#include "container/queue_types.h"
#include "object/keeper.h"
#include "support/event_loop.h"
#include "support/hang.h"
#include "support/program_fixture.h"
#include "sync/lock_object.h"
#include "sync/semaphore_object.h"
#include "sync/sync_types.h"

namespace allcores::testing {

using object::Offset;
using participant::ParticipantId;
using sync::Outcome;
using sync::Request;

// A program with objects of sync/ and queues, for several processes.
class ProcessRig : public SharedProgram {
 public:
  ProcessRig()
      : SharedProgram([](object::Program::Types& types, sync::WaitTypes& wait_types) {
          sync::AddSyncTypes(types, wait_types);
          container::AddQueueTypes(types, wait_types);
        }) {}

  // For a forked process, which ends without returning: its event loops are poked from here on.
  void BecomeProcess(bool looks_after_dead = false) { object::Keeper::Start(program, BecomeHost(), looks_after_dead); }
};

// One who waits, on its thread or in an event loop, in any process.
class ProcessMember {
 public:
  ProcessMember(ProcessRig& rig, bool in_loop) : id(rig.Join()), rig_(rig), in_loop_(in_loop) {
    rig.program.wakers().Set(participant::IndexOf(id), [this] { loop_.Poke(); });
  }
  ProcessMember(const ProcessMember&) = delete;
  ProcessMember& operator=(const ProcessMember&) = delete;
  ~ProcessMember() {
    rig_.program.wakers().Clear(participant::IndexOf(id));
    rig_.End(id, id);
  }

  const ParticipantId id;

  // kTimedOut: a wake-up was lost.
  Outcome Do(Offset object, std::uint32_t op = 0, std::uint64_t argument = 0, std::uint64_t* result = nullptr) {
    Request request{.op = op, .me = id, .in_loop = in_loop_, .argument = argument};
    Offset node = 0;
    const Deadline deadline = HangDeadline();
    Outcome outcome = rig_.waiting.Begin(object, request, 0, &node);
    if (node != 0) {
      outcome = in_loop_ ? Turn(node, request, deadline) : rig_.waiting.Sleep(node, request, deadline);
      if (outcome == Outcome::kBlocked) outcome = rig_.waiting.Cancel(node, request);
    }
    if (result != nullptr) *result = request.result;
    return outcome;
  }

 private:
  Outcome Turn(Offset node, Request& request, Deadline deadline) {
    for (;;) {
      Outcome outcome = Outcome::kBlocked;
      Offset mail = rig_.waiting.TakeMail(id);
      while (const Offset at = rig_.waiting.NextMail(&mail, id)) {
        if (at == node && outcome == Outcome::kBlocked) outcome = rig_.waiting.Poll(at, request);
      }
      if (outcome == Outcome::kBlocked && rig_.waiting.TakeRecheck(id)) outcome = rig_.waiting.Recheck(node, request);
      if (outcome != Outcome::kBlocked || deadline.Expired()) return outcome;
      loop_.TurnFor(std::chrono::nanoseconds(deadline.nanos() - MonotonicNanos()));
    }
  }

  ProcessRig& rig_;
  bool in_loop_;
  EventLoop loop_;
};

}  // namespace allcores::testing
