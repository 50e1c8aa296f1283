#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "memory/heap.h"
#include "support/crew.h"
#include "support/random_delay.h"

namespace allcores::memory {
namespace {

constexpr std::uint32_t kThreads = 4;

// A block says in its first word how many words follow and which; a second owner would spoil that.
void Mark(const Heap& heap, Offset block, std::uint64_t bytes) {
  auto* words = heap.At<std::uint64_t>(block);
  words[0] = bytes / 8;
  for (std::uint64_t i = 1; i < bytes / 8; ++i) words[i] = block + i;
}

std::uint64_t CountDamage(const Heap& heap, Offset block) {
  const auto* words = heap.At<std::uint64_t>(block);
  std::uint64_t damage = 0;
  for (std::uint64_t i = 1; i < words[0]; ++i) damage += words[i] == block + i ? 0 : 1;
  return damage;
}

class HeapStressTest : public ::testing::Test {
 protected:
  void Open(std::uint64_t limit) {
    heap = Heap::Create(limit);
    ASSERT_NE(heap, nullptr);
  }
  // Runs body(thread, participant, delay) in kThreads threads.
  template <typename Body>
  void Run(Body body) {
    testing::Crew crew;
    for (std::uint32_t thread = 0; thread < kThreads; ++thread) {
      crew.Add([this, thread, body] {
        const participant::ParticipantId me = heap->participants().Join(thread + 1);
        testing::RandomDelay delay(thread);
        body(thread, me, delay);
        heap->participants().Leave(me);
      });
    }
  }
  // Everything was freed: so all of the heap is one run again, whoever did what.
  void ExpectWhole() {
    EXPECT_EQ(heap->Stats().blocks, 0U);
    EXPECT_EQ(heap->Stats().live, 0U);
    const participant::ParticipantId me = heap->participants().Join(99);
    EXPECT_NE(heap->Allocate(heap->Stats().limit - 16, me), 0U);
  }

  std::unique_ptr<Heap> heap;
  std::atomic<std::uint64_t> damage{0};
};

// Blocks change hands through a few slots: who frees one is hardly ever who allocated it.
TEST_F(HeapStressTest, BlocksPassFromThreadToThread) {
  constexpr std::uint32_t kSlots = 64;
  constexpr std::uint32_t kRounds = 8000;
  Open(std::uint64_t{8} << 20);
  std::vector<std::atomic<Offset>> slots(kSlots);
  const auto free_checked = [&](Offset block, participant::ParticipantId me) {
    if (block == 0) return;
    damage.fetch_add(CountDamage(*heap, block));
    heap->Free(block, me);
  };
  Run([&](std::uint32_t, participant::ParticipantId me, testing::RandomDelay& delay) {
    for (std::uint32_t i = 0; i < kRounds; ++i) {
      const std::uint64_t bytes = 8 + delay.Below(delay.OneIn(50) ? 100'000 : 600);
      const Offset block = heap->Allocate(bytes, me);
      if (block != 0) Mark(*heap, block, bytes);
      free_checked(slots[delay.Below(kSlots)].exchange(block, std::memory_order_acq_rel), me);
    }
  });
  const participant::ParticipantId me = heap->participants().Join(50);
  for (auto& slot : slots) free_checked(slot.load(), me);
  EXPECT_EQ(damage.load(), 0U);
  ExpectWhole();
}

// One span with two blocks, three threads that take and give back in every order: the first block is the same again and
// again while another thread holds a link it read before.
TEST_F(HeapStressTest, ABlockThatComesBackIsNotMistakenForTheOneSeenBefore) {
  constexpr std::uint32_t kRounds = 15000;
  for (const std::uint64_t bytes : {30'000, 6'000}) {  // 2 and 8 blocks to a span
    Open(std::uint64_t{1} << 16);                      // all of the heap
    Run([&](std::uint32_t thread, participant::ParticipantId me, testing::RandomDelay& delay) {
      Offset held[3] = {};
      for (std::uint32_t i = 0; i < kRounds; ++i) {
        Offset& slot = held[delay.Below(3)];
        auto* word = heap->At<std::uint32_t>(slot);
        if (slot == 0) {
          slot = heap->Allocate(bytes, me);
          if (slot != 0) *heap->At<std::uint32_t>(slot) = thread;
        } else {
          damage.fetch_add(*word == thread ? 0 : 1);
          *word = ~thread;
          heap->Free(slot, me);
          slot = 0;
        }
      }
      for (const Offset block : held) {
        if (block != 0) heap->Free(block, me);
      }
    });
    EXPECT_EQ(damage.load(), 0U);
    ExpectWhole();
  }
}

// Every thread fills spans of a class and empties them again while the others wait for the room: spans change their
// class all the time under threads that still look at them.
TEST_F(HeapStressTest, SpansChangeTheirClassUnderThreadsThatLookAtThem) {
  constexpr std::uint32_t kRounds = 150;
  constexpr std::uint64_t kSizes[] = {3000, 5000, 9000, 16'000, 40'000};
  Open(std::uint64_t{1} << 19);
  std::atomic<std::uint64_t> allocated{0};
  Run([&](std::uint32_t, participant::ParticipantId me, testing::RandomDelay& delay) {
    std::vector<Offset> blocks;
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      const std::uint64_t bytes = kSizes[delay.Below(5)];
      for (std::uint32_t i = 0; i < 40; ++i) {
        const Offset block = heap->Allocate(bytes, me);
        if (block == 0) break;
        Mark(*heap, block, bytes);  // all of it: a block of a smaller class would be overrun
        blocks.push_back(block);
      }
      allocated.fetch_add(blocks.size());
      while (!blocks.empty()) {
        std::swap(blocks[delay.Below(static_cast<std::uint32_t>(blocks.size()))], blocks.back());
        damage.fetch_add(CountDamage(*heap, blocks.back()));
        heap->Free(blocks.back(), me);
        blocks.pop_back();
      }
    }
  });
  EXPECT_GT(allocated.load(), kThreads * kRounds / 2);
  EXPECT_EQ(damage.load(), 0U);
  ExpectWhole();
}

// Some only allocate, others only free: what the ones free is room for the others.
TEST_F(HeapStressTest, WhatConsumersFreeFeedsProducers) {
  constexpr std::uint32_t kBlocks = 20'000;
  constexpr std::uint32_t kSlots = 256;
  Open(std::uint64_t{1} << 20);  // a small part of what is allocated in all
  std::vector<std::atomic<Offset>> slots(kSlots);
  std::atomic<std::uint32_t> freed{0};
  Run([&](std::uint32_t thread, participant::ParticipantId me, testing::RandomDelay& delay) {
    if (thread % 2 == 0) {
      for (std::uint32_t i = 0; i < kBlocks / 2;) {
        const Offset block = heap->Allocate(500, me);
        if (block == 0) continue;
        Mark(*heap, block, 500);
        Offset vacant = 0;
        while (!slots[delay.Below(kSlots)].compare_exchange_weak(vacant, block, std::memory_order_release)) vacant = 0;
        ++i;
      }
    } else {
      while (freed.load() < kBlocks) {
        const Offset block = slots[delay.Below(kSlots)].exchange(0, std::memory_order_acquire);
        if (block == 0) continue;
        damage.fetch_add(CountDamage(*heap, block));
        heap->Free(block, me);
        freed.fetch_add(1);
      }
    }
  });
  EXPECT_EQ(damage.load(), 0U);
  ExpectWhole();
}

}  // namespace
}  // namespace allcores::memory
