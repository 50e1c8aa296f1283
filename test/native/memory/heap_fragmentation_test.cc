#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "memory/heap.h"
#include "memory/heap_layout.h"

namespace allcores::memory {
namespace {

// Bytes of the heap that are in memory, as the system sees it.
std::uint64_t ResidentBytes(const Heap& heap) {
  std::ostringstream wanted;
  wanted << std::hex << reinterpret_cast<std::uintptr_t>(heap.data()) << '-';
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  while (std::getline(maps, line) && !line.starts_with(wanted.str())) continue;
  while (std::getline(maps, line)) {
    if (line.starts_with("Rss:")) return std::stoull(line.substr(4)) * 1024;
  }
  return 0;
}

// A program whose taste in sizes changes: in each phase it replaces what it holds, in random order.
class HeapFragmentationTest : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kLive = std::uint64_t{16} << 20;
  static constexpr std::uint64_t kAllowance = std::uint64_t{128} << 20;  // of freed runs that stay in memory

  struct Range {
    std::uint64_t least;
    std::uint64_t most;
  };

  // What former phases left goes first.
  void Drop() {
    std::vector<Offset>& from = former.empty() ? blocks : former;
    std::swap(from[random() % from.size()], from.back());
    live -= heap->SizeOf(from.back());
    heap->Free(from.back(), me);
    from.pop_back();
  }
  void Phase(Range range) {
    std::uint64_t allocated = 0;
    former.insert(former.end(), blocks.begin(), blocks.end());
    blocks.clear();
    while (allocated < 3 * kLive) {
      const std::uint64_t bytes = range.least + random() % (range.most - range.least + 1);
      const Offset block = heap->Allocate(bytes, me);
      ASSERT_NE(block, 0U);
      std::memset(heap->At<std::byte>(block), 1, bytes);
      blocks.push_back(block);
      allocated += bytes;
      live += heap->SizeOf(block);
      while (live > kLive) Drop();
    }
  }

  std::unique_ptr<Heap> heap = Heap::Create(std::uint64_t{1} << 30);
  participant::ParticipantId me = heap->participants().Join(1);
  std::mt19937_64 random{1};
  std::vector<Offset> blocks;
  std::vector<Offset> former;
  std::uint64_t live = 0;
};

TEST_F(HeapFragmentationTest, MemoryFollowsWhatIsLive) {
  constexpr Range kPhases[] = {{16, 200},         {2000, 30'000},   {40'000, 300'000}, {100, 4000},
                               {10'000, 100'000}, {500, 1'000'000}, {20, 100},         {16, 30'000}};
  for (const Range range : kPhases) {
    ASSERT_NO_FATAL_FAILURE(Phase(range));
    const HeapStats stats = heap->Stats();
    // Freed runs that wait to be used again: documented, and bounded.
    const std::uint64_t spare = heap->At<HeapHeader>(0)->runs.dirty.load() * kUnitBytes;
    EXPECT_LE(spare, kAllowance);
    EXPECT_LE(stats.committed - spare, stats.live * 3 / 2) << range.least << " to " << range.most;
    EXPECT_LE(ResidentBytes(*heap), stats.live * 3 / 2 + spare / 8 * 9) << range.least << " to " << range.most;
    EXPECT_GE(ResidentBytes(*heap), kLive / 2);  // we look at the right mapping
  }
}

TEST_F(HeapFragmentationTest, WhatIsFreedBeyondTheAllowanceGoesBackToTheSystem) {
  const auto hold = [&](std::uint64_t bytes, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      blocks.push_back(heap->Allocate(bytes, me));
      ASSERT_NE(blocks.back(), 0U);
      std::memset(heap->At<std::byte>(blocks.back()), 1, bytes);
    }
  };
  for (const std::uint64_t bytes : {1000, 3'000'000}) {
    const std::uint64_t count = (kAllowance + kAllowance / 2) / bytes;
    ASSERT_NO_FATAL_FAILURE(hold(bytes, count));
    EXPECT_GT(ResidentBytes(*heap), kAllowance + kAllowance / 4);
    while (!blocks.empty()) Drop();
    EXPECT_LE(heap->Stats().committed, kAllowance + (1 << 20));
    EXPECT_LE(ResidentBytes(*heap), kAllowance + kAllowance / 8);
  }
}

}  // namespace
}  // namespace allcores::memory
