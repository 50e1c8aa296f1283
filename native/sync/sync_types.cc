#include "sync/sync_types.h"

#include "sync/barrier_object.h"
#include "sync/condition_object.h"
#include "sync/event_object.h"
#include "sync/lock_object.h"
#include "sync/semaphore_object.h"
#include "sync/waiting.h"

namespace allcores::sync {

using object::ObjectKind;

void AddSyncTypes(object::Program::Types& types, WaitTypes& wait_types) {
  const auto add = [&](ObjectKind kind, const object::ObjectType& type, const WaitType& wait_type) {
    types[static_cast<std::uint32_t>(kind)] = type;
    wait_types[static_cast<std::uint32_t>(kind)] = wait_type;
  };
  types[static_cast<std::uint32_t>(ObjectKind::kNone)].recover = Waiting::FreeDead;
  add(ObjectKind::kLock, LockObjectType(), LockWaitType());
  add(ObjectKind::kRLock, LockObjectType(), LockWaitType());
  add(ObjectKind::kSemaphore, SemaphoreObjectType(), SemaphoreWaitType());
  add(ObjectKind::kCondition, ConditionObjectType(), ConditionWaitType());
  add(ObjectKind::kEvent, EventObjectType(), EventWaitType());
  add(ObjectKind::kBarrier, BarrierObjectType(), BarrierWaitType());
}

}  // namespace allcores::sync
