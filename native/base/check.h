#pragma once

#include <cstdio>
#include <cstdlib>

namespace allcores {

[[noreturn]] inline void FailCheck(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "allcores: broken invariant %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace allcores

// Aborts on a broken invariant of this library, never on anything that a caller can cause: those outcomes are values.
#define ALLCORES_CHECK(condition) \
  (static_cast<bool>(condition) ? static_cast<void>(0) : ::allcores::FailCheck(#condition, __FILE__, __LINE__))
