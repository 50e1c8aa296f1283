#pragma once

#include <cstdint>

namespace allcores::platform {

// Processors that this process may really use: its affinity mask, further limited by a cgroup CPU quota. At least 1.
std::uint32_t CpuCount();

// The operating system's number of the calling thread.
std::uint64_t CurrentThreadId();

// Binds the calling thread to one processor. False where the system does not offer it or refuses.
bool BindCurrentThread(std::uint32_t cpu);

// Tells the processor that this is a spin loop: saves power and lets a sibling hyperthread run.
inline void Pause() {
#if defined(__x86_64__) || defined(_M_X64)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb" ::: "memory");  // `yield` retires at once on most cores; isb waits about as long as x86's pause.
#endif
}

// Lets another thread that is ready on this processor run.
void Yield();

}  // namespace allcores::platform
