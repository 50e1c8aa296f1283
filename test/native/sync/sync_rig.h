#pragma once

#include <utility>

#include "support/event_loop.h"
#include "support/hang.h"
#include "support/program_fixture.h"
#include "sync/lock_object.h"
#include "sync/sync_types.h"

namespace allcores::testing {

using object::ObjectKind;
using object::Offset;
using participant::ParticipantId;
using sync::Outcome;
using sync::Request;

// A program with the kinds of objects of sync/.
class SyncRig : public SharedProgram {
 public:
  SyncRig() : SharedProgram(sync::AddSyncTypes) {}

  Offset MakeLock(ParticipantId me, ObjectKind kind = ObjectKind::kLock, Offset manager = 0) {
    return program.Create(kind, sizeof(sync::LockObject), manager, me);
  }
  Outcome Release(Offset lock, ParticipantId me) { return sync::ReleaseLock(program, lock, me, false, nullptr); }
  Outcome Try(Offset object, ParticipantId me, std::uint64_t* result = nullptr) {
    Request request{.op = 0, .me = me};
    const Outcome outcome = waiting.Try(object, request);
    if (result != nullptr) *result = request.result;
    return outcome;
  }
  // The node of one who has to wait; 0 when it need not.
  Offset Queue(Offset object, ParticipantId me, bool in_loop = false) {
    Request request{.op = 0, .me = me, .in_loop = in_loop};
    Offset node = 0;
    waiting.Begin(object, request, 0, &node);
    return node;
  }
  std::pair<Outcome, std::uint64_t> Poll(Offset node) {
    Request request;
    const Outcome outcome = waiting.Poll(node, request);
    return {outcome, request.result};
  }
  Outcome Cancel(Offset node) {
    Request request;
    return waiting.Cancel(node, request);
  }
};

// A participant that waits on its thread or in an event loop. All ops of sync/ are 0.
class Waiter {
 public:
  Waiter(SyncRig& rig, bool loops) : id(rig.Join()), in_loop(loops), rig_(rig) {
    rig.program.wakers().Set(participant::IndexOf(id), [this] { loop_.Poke(); });
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    if (!dead_) Die(id);
  }

  const ParticipantId id;
  const bool in_loop;

  // kTimedOut: did not get it until then.
  Outcome Wait(Offset object, Deadline deadline = HangDeadline(), std::uint64_t* result = nullptr) {
    Request request{.op = 0, .me = id, .in_loop = in_loop};
    Offset node = 0;
    Outcome outcome = rig_.waiting.Begin(object, request, 0, &node);
    if (outcome == Outcome::kBlocked) outcome = Finish(node, request, deadline);
    if (result != nullptr) *result = request.result;
    return outcome;
  }
  // Of a node that was begun with this participant.
  Outcome Finish(Offset node, Request& request, Deadline deadline = HangDeadline()) {
    Outcome outcome = in_loop ? Turn(node, request, deadline) : rig_.waiting.Sleep(node, request, deadline);
    if (outcome == Outcome::kBlocked) outcome = rig_.waiting.Cancel(node, request);
    return outcome;
  }
  Offset Begin(Offset object) { return rig_.Queue(object, id, in_loop); }

  // Ends in the middle of everything, found by `finder` or by itself.
  void Die(ParticipantId finder) {
    rig_.program.wakers().Clear(participant::IndexOf(id));
    dead_ = true;
    Offset mail = rig_.waiting.TakeMail(id);
    while (rig_.waiting.NextMail(&mail, id) != 0) {
    }
    rig_.End(id, finder);
  }

 private:
  Outcome Turn(Offset node, Request& request, Deadline deadline) {
    for (;;) {
      Outcome outcome = Outcome::kBlocked;
      Offset mail = rig_.waiting.TakeMail(id);
      while (const Offset at = rig_.waiting.NextMail(&mail, id)) {
        if (at == node && outcome == Outcome::kBlocked) outcome = rig_.waiting.Poll(at, request);
      }
      if (outcome != Outcome::kBlocked) return outcome;
      if (rig_.waiting.TakeRecheck(id)) {
        outcome = rig_.waiting.Recheck(node, request);
        if (outcome != Outcome::kBlocked) return outcome;
      }
      const std::int64_t left = deadline.nanos() - MonotonicNanos();
      if (left <= 0) return Outcome::kBlocked;
      loop_.TurnFor(std::chrono::nanoseconds(left));
    }
  }

  SyncRig& rig_;
  EventLoop loop_;
  bool dead_ = false;
};

}  // namespace allcores::testing
