#include <gtest/gtest.h>

#include <numeric>

#include "executor/parallel.h"
#include "executor/thread_pool.h"
#include "support/crew.h"
#include "support/hang.h"
#include "support/random_delay.h"

namespace allcores::executor {
namespace {

using testing::Crew;
using testing::RandomDelay;

constexpr std::uint32_t kThreads = 3;
constexpr int kRounds = 300;

class ThreadPoolStressTest : public ::testing::Test {
 protected:
  ThreadPool pool{kThreads};
};

// Several threads run loops on one pool, one after the other, with pauses in which its threads go to sleep: each index
// of each loop is run once, and all that was written is seen when the loop is over.
TEST_F(ThreadPoolStressTest, LoopsOfManyThreadsRunEachIndexOnce) {
  Crew crew;
  for (std::uint32_t seed = 0; seed < kThreads; ++seed) {
    crew.Add([&, seed] {
      RandomDelay random(seed);
      const Parallel parallel(pool);
      for (int round = 0; round < kRounds; ++round) {
        std::vector<std::uint32_t> counts(1 + random.Below(300));
        parallel.For(counts.size(), 1 + random.Below(20), [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i) ++counts[i];
        });
        ASSERT_EQ(counts, std::vector<std::uint32_t>(counts.size(), 1));
        if (random.OneIn(8)) std::this_thread::sleep_for(std::chrono::microseconds(random.Below(200)));
      }
    });
  }
}

// A lost wake-up shows as a job that nobody begins.
TEST_F(ThreadPoolStressTest, JobsAreRunOnceWhoeverSleeps) {
  std::vector<std::atomic<std::uint32_t>> runs(kThreads * kRounds);
  Crew crew;
  for (std::uint32_t seed = 0; seed < kThreads; ++seed) {
    crew.Add([&, seed] {
      RandomDelay random(seed);
      for (int round = 0; round < kRounds; ++round) {
        std::atomic<std::uint32_t>& run = runs[seed * kRounds + static_cast<std::uint32_t>(round)];
        pool.Submit([&run] { run.fetch_add(1); });
        if (random.OneIn(2)) {
          ASSERT_TRUE(testing::Eventually([&] { return run.load() == 1; })) << "a hang";
        }
        if (random.OneIn(8)) std::this_thread::sleep_for(std::chrono::microseconds(random.Below(200)));
      }
    });
  }
  crew.Join();
  EXPECT_TRUE(testing::Eventually([&] { return pool.GetStats().completed == runs.size(); }));
  for (const auto& run : runs) EXPECT_EQ(run.load(), 1U);
}

TEST_F(ThreadPoolStressTest, JobsRunNestedLoopsBesideEachOther) {
  constexpr std::uint32_t kJobs = 60;
  std::atomic<std::uint64_t> sum{0};
  for (std::uint32_t job = 0; job < kJobs; ++job) {
    pool.Submit([&] {
      const Parallel parallel(pool);
      parallel.For(20, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          parallel.For(30, 4, [&](std::size_t from, std::size_t to) { sum.fetch_add(to - from); });
        }
      });
    });
  }
  EXPECT_TRUE(testing::Eventually([&] { return pool.GetStats().completed == kJobs; }));
  EXPECT_EQ(sum.load(), kJobs * 600U);
}

// Ended while its threads fall asleep or wake up: what was submitted is run, and nobody is left.
TEST_F(ThreadPoolStressTest, EndsAtAnyMoment) {
  RandomDelay random(7);
  for (int round = 0; round < kRounds; ++round) {
    std::atomic<std::uint32_t> runs{0};
    const std::uint32_t jobs = random.Below(4);
    {
      ThreadPool own(2);
      for (std::uint32_t i = 0; i < jobs; ++i) own.Submit([&] { runs.fetch_add(1); });
      random();
    }
    ASSERT_EQ(runs.load(), jobs);
  }
}

TEST_F(ThreadPoolStressTest, AnAbortEndsALoopForAll) {
  RandomDelay random(11);
  for (int round = 0; round < kRounds; ++round) {
    std::atomic<std::uint32_t> abort{0};
    std::vector<std::uint32_t> counts(2000);
    const std::size_t stop = random.Below(2000);
    Parallel(pool, &abort).For(counts.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        ++counts[i];
        if (i == stop) abort = 1;
      }
    });
    ASSERT_EQ(counts[stop], 1U);
    for (const std::uint32_t count : counts) ASSERT_LE(count, 1U);
  }
}

}  // namespace
}  // namespace allcores::executor
