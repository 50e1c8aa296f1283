#pragma once

#include <cstddef>

namespace allcores::platform {

// For a process that was forked from a large one and is going to stay: unmaps all memory but the files of programs and
// libraries, the stack that it is called on, and one range. Otherwise each page that the parent changes or gives back
// afterwards would be kept here.
//
// To be called on a stack that was allocated for a thread, beside which its thread-local variables are. Afterwards the
// process may only do system calls: neither allocate nor bind a symbol (the library is linked to bind all of them as it
// is loaded). Allocates nothing itself. Does nothing where the system cannot tell what is mapped.
#if defined(__linux__)
void ShedMemory(const void* kept, std::size_t kept_bytes);
#else
inline void ShedMemory(const void* /*kept*/, std::size_t /*kept_bytes*/) {}
#endif

}  // namespace allcores::platform
