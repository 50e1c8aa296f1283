#include "addon/blocking_runs.h"

#include <map>
#include <mutex>
#include <utility>

namespace allcores::addon {
namespace {

struct Table {
  std::mutex mutex;
  std::map<std::uint64_t, std::shared_ptr<KernelRun>> runs;
};

// Never unmade: an environment may end after the process has begun to unmake such objects.
Table& OfProcess() {
  static auto* const table = new Table;
  return *table;
}

}  // namespace

BlockingRuns::Scope::Scope(std::uint64_t key, std::shared_ptr<KernelRun> run) : key_(key) {
  Table& table = OfProcess();
  const std::lock_guard lock(table.mutex);
  table.runs[key] = std::move(run);
}

BlockingRuns::Scope::~Scope() {
  Table& table = OfProcess();
  const std::lock_guard lock(table.mutex);
  table.runs.erase(key_);
}

void BlockingRuns::Abort(std::uint64_t key) {
  Table& table = OfProcess();
  const std::lock_guard lock(table.mutex);
  const auto found = table.runs.find(key);
  // Relaxed: it says nothing but "stop".
  if (found != table.runs.end()) found->second->abort.store(1, std::memory_order_relaxed);
}

}  // namespace allcores::addon
