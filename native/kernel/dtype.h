#pragma once

#include <cstddef>
#include <cstdint>

#include "base/check.h"

namespace allcores::kernel {

// Types of elements, numbered as lib/memory/dtype.ts numbers them.
enum class DType : std::uint8_t {
  kInt8,
  kUint8,
  kInt16,
  kUint16,
  kInt32,
  kUint32,
  kInt64,
  kUint64,
  kFloat32,
  kFloat64,
};

inline constexpr std::uint32_t kDTypes = 10;

template <typename T>
inline constexpr DType kDTypeOf = DType::kFloat64;
template <>
inline constexpr DType kDTypeOf<std::int8_t> = DType::kInt8;
template <>
inline constexpr DType kDTypeOf<std::uint8_t> = DType::kUint8;
template <>
inline constexpr DType kDTypeOf<std::int16_t> = DType::kInt16;
template <>
inline constexpr DType kDTypeOf<std::uint16_t> = DType::kUint16;
template <>
inline constexpr DType kDTypeOf<std::int32_t> = DType::kInt32;
template <>
inline constexpr DType kDTypeOf<std::uint32_t> = DType::kUint32;
template <>
inline constexpr DType kDTypeOf<std::int64_t> = DType::kInt64;
template <>
inline constexpr DType kDTypeOf<std::uint64_t> = DType::kUint64;
template <>
inline constexpr DType kDTypeOf<float> = DType::kFloat32;

// Calls visit.operator()<T>() with the type of the elements.
template <typename Visit>
decltype(auto) VisitType(DType dtype, Visit&& visit) {
  switch (dtype) {
    case DType::kInt8:
      return visit.template operator()<std::int8_t>();
    case DType::kUint8:
      return visit.template operator()<std::uint8_t>();
    case DType::kInt16:
      return visit.template operator()<std::int16_t>();
    case DType::kUint16:
      return visit.template operator()<std::uint16_t>();
    case DType::kInt32:
      return visit.template operator()<std::int32_t>();
    case DType::kUint32:
      return visit.template operator()<std::uint32_t>();
    case DType::kInt64:
      return visit.template operator()<std::int64_t>();
    case DType::kUint64:
      return visit.template operator()<std::uint64_t>();
    case DType::kFloat32:
      return visit.template operator()<float>();
    case DType::kFloat64:
      break;
  }
  return visit.template operator()<double>();
}

}  // namespace allcores::kernel
