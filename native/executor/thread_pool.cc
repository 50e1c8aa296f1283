#include "executor/thread_pool.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/schedule_point.h"
#include "executor/spin.h"
#include "platform/futex.h"
#include "sync/parker.h"

namespace allcores::executor {
namespace {

// How long a thread looks for more before it sleeps, in ns: about what being woken costs. Loops of one kernel follow
// each other within it.
constexpr std::int64_t kPatience = 50'000;

constexpr std::uint32_t kIndexMask = 0xffff;
constexpr std::uint32_t kGenerationShift = 16;

}  // namespace

ThreadPool::ThreadPool(std::uint32_t threads) : sleeping_(std::make_unique<Sleeper[]>(std::max(threads, 1U))) {
  const std::uint32_t count = std::max(threads, 1U);
  threads_.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    threads_.emplace_back([this, i] { Serve(i); });
  }
}

ThreadPool::~ThreadPool() {
  // Sequentially consistent, before the search for sleepers: who announces itself later sees it.
  stop_.store(1, std::memory_order_seq_cst);
  Wake(size());
  for (platform::Thread& thread : threads_) thread.Join();
}

void ThreadPool::Submit(Job job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    ALLCORES_SCHEDULE_POINT();
    // Sequentially consistent: published, and next sleepers are looked for.
    waiting_.fetch_add(1, std::memory_order_seq_cst);
  }
  Wake(1);
}

void ThreadPool::For(std::size_t length, std::size_t grain, RangeLoop::Body body, void* context,
                     const std::atomic<std::uint32_t>* abort) {
  if (length == 0) return;
  grain = std::max<std::size_t>(grain, 1);
  const std::size_t parts = (length - 1) / grain + 1;
  const auto helpers = static_cast<std::uint32_t>(std::min<std::size_t>(parts - 1, size() - 1));
  std::uint64_t vacant = helpers == 0 ? 0 : vacant_.load(std::memory_order_relaxed);
  // Acquire: whoever had the place before has finished with it.
  while (vacant != 0 && !vacant_.compare_exchange_weak(vacant, vacant & (vacant - 1), std::memory_order_acquire)) {
  }
  if (vacant == 0) {
    RangeLoop alone;
    alone.Begin(length, grain, helpers == 0 ? 1 : size(), body, context, abort);
    alone.Work();
    return;
  }
  const auto index = static_cast<std::uint32_t>(std::countr_zero(vacant));
  Place& place = places_[index];
  place.loop.Begin(length, grain, helpers + 1, body, context, abort);
  const std::uint32_t generation = place.word.load(std::memory_order_relaxed) >> kGenerationShift;
  // Release: whoever enters sees the loop.
  place.word.store(generation << kGenerationShift | Place::kOpen, std::memory_order_release);
  Announce(generation << kGenerationShift | index, helpers);
  place.loop.Work();
  place.CloseAndWait();
  // Another generation: entries for this loop that are still about name nothing. Relaxed: ours until it is vacant.
  place.word.store((generation + 1) << kGenerationShift, std::memory_order_relaxed);
  vacant_.fetch_or(std::uint64_t{1} << index, std::memory_order_release);
}

ThreadPool::Stats ThreadPool::GetStats() const {
  // Relaxed: figures.
  return {.threads = size(),
          .idle = std::min(sleepers_.load(std::memory_order_relaxed), size()),
          .queued = waiting_.load(std::memory_order_relaxed),
          .running = running_.load(std::memory_order_relaxed),
          .completed = completed_.load(std::memory_order_relaxed)};
}

bool ThreadPool::Place::Enter(std::uint32_t generation) {
  std::uint32_t seen = word.load(std::memory_order_relaxed);
  for (;;) {
    if (seen >> kGenerationShift != generation || (seen & kOpen) == 0) return false;
    ALLCORES_SCHEDULE_POINT();
    // Acquire: the loop, as it was when it was opened.
    if (word.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire, std::memory_order_relaxed)) return true;
  }
}

void ThreadPool::Place::Leave() {
  // Release: what this helper did comes before the loop's end. The owner may be gone with the next instruction, which
  // only wakes, and the place stays as long as the pool.
  const std::uint32_t before = word.fetch_sub(1, std::memory_order_release);
  ALLCORES_SCHEDULE_POINT();
  if ((before & (kOpen | kHelpers)) == 1) platform::Futex::WakeOne(word);
}

void ThreadPool::Place::CloseAndWait() {
  // Acquire: what those did who have left already; and below, of the others.
  std::uint32_t seen = word.fetch_and(~kOpen, std::memory_order_acquire) & ~kOpen;
  Spin spin(kPatience);
  while ((seen & kHelpers) != 0) {
    ALLCORES_SCHEDULE_POINT();
    if (!spin.Step()) platform::Futex::Wait(word, seen, Deadline::Never());
    seen = word.load(std::memory_order_acquire);
  }
}

// Tells of a loop; sleepers are woken to help. A full ring leaves it to those who are told already.
void ThreadPool::Announce(std::uint32_t entry, std::uint32_t copies) {
  {
    const std::lock_guard lock(mutex_);
    for (std::uint32_t i = 0; i < copies && hints_.TryPush(entry); ++i) {
    }
  }
  Wake(copies);
}

void ThreadPool::Serve(std::uint32_t index) {
  for (;;) {
    while (DoOne()) {
    }
    Spin spin(kPatience);
    bool found = false;
    do found = HasWork();
    while (!found && stop_.load(std::memory_order_relaxed) == 0 && spin.Step());
    if (found) continue;
    if (stop_.load(std::memory_order_seq_cst) != 0 && !HasWork()) return;
    Park(index);
  }
}

bool ThreadPool::DoOne() {
  Job job;
  if (!TakeJob(&job)) return HelpSomebody();
  job();
  job = nullptr;  // what it holds goes before it counts as completed
  // Relaxed: figures.
  completed_.fetch_add(1, std::memory_order_relaxed);
  running_.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

bool ThreadPool::TakeJob(Job* job) {
  // Relaxed, here and below: the lock decides, and who goes to sleep looks again in the one order of HasWork.
  if (waiting_.load(std::memory_order_relaxed) == 0) return false;
  const std::lock_guard lock(mutex_);
  if (jobs_.empty()) return false;
  *job = std::move(jobs_.front());
  jobs_.pop_front();
  running_.fetch_add(1, std::memory_order_relaxed);
  waiting_.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

bool ThreadPool::HelpSomebody() {
  std::uint32_t entry = 0;
  if (hints_.TryClaim(&entry, 1) == 0) return false;
  Place& place = places_[entry & kIndexMask];
  if (!place.Enter(entry >> kGenerationShift)) return true;  // it is over: there may be another one
  place.loop.Work();
  place.Leave();
  return true;
}

bool ThreadPool::HasWork() const { return waiting_.load(std::memory_order_seq_cst) != 0 || !hints_.empty(); }

// As in PoolCore (README, "Sleeping"): counted, announced, looked again, and only then asleep.
void ThreadPool::Park(std::uint32_t index) {
  sync::Parker parker(sleeping_[index].park);
  sleepers_.fetch_add(1, std::memory_order_seq_cst);
  ALLCORES_SCHEDULE_POINT();
  parker.Announce(sync::Parker::kParked);
  ALLCORES_SCHEDULE_POINT();
  if (!HasWork() && stop_.load(std::memory_order_seq_cst) == 0) parker.Sleep(Deadline::Never());
  if (parker.Retract()) sleepers_.fetch_sub(1, std::memory_order_relaxed);
}

void ThreadPool::Wake(std::uint32_t count) {
  for (std::uint32_t i = 0, woken = 0; i < size() && woken < count; ++i) {
    // Sequentially consistent: comes after the publication in the one order that the proof speaks of.
    if (sleepers_.load(std::memory_order_seq_cst) == 0) return;
    ALLCORES_SCHEDULE_POINT();
    if (sync::Parker(sleeping_[i].park).Notify() == sync::Parker::Notified::kNobody) continue;
    ALLCORES_SCHEDULE_POINT();
    sleepers_.fetch_sub(1, std::memory_order_relaxed);
    ++woken;
  }
}

}  // namespace allcores::executor
