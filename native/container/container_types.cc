#include "container/container_types.h"

#include "container/dict.h"
#include "container/list.h"

namespace allcores::container {

void AddContainerTypes(object::Program::Types& types) {
  types[static_cast<std::size_t>(object::ObjectKind::kDict)] = DictObjectType();
  types[static_cast<std::size_t>(object::ObjectKind::kList)] = ListObjectType();
}

}  // namespace allcores::container
