#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "memory/segment.h"

namespace allcores::memory {

// Numbers for the segments of this process, so that one thread can name a segment to another in a few bytes.
//
// A segment lives while it has holders. Whoever creates it is its first; a reference on its way to another thread
// counts as one too, handed over with the number. The table is the only owner: with the last holder the pages go.
// A mutex guards it, since it is touched once per segment, never per task.
class SegmentTable {
 public:
  static SegmentTable& Process();

  // 0 when the system cannot give that much; otherwise a number with one holder.
  std::uint32_t Create(std::size_t bytes, platform::Reach reach = platform::Reach::kThreads);
  // Null for a number that is not (or no longer) known. Does not add a holder.
  std::shared_ptr<Segment> Find(std::uint32_t id);
  // False for an unknown number.
  bool Retain(std::uint32_t id);
  void Release(std::uint32_t id);

  // Segments that have a holder: for leak checks.
  std::size_t size();

 private:
  struct Entry {
    std::shared_ptr<Segment> segment;
    std::uint32_t holders = 0;
  };

  std::mutex mutex_;
  std::unordered_map<std::uint32_t, Entry> entries_;
  std::uint32_t next_ = 1;
};

}  // namespace allcores::memory
