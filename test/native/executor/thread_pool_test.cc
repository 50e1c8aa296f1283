#include "executor/thread_pool.h"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "executor/parallel.h"
#include "support/hang.h"

namespace allcores::executor {
namespace {

class ThreadPoolTest : public ::testing::Test {
 protected:
  // How often each index of a loop was run.
  std::vector<std::uint32_t> Counts(std::size_t length, std::size_t grain) {
    std::vector<std::uint32_t> counts(length);
    parallel.For(length, grain, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) ++counts[i];
    });
    return counts;
  }

  ThreadPool pool{3};
  Parallel parallel{pool};
};

TEST_F(ThreadPoolTest, RunsEachJobOnce) {
  std::atomic<int> runs[100] = {};
  {
    ThreadPool own(3);
    for (auto& run : runs) own.Submit([&run] { run.fetch_add(1); });
  }
  for (const auto& run : runs) EXPECT_EQ(run.load(), 1);
}

TEST_F(ThreadPoolTest, RunsJobsInTheirOrderOnOneThread) {
  std::vector<int> order;
  {
    ThreadPool own(1);
    for (int i = 0; i < 50; ++i) own.Submit([&order, i] { order.push_back(i); });
  }
  std::vector<int> expected(50);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(order, expected);
}

TEST_F(ThreadPoolTest, HasOneThreadAtLeast) {
  ThreadPool own(0);
  EXPECT_EQ(own.size(), 1U);
}

TEST_F(ThreadPoolTest, CountsWhatItDoes) {
  std::atomic<bool> go{false};
  std::atomic<int> begun{0};
  for (int i = 0; i < 5; ++i) {
    pool.Submit([&] {
      begun.fetch_add(1);
      while (!go.load()) std::this_thread::yield();
    });
  }
  ASSERT_TRUE(testing::Eventually([&] { return begun.load() == 3; }));
  EXPECT_EQ(pool.GetStats().running, 3U);
  EXPECT_EQ(pool.GetStats().queued, 2U);
  EXPECT_EQ(pool.GetStats().completed, 0U);
  go = true;
  EXPECT_TRUE(testing::Eventually([&] { return pool.GetStats().completed == 5; }));
  EXPECT_TRUE(testing::Eventually([&] { return pool.GetStats().idle == 3; }));
  EXPECT_EQ(pool.GetStats().running, 0U);
}

TEST_F(ThreadPoolTest, RunsEachIndexOnce) {
  for (const std::size_t length : {0, 1, 2, 7, 63, 64, 65, 1000, 100'003}) {
    for (const std::size_t grain : {0, 1, 3, 64, 5000, 1'000'000}) {
      const std::vector<std::uint32_t> counts = Counts(length, grain);
      EXPECT_EQ(std::count(counts.begin(), counts.end(), 1U), static_cast<std::ptrdiff_t>(length))
          << length << " by " << grain;
    }
  }
}

TEST_F(ThreadPoolTest, PartsAreNoShorterThanTheGrainButTheLast) {
  std::mutex mutex;
  std::set<std::pair<std::size_t, std::size_t>> parts;
  parallel.For(1003, 10, [&](std::size_t begin, std::size_t end) {
    const std::lock_guard lock(mutex);
    parts.emplace(begin, end);
  });
  std::size_t at = 0;
  for (const auto& [begin, end] : parts) {
    EXPECT_EQ(begin, at);
    if (end != 1003) {
      EXPECT_GE(end - begin, 10U);
    }
    at = end;
  }
  EXPECT_EQ(at, 1003U);
}

// On a pool of one thread, whose thread is busy: nobody else is needed.
TEST_F(ThreadPoolTest, ALoopNeedsNobodyElse) {
  std::atomic<bool> go{false};  // for longer than the pool, which runs the job to its end
  ThreadPool own(1);
  own.Submit([&] {
    while (!go.load()) std::this_thread::yield();
  });
  std::atomic<std::size_t> sum{0};
  Parallel(own).For(1000, 1, [&](std::size_t begin, std::size_t end) { sum.fetch_add(end - begin); });
  EXPECT_EQ(sum.load(), 1000U);
  go = true;
}

TEST_F(ThreadPoolTest, OthersHelpWithALoop) {
  std::mutex mutex;
  std::set<std::thread::id> who;
  // Each waits for the others: only as many threads as there are parts can end it.
  std::atomic<int> inside{0};
  parallel.For(3, 1, [&](std::size_t, std::size_t) {
    {
      const std::lock_guard lock(mutex);
      who.insert(std::this_thread::get_id());
    }
    inside.fetch_add(1);
    EXPECT_TRUE(testing::Eventually([&] { return inside.load() == 3; }));
  });
  EXPECT_EQ(who.size(), 3U);
}

TEST_F(ThreadPoolTest, LoopsMayBeNested) {
  std::atomic<std::size_t> sum{0};
  parallel.For(10, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      parallel.For(100, 7, [&](std::size_t from, std::size_t to) { sum.fetch_add(to - from); });
    }
  });
  EXPECT_EQ(sum.load(), 1000U);
}

// More than there are places: those that get none run alone.
TEST_F(ThreadPoolTest, LoopsMayBeNestedDeeply) {
  std::atomic<std::size_t> leaves{0};
  const std::function<void(int)> descend = [&](int depth) {
    if (depth == 0) {
      leaves.fetch_add(1);
      return;
    }
    parallel.For(2, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) descend(depth - 1);
    });
  };
  descend(8);
  EXPECT_EQ(leaves.load(), 256U);
  EXPECT_EQ(Counts(1000, 1), std::vector<std::uint32_t>(1000, 1));
}

TEST_F(ThreadPoolTest, AnAbortEndsALoopEarly) {
  std::atomic<std::uint32_t> abort{0};
  std::atomic<std::size_t> done{0};
  Parallel(pool, &abort).For(1'000'000, 1, [&](std::size_t begin, std::size_t end) {
    abort = 1;
    done.fetch_add(end - begin);
  });
  EXPECT_LT(done.load(), 1'000'000U);
  EXPECT_TRUE(Parallel(pool, &abort).aborted());
  std::size_t none = 0;
  Parallel(pool, &abort).For(10, 1, [&](std::size_t begin, std::size_t end) { none += end - begin; });
  EXPECT_EQ(none, 0U);
}

TEST_F(ThreadPoolTest, JobsMaySubmitJobsAndRunLoops) {
  std::atomic<std::size_t> sum{0};
  std::atomic<int> left{4};
  for (int i = 0; i < 2; ++i) {
    pool.Submit([&] {
      parallel.For(1000, 10, [&](std::size_t begin, std::size_t end) { sum.fetch_add(end - begin); });
      pool.Submit([&] { left.fetch_sub(1); });
      left.fetch_sub(1);
    });
  }
  EXPECT_TRUE(testing::Eventually([&] { return left.load() == 0; }));
  EXPECT_EQ(sum.load(), 2000U);
}

}  // namespace
}  // namespace allcores::executor
