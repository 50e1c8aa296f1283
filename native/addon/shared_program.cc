#include "addon/shared_program.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "base/check.h"
#include "container/container_types.h"
#include "container/numbers.h"
#include "container/queue_types.h"
#include "object/keeper.h"
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

std::unique_ptr<memory::Heap> MakeHeap() {
  // Address space may be short where memory is not: a smaller heap is better than none.
  std::unique_ptr<memory::Heap> heap;
  for (std::uint64_t limit = HeapLimit(); heap == nullptr && limit >= kLeastLimit; limit /= 2) {
    heap = memory::Heap::Create(limit);
  }
  return heap;
}

std::mutex mutex;
SharedProgram* shared = nullptr;  // leaked on purpose

}  // namespace

SharedProgram::SharedProgram(std::unique_ptr<memory::Heap> heap) {
  object::Program::Types types{};
  sync::AddSyncTypes(types, wait_types_);
  container::AddQueueTypes(types, wait_types_);
  container::AddContainerTypes(types);
  types[static_cast<std::size_t>(object::ObjectKind::kValue)] = container::NumbersObjectType();
  types[static_cast<std::size_t>(object::ObjectKind::kArray)] = container::NumbersObjectType();
  program_ = std::make_unique<object::Program>(std::move(heap), types);
  caretaker_ = program_->participants().Join(~std::uint64_t{0});
  program_->SetHost(caretaker_);
  holds_ = std::make_unique<ProcessHolds>(*program_, caretaker_);
}

SharedProgram* SharedProgram::Process() {
  const std::lock_guard lock(mutex);
  if (shared != nullptr) return shared;
  std::unique_ptr<memory::Heap> heap = MakeHeap();
  if (heap != nullptr) shared = new SharedProgram(std::move(heap));
  return shared;
}

SharedProgram* SharedProgram::Existing() {
  const std::lock_guard lock(mutex);
  return shared;
}

bool SharedProgram::Attach(int descriptor) {
  const std::lock_guard lock(mutex);
  ALLCORES_CHECK(shared == nullptr);
  std::unique_ptr<memory::Heap> heap = memory::Heap::Attach(platform::Mapping::Attach(descriptor));
  if (heap == nullptr) return false;
  std::unique_ptr<SharedProgram> made(new SharedProgram(std::move(heap)));
  if (made->caretaker_ == 0) return false;
  shared = made.release();
  shared->attached_ = true;
  shared->Open();
  return true;
}

int SharedProgram::Open() {
  std::call_once(opened_, [this] { object::Keeper::Start(*program_, caretaker_, !attached_); });
  return program_->heap().descriptor();
}

}  // namespace allcores::addon
