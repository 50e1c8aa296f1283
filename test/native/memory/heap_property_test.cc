#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "memory/heap.h"

namespace allcores::memory {
namespace {

// What the heap should hold: disjoint blocks, each filled with its own pattern.
class Model {
 public:
  Model(Heap& heap, participant::ParticipantId me, std::uint32_t seed) : heap_(heap), me_(me), random_(seed) {}

  void Allocate(std::uint64_t bytes) {
    const Offset block = heap_.Allocate(bytes, me_);
    if (block == 0) {
      ++refused_;
      return;
    }
    ASSERT_EQ(block % 16, 0U);
    ASSERT_GE(heap_.SizeOf(block), bytes);
    const auto after = blocks_.lower_bound(block);
    if (after != blocks_.end()) {
      ASSERT_LE(block + heap_.SizeOf(block), after->first);
    }
    if (after != blocks_.begin()) {
      const Offset before = std::prev(after)->first;
      ASSERT_LE(before + heap_.SizeOf(before), block);
    }
    const Content content{bytes / 8, random_()};
    for (std::uint64_t i = 0; i < content.words; ++i) heap_.At<std::uint64_t>(block)[i] = content.seed + i;
    blocks_.emplace(block, content);
    order_.push_back(block);
  }

  void FreeAny() {
    if (order_.empty()) return;
    const std::size_t chosen = random_() % order_.size();
    const Offset block = order_[chosen];
    order_[chosen] = order_.back();
    order_.pop_back();
    const Content content = blocks_.at(block);
    for (std::uint64_t i = 0; i < content.words; ++i) {
      ASSERT_EQ(heap_.At<std::uint64_t>(block)[i], content.seed + i) << "word " << i << " of block " << block;
    }
    heap_.Free(block, me_);
    blocks_.erase(block);
  }

  void Compare() {
    const HeapStats stats = heap_.Stats();
    ASSERT_EQ(stats.blocks, blocks_.size());
    std::uint64_t live = 0;
    for (const auto& [block, content] : blocks_) live += heap_.SizeOf(block);
    ASSERT_GE(stats.live, live);
    ASSERT_LE(stats.live, live + 16 * blocks_.size());  // padding of builds with checks
    ASSERT_GE(stats.committed, stats.live);
    ASSERT_LE(stats.committed, stats.limit);
  }

  // Small sizes are frequent, large ones occur.
  std::uint64_t AnySize() {
    const std::uint64_t width = random_() % 18;
    return random_() % (std::uint64_t{2} << width);
  }
  bool OneIn(std::uint32_t chances) { return random_() % chances == 0; }
  [[nodiscard]] std::size_t size() const { return blocks_.size(); }
  [[nodiscard]] std::size_t refused() const { return refused_; }

 private:
  struct Content {
    std::uint64_t words;
    std::uint64_t seed;
  };

  Heap& heap_;
  participant::ParticipantId me_;
  std::mt19937_64 random_;
  std::map<Offset, Content> blocks_;
  std::vector<Offset> order_;
  std::size_t refused_ = 0;
};

class HeapPropertyTest : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(Seeds, HeapPropertyTest, ::testing::Range(1U, 5U));

// Waves of growth and decline in a heap that is sometimes too small.
TEST_P(HeapPropertyTest, BlocksAreDisjointAlignedAndKeepTheirContents) {
  const auto heap = Heap::Create(std::uint64_t{4} << 20);
  ASSERT_NE(heap, nullptr);
  Model model(*heap, heap->participants().Join(1), GetParam());
  for (std::uint32_t wave = 0; wave < 12; ++wave) {
    const bool grows = wave % 2 == 0;
    for (std::uint32_t step = 0; step < 400; ++step) {
      if (model.OneIn(4) != grows) {
        ASSERT_NO_FATAL_FAILURE(model.Allocate(model.AnySize()));
      } else {
        ASSERT_NO_FATAL_FAILURE(model.FreeAny());
      }
    }
    ASSERT_NO_FATAL_FAILURE(model.Compare());
  }
  EXPECT_GT(model.refused(), 0U);  // it did run out
  while (model.size() > 0) ASSERT_NO_FATAL_FAILURE(model.FreeAny());
  ASSERT_NO_FATAL_FAILURE(model.Compare());
  // Nothing is left between free neighbours that would keep them apart.
  ASSERT_NO_FATAL_FAILURE(model.Allocate((std::uint64_t{4} << 20) - 16));
  EXPECT_EQ(model.size(), 1U);
}

}  // namespace
}  // namespace allcores::memory
