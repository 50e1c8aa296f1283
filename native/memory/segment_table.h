#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "memory/segment.h"

namespace allcores::memory {

// What a new segment holds.
enum class Contents : std::uint8_t {
  kZero,  // nothing but zeroes
  kAny,   // whatever was there before: it will be overwritten
};

// Numbers for the segments of this process, so that one thread can name a segment to another in a few bytes.
//
// A segment lives while it has holders. Whoever creates it is its first; a reference on its way to another thread
// counts as one too, handed over with the number. The table is the only owner: with the last holder the pages go, or
// are kept for a while to be used again, since faulting in new ones takes longer than copying into old ones. The system
// may take kept pages back when it is short of memory. A mutex guards it all: it is touched once per segment, never per
// task.
class SegmentTable {
 public:
  static SegmentTable& Process();

  // Bytes that are kept for use again, at most, and the shortest segment that is worth it.
  static constexpr std::size_t kMostSpare = std::size_t{192} << 20;
  static constexpr std::size_t kLeastSpare = std::size_t{64} << 10;

  // 0 when the system cannot give that much; otherwise a number with one holder. With kAny it may be larger than asked.
  std::uint32_t Create(std::size_t bytes, platform::Reach reach = platform::Reach::kThreads,
                       Contents contents = Contents::kZero);
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
    platform::Reach reach = platform::Reach::kThreads;
  };

  // Under the mutex.
  std::shared_ptr<Segment> TakeSpare(std::size_t bytes);
  // Gives those that had to make room, to be destroyed without the mutex.
  std::deque<std::shared_ptr<Segment>> KeepSpare(std::shared_ptr<Segment> segment);

  std::mutex mutex_;
  std::unordered_map<std::uint32_t, Entry> entries_;
  std::uint32_t next_ = 1;
  std::deque<std::shared_ptr<Segment>> spare_;  // the oldest first
  std::size_t spare_bytes_ = 0;
};

}  // namespace allcores::memory
