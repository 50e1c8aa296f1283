#include <gtest/gtest.h>

#include <cstdint>
#include <memory>

#include "memory/heap.h"

#if !defined(ALLCORES_HEAP_CHECKS)
#error "the tests of the core are built with the checks of the heap"
#endif

namespace allcores::memory {
namespace {

class HeapChecksDeathTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  std::unique_ptr<Heap> heap = Heap::Create(1 << 20);
  participant::ParticipantId me = heap->participants().Join(1);
};
INSTANTIATE_TEST_SUITE_P(Sizes, HeapChecksDeathTest, ::testing::Values(10, 1000, 20'000, 100'000));

TEST_P(HeapChecksDeathTest, ABlockIsFreedOnce) {
  const Offset block = heap->Allocate(GetParam(), me);
  heap->Free(block, me);
  EXPECT_DEATH(heap->Free(block, me), "broken invariant block_(was|is)_allocated");
}

TEST_P(HeapChecksDeathTest, NothingIsWrittenBehindABlock) {
  const Offset block = heap->Allocate(GetParam(), me);
  heap->At<char>(block)[heap->SizeOf(block)] = 1;
  EXPECT_DEATH(heap->Free(block, me), "broken invariant block_was_not_overrun");
}

TEST_P(HeapChecksDeathTest, WhatIsFreedIsABlock) {
  EXPECT_DEATH(heap->Free(0, me), "broken invariant spans_.Contains");
  EXPECT_DEATH(heap->Free(heap->size(), me), "broken invariant spans_.Contains");
  const Offset block = heap->Allocate(GetParam(), me);
  EXPECT_DEATH(heap->Free(block + 8, me), "broken invariant block_");
}

}  // namespace
}  // namespace allcores::memory
