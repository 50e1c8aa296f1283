#pragma once

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "platform/futex.h"

namespace allcores::testing {

#if defined(__linux__)
using Futexes = ::testing::Types<platform::LinuxFutex, platform::StdFutex>;
#elif defined(__APPLE__)
using Futexes = ::testing::Types<platform::DarwinFutex, platform::StdFutex>;
#elif defined(_WIN32)
using Futexes = ::testing::Types<platform::WindowsFutex, platform::StdFutex>;
#else
using Futexes = ::testing::Types<platform::StdFutex>;
#endif

struct FutexNames {
  template <typename Futex>
  static std::string GetName(int /*index*/) {
    return std::is_same_v<Futex, platform::StdFutex> ? "Portable" : "Native";
  }
};

}  // namespace allcores::testing
