#pragma once

#include <gtest/gtest.h>

#include "platform/futex.h"

namespace allcores::testing {

#if defined(__linux__)
using Futexes = ::testing::Types<platform::LinuxFutex, platform::StdFutex>;
#else
using Futexes = ::testing::Types<platform::StdFutex>;
#endif

struct FutexNames {
  template <typename Futex>
  static std::string GetName(int /*index*/) {
    return Futex::kProcessShared ? "Native" : "Portable";
  }
};

}  // namespace allcores::testing
