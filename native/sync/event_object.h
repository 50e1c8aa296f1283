#pragma once

#include "sync/waiting.h"

namespace allcores::sync {

// A flag that somebody sets and others wait for.
//
// A death changes nothing here but that the dead one waits no more: an event belongs to nobody.
struct EventObject {
  static constexpr std::uint32_t kWait = 0;  // op: until it is set

  object::ObjectHeader header;
  std::atomic<std::uint32_t> set;  // its store commits SetEvent: whoever is still queued then is let go by repair
  std::uint32_t reserved;
  WaitQueue waiters;
};

// 0 when the heap is full.
Offset CreateEvent(Program&, Offset manager, ParticipantId me);
// Lets go everybody who waits, even if it is cleared before they have run. kClosed after its manager's shutdown.
Outcome SetEvent(Program&, Offset event, ParticipantId me);
Outcome ClearEvent(Program&, Offset event, ParticipantId me);
// Without a guard: true tells that all done before the setting is visible.
bool IsSet(const Program&, Offset event);

WaitType EventWaitType();
object::ObjectType EventObjectType();

}  // namespace allcores::sync
