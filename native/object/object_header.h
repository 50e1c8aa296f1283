#pragma once

#include <atomic>
#include <cstdint>

#include "base/cache_line.h"
#include "memory/heap.h"

namespace allcores::object {

using memory::Offset;
using participant::ParticipantId;

// What a shared object is. The numbers are known to JavaScript (lib/heap/outcome.ts).
enum class ObjectKind : std::uint32_t {
  kNone = 0,  // destroyed, or never made
  kLock = 1,
  kRLock = 2,
  kSemaphore = 3,
  kCondition = 4,
  kEvent = 5,
  kBarrier = 6,
  kQueue = 7,
  kConnection = 8,
  kValue = 9,
  kDict = 10,
  kList = 11,
  kManager = 12,
  kArray = 13,
};
inline constexpr std::uint32_t kObjectKinds = 14;

// How every shared object begins. All-zero after the header is the valid initial state of each kind.
struct alignas(kCacheLine) ObjectHeader {
  static constexpr std::uint32_t kClosed = 1;  // bit of `flags`: its manager was shut down

  std::atomic<std::uint32_t> kind;
  std::atomic<std::uint32_t> references;  // handles, and values that name it; the last one destroys
  std::atomic<std::uint32_t> guard;       // participant::Guard over all that follows in the object
  std::atomic<std::uint32_t> flags;
  // The list of all objects of its class: truth is `next`, `previous` is derived. Under the registry's guard.
  Offset next;
  Offset previous;
  Offset manager;  // that made it, or 0; constant. A reference: no other manager takes its place and closes this one
  std::uint64_t reserved[2];
};
static_assert(sizeof(ObjectHeader) == kCacheLine || kCacheLine != 64);

}  // namespace allcores::object
