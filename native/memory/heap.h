#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "memory/block_allocator.h"
#include "memory/run_allocator.h"
#include "memory/span_table.h"
#include "participant/participant_table.h"
#include "platform/mapping.h"

namespace allcores::memory {

// A place in a heap, from its beginning. 0: none.
using Offset = std::uint64_t;

struct HeapHeader;

struct HeapStats {
  std::uint64_t limit;      // bytes that the heap may grow to
  std::uint64_t live;       // bytes in allocated blocks
  std::uint64_t committed;  // bytes of memory that blocks occupy, or occupied and did not give back
  std::uint64_t blocks;     // allocated blocks
};

// Allocates in one mapping that all threads and processes of a program share. References are offsets.
class Heap {
 public:
  // Null when the system refuses. Address space is reserved for `limit` bytes; memory is taken as it is used.
  static std::unique_ptr<Heap> Create(std::uint64_t limit);
  // The heap that a mapping of the same memory holds, wherever it lies. Null when it holds none, or one of another
  // version of this library.
  static std::unique_ptr<Heap> Attach(platform::Mapping mapping);

  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  ~Heap();

  // A block of at least `bytes`, aligned to 16, contents undefined; 0 when the heap is full. `me` is the caller.
  [[nodiscard]] Offset Allocate(std::uint64_t bytes, participant::ParticipantId me);
  // Of a block that Allocate gave, once.
  void Free(Offset block, participant::ParticipantId me);
  // Makes a new block read as zeroes. Of a long one the pages go back instead, and come as they are touched.
  void Zero(Offset block, std::uint64_t bytes) const;
  // Bytes that may be used of a block: at least what was asked for.
  [[nodiscard]] std::uint64_t SizeOf(Offset block) const;

  template <typename T>
  [[nodiscard]] T* At(Offset offset) const {
    return reinterpret_cast<T*>(mapping_.data() + offset);
  }
  [[nodiscard]] std::byte* data() const { return mapping_.data(); }
  [[nodiscard]] std::size_t size() const { return mapping_.size(); }
  // For processes to inherit, which then attach.
  [[nodiscard]] int descriptor() const { return mapping_.descriptor(); }

  [[nodiscard]] participant::ParticipantTable& participants() { return participants_; }
  // A few words at the heap's beginning for the one layer above that needs a fixed place: zero at first.
  static constexpr std::size_t kRootBytes = 1024;
  [[nodiscard]] std::byte* root() const;

  // Touches what Free is going to write to. The first access of a process to a page takes the system a while, in which
  // a kill is likely: who must not be killed between two steps reaches out before the first one.
  void Reach(Offset block) const;

  // Counted by a walk through the heap, and exact when nobody else allocates or frees meanwhile.
  [[nodiscard]] HeapStats Stats() const;

 private:
  explicit Heap(platform::Mapping mapping);
  Offset TakeLarge(std::uint64_t bytes, participant::ParticipantId me);

  platform::Mapping mapping_;
  participant::ParticipantTable participants_;
  HeapHeader* header_;
  // Views of this process on what lies in the mapping.
  SpanTable spans_;
  RunAllocator runs_;
  BlockAllocator blocks_;
};

}  // namespace allcores::memory
