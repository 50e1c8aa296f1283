#pragma once

#include "sync/waiting.h"

namespace allcores::sync {

// Enters what this folder knows of its kinds: locks, semaphores, conditions, events and barriers.
void AddSyncTypes(object::Program::Types&, WaitTypes&);

}  // namespace allcores::sync
