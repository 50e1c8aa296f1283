#include <cstring>

#include "container/message_flow.h"
#include "container/queue_lock.h"
#include "platform/cpu.h"

// Values into queues and out of them: mostly through rings.
namespace allcores::container {
namespace {

using participant::Guard;
using sync::Wakes;

constexpr int kSpinStep = 16;  // pauses between two looks
// A queue through which so many short messages went one after the other gets a ring for those that follow.
constexpr std::uint32_t kMostApart = 4;

// With the guard of the back alone. False: it takes both.
bool PutAtBack(Program& program, MessageQueue& queue, std::span<const std::byte> bytes, ParticipantId me) {
  MessageChain& messages = queue.messages;
  if (messages.back.load(std::memory_order_relaxed) == 0) return false;
  Guard guard(messages.guard);
  // What the dead one was about we leave to who has both.
  if (guard.Lock(program.participants(), me) == Guard::Entry::kInherited) messages.doubtful = 1;
  const Offset ring = messages.doubtful == 0 ? messages.back.load(std::memory_order_relaxed) : 0;
  const bool done = ring != 0 && messages.PutInto(*program.At<MessageRing>(ring), bytes);
  guard.Unlock();
  return done;
}

enum class Look : std::uint8_t { kTaken, kNothing, kElsewhere };

// With the queue's guard alone, which those who put do not touch. Nobody has to be told: there are fewer messages for
// the same waiters, and no producer waits where there are rings. kElsewhere: whatever there is is in no ring.
Look TakeAtFront(Program& program, Offset object, ParticipantId me, ReadValue* value) {
  MessageQueue& queue = *program.At<MessageQueue>(object);
  if (queue.messages.front.load(std::memory_order_relaxed) == 0) return Look::kElsewhere;
  const object::ObjectLock lock(program, object, me);
  const Offset front = queue.messages.front.load(std::memory_order_relaxed);
  if (front == 0) return Look::kElsewhere;
  auto& ring = *program.At<MessageRing>(front);
  const std::span<const std::byte> bytes = ring.First();
  if (bytes.data() == nullptr) {
    // Relaxed: who goes elsewhere takes the other guard.
    return ring.element.next.load(std::memory_order_relaxed) == 0 ? Look::kNothing : Look::kElsewhere;
  }
  value->Copy(bytes);
  queue.messages.TakeFrom(ring, bytes.size());
  queue.in_hand.store(queue.in_hand.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  return Look::kTaken;
}

// What to put a short message into: 0 is a block of its own.
std::uint64_t RingFor(const Program& program, const MessageQueue& queue) {
  const MessageChain& messages = queue.messages;
  if (queue.IsBounded()) return 0;
  if (messages.tail != 0 && MessageRing::IsRing(*program.At<ValueBlock>(messages.tail))) return MessageRing::kNext;
  return messages.short_ones < kMostApart ? 0 : MessageRing::kFirst;
}

// With both guards. kBlocked: it needs an element of its own, as *ring says.
Outcome PutShort(Program& program, Offset object, std::span<const std::byte> bytes, ParticipantId me,
                 std::uint64_t* ring) {
  Wakes wakes(program);
  const QueueLock lock(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  const Outcome outcome = MessageFlow(program, object, wakes).PutShort(bytes);
  *ring = RingFor(program, *program.At<MessageQueue>(object));
  return outcome;
}

// With both guards. A message that has a block goes to `*message`.
Outcome Take(Program& program, Offset object, ParticipantId me, ReadValue* value, Offset* message) {
  Sweep(program, object, me);
  Wakes wakes(program);
  const QueueLock lock(program, object, me);
  if (program.IsClosed(object)) return Outcome::kClosed;
  return MessageFlow(program, object, wakes).Take(value, message, me);
}

Offset MakeElement(Program& program, const ValueView& value, std::uint64_t ring, ParticipantId me) {
  if (ring != 0) {
    const Offset made = MessageRing::Make(program, ring, me);
    if (made != 0) {
      auto& fresh = *program.At<MessageRing>(made);
      fresh.Write(fresh.Find(value.bytes.size()), value.bytes);
      return made;
    }
  }
  const Offset made = object::MakeValueBlock(program, value.bytes.size(), value.links, me);
  if (made != 0 && !value.bytes.empty()) {
    std::memcpy(program.At<ValueBlock>(made)->Bytes(), value.bytes.data(), value.bytes.size());
  }
  return made;
}

}  // namespace

Outcome TryPutValue(Program& program, Offset object, const ValueView& value, ParticipantId me, Offset* message) {
  MessageQueue& queue = *program.At<MessageQueue>(object);
  *message = 0;
  std::uint64_t ring = 0;
  if (value.links.empty() && value.bytes.size() <= MessageRing::kMostRecord) {
    // First: it looks at nothing that those who take write to, nor at anything beside that.
    if (PutAtBack(program, queue, value.bytes, me)) return Outcome::kDone;
    if (!queue.IsBounded()) {
      const Outcome outcome = PutShort(program, object, value.bytes, me, &ring);
      if (outcome != Outcome::kBlocked) return outcome;
    }
  }
  const Offset element = MakeElement(program, value, ring, me);
  if (element == 0) return Outcome::kNoMemory;
  const Outcome outcome = TryPut(program, object, element, me);
  if (outcome == Outcome::kBlocked) {
    *message = element;  // of a queue with a bound: no ring
  } else if (outcome != Outcome::kDone) {
    object::FreeValueBlock(program, element, me);
  }
  return outcome;
}

// Who spins looks at what the getters have to themselves, as long as that is enough: each look at what the producers
// write to would cost them a cache miss.
Outcome TryGetValue(Program& program, Offset object, ParticipantId me, std::int64_t spin_nanos, ReadValue* value) {
  value->GiveBack();
  const MessageQueue& queue = *program.At<MessageQueue>(object);
  std::int64_t until = 0;
  for (;;) {
    const Look look = TakeAtFront(program, object, me, value);
    if (look == Look::kTaken) return Outcome::kDone;
    if (look == Look::kElsewhere && queue.messages.Items() != 0) break;
    if (spin_nanos <= 0 || QueueClosed(program, object)) break;
    for (int i = 0; i < kSpinStep; ++i) platform::Pause();
    const std::int64_t now = MonotonicNanos();
    if (until == 0) until = now + spin_nanos;
    if (now >= until) break;
  }
  Offset message = 0;
  const Outcome outcome = Take(program, object, me, value, &message);
  if (message != 0) value->Adopt(message, 0);
  return outcome;
}

}  // namespace allcores::container
