#include "container/connection.h"

#include <utility>

namespace allcores::container {
namespace {

using object::ObjectKind;

void Destroy(Program& program, Offset object, ParticipantId me) {
  // Each is given up before it is released: what a kill interrupts is done again.
  Connection& connection = *program.At<Connection>(object);
  if (connection.outgoing != 0) {
    CloseQueue(program, connection.outgoing, me);
    program.Release(std::exchange(connection.outgoing, 0), me);
  }
  if (connection.incoming != 0) {
    DiscardQueue(program, connection.incoming, me);  // nobody can receive from it any more
    program.Release(std::exchange(connection.incoming, 0), me);
  }
}

// Takes the references to the queues over.
Offset CreateEnd(Program& program, Offset incoming, Offset outgoing, Offset manager, ParticipantId me) {
  const Offset object = program.Create(ObjectKind::kConnection, sizeof(Connection), manager, me);
  if (object == 0) return 0;
  Connection& connection = *program.At<Connection>(object);
  program.HandsOf(me).Put(object::in_hand::Object(incoming));
  program.HandsOf(me).Put(object::in_hand::Object(outgoing));
  connection.incoming = incoming;
  connection.outgoing = outgoing;
  return object;
}

void ReleaseAll(Program& program, std::initializer_list<Offset> objects, ParticipantId me) {
  for (const Offset object : objects) {
    if (object == 0) continue;
    program.HandsOf(me).Put(object::in_hand::Object(object));
    program.Release(object, me);
  }
}

}  // namespace

bool CreatePipe(Program& program, bool duplex, Offset manager, ParticipantId me, Offset* a, Offset* b) {
  *a = 0;
  *b = 0;
  const Offset to_a = CreateQueue(program, 0, 0, manager, me);
  const Offset to_b = to_a != 0 && duplex ? CreateQueue(program, 0, 0, manager, me) : 0;
  if (to_a == 0 || (duplex && to_b == 0)) {
    ReleaseAll(program, {to_a, to_b}, me);
    return false;
  }
  const Offset end_a = CreateEnd(program, to_a, to_b, manager, me);
  if (end_a == 0) {
    ReleaseAll(program, {to_a, to_b}, me);
    return false;
  }
  program.Retain(to_a);
  if (to_b != 0) program.Retain(to_b);
  const Offset end_b = CreateEnd(program, to_b, to_a, manager, me);
  if (end_b == 0) {
    ReleaseAll(program, {to_a, to_b, end_a}, me);
    return false;
  }
  *a = end_a;
  *b = end_b;
  return true;
}

Offset ConnectionIncoming(const Program& program, Offset connection) {
  return program.At<Connection>(connection)->incoming;
}

Offset ConnectionOutgoing(const Program& program, Offset connection) {
  return program.At<Connection>(connection)->outgoing;
}

object::ObjectType ConnectionObjectType() {
  // What happens at deaths and shutdowns happens to its queues.
  return {.destroy = Destroy, .recover = nullptr, .close = nullptr, .repair = nullptr};
}

}  // namespace allcores::container
