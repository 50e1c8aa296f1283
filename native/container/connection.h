#pragma once

#include "container/message_queue.h"

namespace allcores::container {

// An end of a pipe: the queue that it receives from and the one that it sends to, of which the other end has the
// reverse. Waiting and closing are theirs. Ends do not refer to each other, so each goes with its own last reference.
//
// With an end go both directions: its peer receives what is left and then kClosed (the end of the file), and its sends
// are kClosed from then on (a broken pipe).
struct Connection {
  object::ObjectHeader header;
  // Constant, each a reference. 0: it does not go in this direction.
  Offset incoming;
  Offset outgoing;
};

// Two ends, each with one reference. Not duplex: `a` only receives and `b` only sends. False when the heap is full.
bool CreatePipe(Program&, bool duplex, Offset manager, ParticipantId me, Offset* a, Offset* b);

// The queue to get from and to peek at, and the one to put to; 0: none. No reference is added.
Offset ConnectionIncoming(const Program&, Offset connection);
Offset ConnectionOutgoing(const Program&, Offset connection);

object::ObjectType ConnectionObjectType();

}  // namespace allcores::container
