#if defined(_WIN32)

#include "platform/name_tracker.h"

namespace allcores::platform {

// The system itself removes a name with the last handle of its object, and closes those of a process that ends: nothing
// is armed, and no process is needed for it.
NameTracker& NameTracker::Process() {
  static auto* const tracker = new NameTracker();
  return *tracker;
}

std::int64_t NameTracker::tracker() { return 0; }

}  // namespace allcores::platform

#endif
