#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "memory/segment.h"
#include "memory/segment_table.h"

namespace allcores::addon {

// Segments by number, whoever can reach them: this process alone (memory::SegmentTable) or all processes of the program
// (memory::SharedSegments). The number tells which.
//
// What this process holds of shared ones is noted, so that it is given back should the process be killed. Who passes a
// holder on to another process exports it, and the other one imports it; in between a kill leaks it. For
// segments of this process both mean nothing. Safe for any thread.
class SegmentStore {
 public:
  // A number with one holder; 0 when there is no memory.
  static std::uint32_t Create(std::size_t bytes, memory::Contents contents, platform::Reach reach);
  // Valid while the caller holds it. Null for a number that names nothing.
  static std::shared_ptr<memory::Segment> Find(std::uint32_t id);
  // The same, holding it itself.
  static std::shared_ptr<memory::Segment> Hold(std::uint32_t id);
  static bool Retain(std::uint32_t id);
  static void Release(std::uint32_t id);
  static void Export(std::uint32_t id);
  static void Import(std::uint32_t id);
  // Segments that this process holds: for leak checks.
  static std::size_t Count();
};

}  // namespace allcores::addon
