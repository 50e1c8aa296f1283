#include "participant/participant_table.h"

#include "base/check.h"
#include "base/schedule_point.h"
#include "platform/liveness.h"

namespace allcores::participant {
namespace {

constexpr std::uint32_t kUsesMask = kIdMask >> kIndexBits;

// Looking it up is a system call or two; a forked child has another number.
std::uint64_t OwnStartTime(std::uint64_t process) {
  static std::atomic<std::uint64_t> known_process{0};
  static std::atomic<std::uint64_t> known_time{0};
  // Acquire and release pair the two.
  if (known_process.load(std::memory_order_acquire) != process) {
    known_time.store(platform::ProcessStartTime(process), std::memory_order_relaxed);
    known_process.store(process, std::memory_order_release);
  }
  return known_time.load(std::memory_order_relaxed);
}

}  // namespace

// Places are claimed from the front, so those that never were end the table: searches stop there. One may be claimed
// and not used yet, or for good, if its claimant was killed: others come behind it.
bool ParticipantTable::IsBeyondAll(std::uint32_t index) const {
  const Participant& place = places_[index];
  // Acquire, and first: if it was claimed and given back, its use is visible.
  return place.claimed.load(std::memory_order_acquire) == 0 && place.uses.load(std::memory_order_relaxed) == 0;
}

ParticipantId ParticipantTable::Join(std::uint64_t key, ParticipantId host) {
  const std::uint64_t process = platform::CurrentProcessId();
  const std::uint64_t started = OwnStartTime(process);
  for (std::uint32_t index = 0; index < kMostParticipants; ++index) {
    Participant& place = places_[index];
    std::uint32_t vacant = 0;
    // Acquire pairs with Bury: nobody looks at the former one's fields any more.
    if (!place.claimed.compare_exchange_strong(vacant, 1, std::memory_order_acquire)) continue;
    ALLCORES_SCHEDULE_POINT();
    std::uint32_t uses = (place.uses.load(std::memory_order_relaxed) + 1) & kUsesMask;
    if (uses == 0) uses = 1;
    place.process.store(process, std::memory_order_relaxed);
    place.started.store(started, std::memory_order_relaxed);
    place.key.store(key, std::memory_order_relaxed);
    place.signals.store(0, std::memory_order_relaxed);
    place.mail.store(0, std::memory_order_relaxed);
    place.ledger.store(0, std::memory_order_relaxed);
    place.waits.store(0, std::memory_order_relaxed);
    for (std::atomic<std::uint64_t>& word : place.hands) word.store(0, std::memory_order_relaxed);
    place.host.store(host, std::memory_order_relaxed);
    place.uses.store(uses, std::memory_order_relaxed);
    const ParticipantId id = uses << kIndexBits | index;
    // Release: whoever sees the id sees the fields above.
    place.id.store(id, std::memory_order_release);
    return id;
  }
  return 0;
}

bool ParticipantTable::Leave(ParticipantId id) {
  ParticipantId expected = id;
  // Release: publishes all that it did. Fails if somebody has found it dead before.
  return At(id).id.compare_exchange_strong(expected, 0, std::memory_order_acq_rel);
}

void ParticipantTable::Bury(ParticipantId id) {
  ALLCORES_CHECK(!IsPresent(id));
  // Release: the next one to claim the place comes after all that was read of it.
  At(id).claimed.store(0, std::memory_order_release);
}

bool ParticipantTable::IsAlive(ParticipantId id) const {
  if (!IsPresent(id)) return false;
  const Participant& place = At(id);
  const std::uint64_t process = place.process.load(std::memory_order_relaxed);
  const std::uint64_t started = place.started.load(std::memory_order_relaxed);
  // Another one may have had our number before us.
  if (process == platform::CurrentProcessId()) return started == OwnStartTime(process);
  return platform::IsProcessAlive(process, started);
}

ParticipantId ParticipantTable::Find(std::uint64_t key) const {
  const std::uint64_t process = platform::CurrentProcessId();
  for (std::uint32_t index = 0; index < kMostParticipants && !IsBeyondAll(index); ++index) {
    const Participant& place = places_[index];
    const ParticipantId id = place.id.load(std::memory_order_acquire);
    if (id == 0 || place.key.load(std::memory_order_relaxed) != key) continue;
    if (place.process.load(std::memory_order_relaxed) == process) return id;
  }
  return 0;
}

ParticipantId ParticipantTable::NextPresent(ParticipantId after) const {
  const std::uint32_t first = after == 0 ? 0 : IndexOf(after) + 1;
  for (std::uint32_t index = first; index < kMostParticipants; ++index) {
    const ParticipantId id = places_[index].id.load(std::memory_order_acquire);
    if (id != 0) return id;
    if (IsBeyondAll(index)) return 0;
  }
  return 0;
}

ParticipantId ParticipantTable::NextDead(ParticipantId after) const {
  std::uint64_t living = platform::CurrentProcessId();
  std::uint64_t started = OwnStartTime(living);
  for (ParticipantId id = NextPresent(after); id != 0; id = NextPresent(id)) {
    const std::uint64_t process = At(id).process.load(std::memory_order_relaxed);
    const std::uint64_t since = At(id).started.load(std::memory_order_relaxed);
    if (process == living && since == started) continue;
    if (IsAlive(id)) {
      living = process;
      started = since;
    } else if (IsPresent(id)) {  // it has not left by itself meanwhile
      return id;
    }
  }
  return 0;
}

}  // namespace allcores::participant
