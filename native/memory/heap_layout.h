#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/cache_line.h"
#include "memory/block_allocator.h"
#include "memory/heap.h"
#include "memory/run_allocator.h"
#include "memory/span_table.h"
#include "participant/participant_table.h"

namespace allcores::memory {

// How a heap begins.
struct HeapHeader {
  static constexpr std::uint64_t kMagic = 0x3170616568636c61;  // "alcheap1"
  static constexpr std::uint32_t kVersion = 1;

  std::uint64_t magic;  // written last
  std::uint32_t version;
  std::uint32_t units;
  alignas(kCacheLine) std::array<std::byte, Heap::kRootBytes> root;
  RunState runs;
  BlockState blocks;
};

// Where everything lies in a heap of so many units: header, participants, span table, links, units.
struct HeapLayout {
  static constexpr std::uint64_t kPage = 65536;  // the largest page of any system, so that parts share none

  std::uint64_t participants;
  std::uint64_t spans;
  std::uint64_t links;
  std::uint64_t begin;  // of the units
  std::uint64_t bytes;  // in all

  static constexpr HeapLayout For(std::uint32_t units) {
    HeapLayout layout{};
    layout.participants = RoundUp(sizeof(HeapHeader), kPage);
    layout.spans = layout.participants + RoundUp(participant::ParticipantTable::kBytes, kPage);
    layout.links = layout.spans + RoundUp(std::uint64_t{units} * sizeof(SpanEntry), kPage);
    layout.begin = layout.links + RoundUp(units * SpanTable::kLinkBytesPerUnit, kPage);
    layout.bytes = layout.begin + units * kUnitBytes;
    return layout;
  }
};

}  // namespace allcores::memory
