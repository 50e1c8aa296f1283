#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "executor/range_loop.h"
#include "platform/thread.h"
#include "queue/task_ring.h"

namespace allcores::executor {

// Threads without JavaScript, for native code: jobs, each run once by one of them, and loops, which whoever has some
// threads left helps with. Knows nothing of what they do.
//
// A thread takes the oldest job first, and helps with loops when there is none. So several jobs run beside each other,
// each on one thread, and one alone has all threads for its loops. Whoever runs a loop takes part in it and needs
// nobody else, so loops may be nested and run on any thread, and none waits for a thread that is busy elsewhere.
//
// Loops are told about by entries of a TaskRing. As everywhere in this folder an entry is a hint: a place and a
// generation, which whoever comes too late finds changed. Cost: a job some 2 µs beside waking a thread, a loop one
// compare-and-swap for each helper and part; 64 loops at a time have helpers.
class ThreadPool {
 public:
  using Job = std::function<void()>;

  struct Stats {
    std::uint32_t threads;
    std::uint32_t idle;
    std::uint64_t queued;  // jobs that nobody has begun
    std::uint64_t running;
    std::uint64_t completed;
  };

  explicit ThreadPool(std::uint32_t threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  // Runs what was submitted, and joins the threads.
  ~ThreadPool();

  // Any thread. The job must not throw.
  void Submit(Job job);

  // Any thread. Calls `body` for parts of [0, length), each index once, on this thread and others; returns when all are
  // done. An abort that is not 0 ends it early: some parts are not run then.
  void For(std::size_t length, std::size_t grain, RangeLoop::Body body, void* context,
           const std::atomic<std::uint32_t>* abort);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(threads_.size()); }
  [[nodiscard]] Stats GetStats() const;

 private:
  static constexpr std::uint32_t kLoops = 64;
  static constexpr std::uint32_t kHints = 1024;

  // One loop at a time. The word: generation (16 bits), whether helpers may enter, and how many are inside. A helper
  // that has entered holds the loop, so its owner does not return before it has left.
  struct alignas(kCacheLine) Place {
    static constexpr std::uint32_t kOpen = 1U << 15;
    static constexpr std::uint32_t kHelpers = kOpen - 1;

    std::atomic<std::uint32_t> word{0};
    RangeLoop loop;

    bool Enter(std::uint32_t generation);
    void Leave();
    void CloseAndWait();
  };

  struct alignas(kCacheLine) Sleeper {
    std::atomic<std::uint32_t> park{0};
  };

  void Serve(std::uint32_t index);
  // True: there was something to do.
  bool DoOne();
  bool TakeJob(Job* job);
  bool HelpSomebody();
  [[nodiscard]] bool HasWork() const;
  void Park(std::uint32_t index);
  void Wake(std::uint32_t count);
  void Announce(std::uint32_t entry, std::uint32_t copies);

  std::mutex mutex_;                       // over jobs_ and the producer's end of hints_
  std::deque<Job> jobs_;                   // oldest first
  std::atomic<std::uint64_t> waiting_{0};  // jobs in it
  std::atomic<std::uint64_t> running_{0};
  std::atomic<std::uint64_t> completed_{0};
  std::atomic<std::uint32_t> stop_{0};
  std::atomic<std::uint32_t> sleepers_{0};
  std::atomic<std::uint64_t> vacant_{~std::uint64_t{0}};  // places that no loop has
  std::array<Place, kLoops> places_;
  queue::TaskRingEnds ends_{};
  std::array<std::atomic<std::uint32_t>, kHints> entries_{};
  queue::TaskRing hints_{&ends_, entries_.data(), kHints};
  std::unique_ptr<Sleeper[]> sleeping_;
  std::vector<platform::Thread> threads_;
};

}  // namespace allcores::executor
