#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <type_traits>

#include "support/race_detection.h"

namespace allcores::testing {

// The types that elements of vectors may have. Threads share memory alike whichever type of a width it is of, so
// ThreadSanitizer, under which these tests take longest, sees one of each width.
using ElementTypes =
    std::conditional_t<kRacesAreSeen, ::testing::Types<std::uint8_t, std::int16_t, std::int32_t, double>,
                       ::testing::Types<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t,
                                        std::uint32_t, std::int64_t, std::uint64_t, float, double>>;

}  // namespace allcores::testing
