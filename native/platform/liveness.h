#pragma once

#include <cstdint>

namespace allcores::platform {

// Number of this process.
std::uint64_t CurrentProcessId();

// When a process was started, in the system's own unit: together with its number it names a process for good, since
// numbers are used again. 0 when there is no such process, or when it has ended and only its exit status is left.
std::uint64_t ProcessStartTime(std::uint64_t process);

// False once the process with this number and start time can run no more instructions.
inline bool IsProcessAlive(std::uint64_t process, std::uint64_t started) {
  return started != 0 && ProcessStartTime(process) == started;
}

}  // namespace allcores::platform
