#pragma once

#include <functional>

namespace allcores::platform {

// Two connected ends, one for each of two processes: what one rings, the other's event loop hears; and each learns of
// the other's end, however that came, from the system. Private to those two: it has no name.
struct Channel {
  int ours = -1;
  int theirs = -1;  // for the child to inherit; to be closed once it has
};

// Both ends -1 when the system refuses.
Channel OpenChannel();
void CloseEnd(int end);

// Makes the other end readable. Never blocks: where much was rung and not heard, once more tells nothing new.
void Ring(int end);

// From now on this process is killed as soon as the other end is gone, whatever it is doing, and no process that it
// starts inherits this end. Until then `on_ring` is called at each ring, or once for several, on a thread of its own,
// which reads what was rung. To be called once.
void DieWith(int end, std::function<void()> on_ring);

}  // namespace allcores::platform
