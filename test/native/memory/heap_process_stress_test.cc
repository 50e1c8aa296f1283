#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include "memory/heap.h"
#include "support/child.h"
#include "support/random_delay.h"

namespace allcores::memory {
namespace {

// Shared through the heap's root. A block stands in a slot only while it is allocated and marked.
struct Board {
  static constexpr std::uint32_t kSlots = 32;

  std::atomic<Offset> slots[kSlots];
  std::atomic<std::uint64_t> rounds;
  std::atomic<std::uint64_t> damage;
};
static_assert(sizeof(Board) <= Heap::kRootBytes);

class HeapProcessStressTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(heap, nullptr);
    board = reinterpret_cast<Board*>(heap->root());
    me = heap->participants().Join(1);
  }

  void FreeChecked(Offset block, participant::ParticipantId by) const {
    if (block == 0) return;
    if (*heap->At<Offset>(block) != block) board->damage.fetch_add(1);
    heap->Free(block, by);
  }
  void Exchange(participant::ParticipantId by, testing::RandomDelay& delay) const {
    const Offset block = heap->Allocate(8 + delay.Below(delay.OneIn(8) ? 200'000 : 3000), by);
    if (block != 0) *heap->At<Offset>(block) = block;
    FreeChecked(board->slots[delay.Below(Board::kSlots)].exchange(block), by);
    board->rounds.fetch_add(1);
  }
  void Clear() const {
    for (auto& slot : board->slots) FreeChecked(slot.exchange(0), me);
  }

  std::unique_ptr<Heap> heap = Heap::Create(std::uint64_t{64} << 20);
  Board* board = nullptr;
  participant::ParticipantId me = 0;
};

TEST_F(HeapProcessStressTest, AChildAllocatesAndFreesInTheSameHeap) {
  const Offset ours = heap->Allocate(300, me);
  const Offset large = heap->Allocate(300'000, me);
  board->slots[0].store(ours);
  testing::Child child([&] {
    const participant::ParticipantId id = heap->participants().Join(2);
    heap->Free(board->slots[0].load(), id);
    heap->Free(large, id);
    const Offset theirs = heap->Allocate(5000, id);
    std::strcpy(heap->At<char>(theirs), "from the child");
    board->slots[1].store(theirs);
    heap->participants().Leave(id);
  });
  ASSERT_TRUE(child.Wait());
  const Offset theirs = board->slots[1].load();
  EXPECT_STREQ(heap->At<char>(theirs), "from the child");
  EXPECT_EQ(heap->Stats().blocks, 1U);
  heap->Free(theirs, me);
  EXPECT_EQ(heap->Allocate(300, me), ours);
}

TEST_F(HeapProcessStressTest, ParentAndChildrenExchangeBlocks) {
  const auto work = [&](std::uint32_t seed, participant::ParticipantId id) {
    testing::RandomDelay delay(seed);
    for (int i = 0; i < 3000; ++i) Exchange(id, delay);
  };
  testing::Child first([&] { work(1, heap->participants().Join(2)); });
  testing::Child second([&] { work(2, heap->participants().Join(3)); });
  work(3, me);
  EXPECT_TRUE(first.Wait());
  EXPECT_TRUE(second.Wait());
  Clear();
  EXPECT_EQ(board->damage.load(), 0U);
  EXPECT_EQ(heap->Stats().blocks, 0U);
}

// Two children at work; one after the other is killed wherever it is and replaced, while this process goes on. What a
// kill may cost is a block that was on its way to or from its slot, or two.
TEST_F(HeapProcessStressTest, KillsLeaveAHeapThatWorks) {
  constexpr std::uint32_t kKills = 60;
  testing::RandomDelay delay(7);
  const auto work = [&](std::uint32_t seed) {
    const participant::ParticipantId id = heap->participants().Join(seed);
    testing::RandomDelay random(seed);
    for (;;) Exchange(id, random);
  };
  const auto start = [&](std::uint32_t seed) { return std::make_unique<testing::Child>([&, seed] { work(seed); }); };
  std::unique_ptr<testing::Child> children[2] = {start(100), start(101)};
  for (std::uint32_t kill = 0; kill < kKills; ++kill) {
    const std::uint64_t before = board->rounds.load();
    for (int i = 0; i < 20; ++i) Exchange(me, delay);
    std::this_thread::sleep_for(std::chrono::microseconds(delay.Below(3000)));
    children[kill % 2]->Kill();
    children[kill % 2]->Wait();
    for (int i = 0; i < 20; ++i) Exchange(me, delay);
    EXPECT_GT(board->rounds.load(), before);
    children[kill % 2] = start(200 + kill);
  }
  for (auto& child : children) child.reset();
  Clear();
  EXPECT_EQ(board->damage.load(), 0U);
  EXPECT_LE(heap->Stats().blocks, (kKills + 2) * 2);
  // All but the lost blocks can still be used, in small and in large pieces.
  std::uint64_t live = 0;
  std::vector<Offset> blocks;
  for (const std::uint64_t bytes : {1'000'000, 30'000, 1000}) {
    while (const Offset block = heap->Allocate(bytes, me)) blocks.push_back(block);
  }
  live = heap->Stats().live;
  EXPECT_GT(live, heap->Stats().limit / 100 * 95);
  for (const Offset block : blocks) heap->Free(block, me);
}

}  // namespace
}  // namespace allcores::memory
