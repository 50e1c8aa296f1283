#pragma once

#include "object/program.h"

namespace allcores::container {

// Enters dict and list.
void AddContainerTypes(object::Program::Types& types);

}  // namespace allcores::container
