#include "addon/blocking_runs.h"

#include <map>
#include <mutex>
#include <utility>

namespace allcores::addon {

struct BlockingRuns::Table {
  std::mutex mutex;
  std::map<std::uint64_t, BlockingRuns*> threads;
};

// Never unmade: an environment may end after the process has begun to unmake such objects.
BlockingRuns::Table& BlockingRuns::OfProcess() {
  static auto* const table = new Table;
  return *table;
}

BlockingRuns::BlockingRuns(std::uint64_t key) : key_(key) {
  Table& table = OfProcess();
  const std::lock_guard lock(table.mutex);
  table.threads[key] = this;
}

BlockingRuns::~BlockingRuns() {
  Table& table = OfProcess();
  const std::lock_guard lock(table.mutex);
  // Another one of the same thread may have come since, if the library's modules were evaluated twice in it.
  const auto found = table.threads.find(key_);
  if (found != table.threads.end() && found->second == this) table.threads.erase(found);
}

void BlockingRuns::Begin(std::shared_ptr<KernelRun> run) {
  const std::lock_guard lock(OfProcess().mutex);
  // Relaxed here and below: it says nothing but "stop".
  if (aborted_) run->abort.store(1, std::memory_order_relaxed);
  run_ = std::move(run);
}

void BlockingRuns::End() {
  const std::lock_guard lock(OfProcess().mutex);
  run_.reset();
}

void BlockingRuns::Abort(std::uint64_t key) {
  Table& table = OfProcess();
  const std::lock_guard lock(table.mutex);
  const auto found = table.threads.find(key);
  if (found == table.threads.end()) return;
  BlockingRuns& runs = *found->second;
  runs.aborted_ = true;
  if (runs.run_ != nullptr) runs.run_->abort.store(1, std::memory_order_relaxed);
}

}  // namespace allcores::addon
