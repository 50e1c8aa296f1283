#pragma once

// Marks the gap between two steps of a lock-free protocol: a place where what another thread does matters. Nothing in
// the product. Tests that define ALLCORES_SCHEDULE_INJECTION supply a function that sometimes delays the caller there,
// so that gaps of a few nanoseconds are met in minutes instead of years (test/native/support/schedule_injection.cc).
#if defined(ALLCORES_SCHEDULE_INJECTION)
namespace allcores {
void SchedulePoint();
}  // namespace allcores
#define ALLCORES_SCHEDULE_POINT() ::allcores::SchedulePoint()
#else
#define ALLCORES_SCHEDULE_POINT() static_cast<void>(0)
#endif
