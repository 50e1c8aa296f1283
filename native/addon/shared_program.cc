#include "addon/shared_program.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "container/container_types.h"
#include "container/numbers.h"
#include "container/queue_types.h"
#include "platform/memory_limit.h"
#include "sync/sync_types.h"

namespace allcores::addon {
namespace {

// Less than this is of no use: the tables alone take some of it.
constexpr std::uint64_t kLeastLimit = std::uint64_t{16} << 20;

// How far the heap may grow, in bytes: as ALLCORES_HEAP_LIMIT says, else the memory that there is.
std::uint64_t HeapLimit() {
  const char* const wanted = std::getenv("ALLCORES_HEAP_LIMIT");
  const std::uint64_t bytes = wanted == nullptr ? 0 : std::strtoull(wanted, nullptr, 10);
  return std::max(kLeastLimit, bytes == 0 ? platform::MemoryLimit() : bytes);
}

}  // namespace

SharedProgram* SharedProgram::Process() {
  static std::mutex mutex;
  static SharedProgram* shared = nullptr;  // leaked on purpose
  const std::lock_guard lock(mutex);
  if (shared != nullptr) return shared;
  auto made = std::unique_ptr<SharedProgram>(new SharedProgram());
  // Address space may be short where memory is not: a smaller heap is better than none.
  std::unique_ptr<memory::Heap> heap;
  for (std::uint64_t limit = HeapLimit(); heap == nullptr && limit >= kLeastLimit; limit /= 2) {
    heap = memory::Heap::Create(limit);
  }
  if (heap == nullptr) return nullptr;
  object::Program::Types types{};
  sync::AddSyncTypes(types, made->wait_types_);
  container::AddQueueTypes(types, made->wait_types_);
  container::AddContainerTypes(types);
  types[static_cast<std::size_t>(object::ObjectKind::kValue)] = container::NumbersObjectType();
  types[static_cast<std::size_t>(object::ObjectKind::kArray)] = container::NumbersObjectType();
  made->program_ = std::make_unique<object::Program>(std::move(heap), types);
  made->caretaker_ = made->program_->participants().Join(~std::uint64_t{0});
  shared = made.release();
  return shared;
}

}  // namespace allcores::addon
