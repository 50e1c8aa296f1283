#if defined(_WIN32)

#include "platform/channel.h"

#include "base/check.h"

// There are no channels, since there are no words that two processes can wait for (futex.h): what two ends have to do
// with each other would be of no use. Nobody has an end, so nobody has anything to ring at.
namespace allcores::platform {

Channel OpenChannel() { return {}; }

void CloseEnd(int /*end*/) {}

void Ring(int /*end*/) {}

void DieWith(int /*end*/, std::function<void()> /*on_ring*/) {
  const bool process_has_an_end = false;
  ALLCORES_CHECK(process_has_an_end);
}

}  // namespace allcores::platform

#endif
