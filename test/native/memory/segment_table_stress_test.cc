#include <gtest/gtest.h>

#include "memory/segment_table.h"
#include "support/crew.h"
#include "support/random_delay.h"

namespace allcores::memory {
namespace {

// Each thread passes numbers to the next one, a reference with each, while it uses and releases its own.
TEST(SegmentTableStress, ReferencesUnderWayKeepSegmentsAlive) {
  constexpr int kThreads = 3;
  constexpr int kRounds = 300;
  SegmentTable table;
  std::atomic<std::uint32_t> hand[kThreads]{};
  std::atomic<int> broken{0};
  testing::Crew crew;
  for (int self = 0; self < kThreads; ++self) {
    crew.Add([&, self] {
      testing::RandomDelay delay(self);
      for (int round = 0; round < kRounds; ++round) {
        const std::uint32_t id = table.Create(64);
        *table.Find(id)->At<std::uint32_t>(0) = id;
        if (!table.Retain(id)) broken.fetch_add(1);
        // Release and acquire: the number carries what was written to the segment.
        const std::uint32_t unread = hand[(self + 1) % kThreads].exchange(id, std::memory_order_acq_rel);
        if (unread != 0) table.Release(unread);
        table.Release(id);
        if (delay.OneIn(4)) delay();
        const std::uint32_t got = hand[self].exchange(0, std::memory_order_acq_rel);
        if (got == 0) continue;
        const auto segment = table.Find(got);
        if (segment == nullptr || *segment->At<std::uint32_t>(0) != got) broken.fetch_add(1);
        table.Release(got);
      }
    });
  }
  crew.Join();
  for (auto& left : hand) {
    if (left != 0) table.Release(left);
  }
  EXPECT_EQ(broken, 0);
  EXPECT_EQ(table.size(), 0U);
}

}  // namespace
}  // namespace allcores::memory
