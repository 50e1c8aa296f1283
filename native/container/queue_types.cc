#include "container/queue_types.h"

#include "container/connection.h"

namespace allcores::container {

void AddQueueTypes(object::Program::Types& types, sync::WaitTypes& wait_types) {
  types[static_cast<std::uint32_t>(object::ObjectKind::kNone)].recover = sync::Waiting::FreeDead;
  const auto queue = static_cast<std::size_t>(object::ObjectKind::kQueue);
  types[queue] = QueueObjectType();
  wait_types[queue] = QueueWaitType();
  types[static_cast<std::size_t>(object::ObjectKind::kConnection)] = ConnectionObjectType();
}

}  // namespace allcores::container
