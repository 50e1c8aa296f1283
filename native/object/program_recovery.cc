#include "object/program.h"

#include "base/schedule_point.h"
#include "object/ledger.h"
#include "object/stored_value.h"

// What becomes of that which a dead participant held.
namespace allcores::object {

void Program::Recover(ParticipantId dead, ParticipantId me) {
  LockRegistry(me);
  for (Offset at = root_->waitables.load(std::memory_order_relaxed); at != 0; at = Header(at).next) {
    const ObjectType& type = types_[Header(at).kind.load(std::memory_order_relaxed)];
    if (type.recover != nullptr) type.recover(*this, at, dead, me);
  }
  UnlockRegistry();
  // What participants have beside objects.
  if (types_[0].recover != nullptr) types_[0].recover(*this, 0, dead, me);
  if (dead != me) Rouse();
}

void Program::RecoverDead(ParticipantId me) {
  if (participants().NextDead(0) == 0) return;
  participant::Guard guard(root_->recovery);
  // Inherited or not: every step below may be repeated.
  static_cast<void>(guard.Lock(participants(), me));
  for (ParticipantId dead = participants().NextDead(0); dead != 0; dead = participants().NextDead(dead)) {
    Recover(dead, me);
    ALLCORES_SCHEDULE_POINT();
    SettleHands(dead, me);
    Ledger::Settle(*this, dead, me);
    ALLCORES_SCHEDULE_POINT();
    // Should we be killed between the two, the place is lost: one of thousands.
    if (participants().Leave(dead)) participants().Bury(dead);
  }
  guard.Unlock();
}

// Emptied before what was in it is freed: should we be killed as well, that leaks.
void Program::SettleHands(ParticipantId dead, ParticipantId me) {
  for (std::atomic<std::uint64_t>& word : participants().At(dead).hands) {
    // Acquire: what it stored before it noted this; and nothing that follows comes before the word is empty.
    const std::uint64_t what = word.exchange(0, std::memory_order_acquire);
    if (what == 0) continue;
    const Offset block = what & ~in_hand::kMask;
    switch (what & in_hand::kMask) {
      case in_hand::kValue:
        FreeValueBlock(*this, block, me);
        break;
      case in_hand::kRaw:
        heap_->Free(block, me);
        break;
      case in_hand::kObject:
        if (Header(block).references.load(std::memory_order_relaxed) != 0) {
          Release(block, me);
        } else {
          if (IsRegistered(block, me)) Unregister(block, me);
          HandsOf(me).Take(in_hand::Object(block));
          DestroyWithAll(block, me);
        }
        break;
      default:
        types_[what & in_hand::kMask].discard(*this, block, me);
    }
  }
}

// Who is killed may have changed an object and not woken those whom it concerns. One that ends in order has.
void Program::Rouse() {
  for (ParticipantId id = participants().NextPresent(0); id != 0; id = participants().NextPresent(id)) {
    // Release: what was recovered comes before.
    participants().At(id).signals.fetch_or(participant::Participant::kRecheck, std::memory_order_release);
    Wake(id, false);
    Wake(id, true);
  }
}

}  // namespace allcores::object
