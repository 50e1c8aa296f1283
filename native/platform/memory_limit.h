#pragma once

#include <cstdint>

namespace allcores::platform {

// Bytes of memory that this process may use: what the machine has, further limited by a cgroup. At least 1.
std::uint64_t MemoryLimit();

}  // namespace allcores::platform
