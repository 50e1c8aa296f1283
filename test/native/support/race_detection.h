#pragma once

namespace allcores::testing {

// ThreadSanitizer watches this program: each step takes some twenty times longer, and what is not compiled with it
// looks like a race.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool kRacesAreSeen = true;
#elif defined(__has_feature)
inline constexpr bool kRacesAreSeen = __has_feature(thread_sanitizer);
#else
inline constexpr bool kRacesAreSeen = false;
#endif

}  // namespace allcores::testing
