#pragma once

#include "sync/waiting.h"

namespace allcores::container {

// Enters queue and connection.
void AddQueueTypes(object::Program::Types& types, sync::WaitTypes& wait_types);

}  // namespace allcores::container
