#pragma once

#include <cstdint>

namespace allcores::testing {

// In the core with schedule points (support/schedule_injection.cc) a process can be killed at a certain one of them, so
// that a test meets each gap between two steps of a protocol, one after the other. The plain core has none: there a
// test kills at random.
#if defined(ALLCORES_SCHEDULE_INJECTION)
inline constexpr bool kHasKillPoints = true;
// This process is killed as it comes to its n-th schedule point from now on, counted over all threads. 0: at none.
void DieAtSchedulePoint(std::uint32_t n);
#else
inline constexpr bool kHasKillPoints = false;
inline void DieAtSchedulePoint(std::uint32_t /*n*/) {}
#endif

}  // namespace allcores::testing
