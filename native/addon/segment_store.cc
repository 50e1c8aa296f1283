#include "addon/segment_store.h"

#include "addon/shared_program.h"

namespace allcores::addon {
namespace {

using memory::Segment;
using memory::SegmentTable;
using memory::SharedSegments;

constexpr auto kSegment = object::Ledger::Kind::kSegment;

bool IsShared(std::uint32_t id) { return (id & SharedSegments::kShared) != 0; }

}  // namespace

std::uint32_t SegmentStore::Create(std::size_t bytes, memory::Contents contents, platform::Reach reach) {
  if (reach == platform::Reach::kThreads) return SegmentTable::Process().Create(bytes, reach, contents);
  SharedProgram* const shared = SharedProgram::Process();
  if (shared == nullptr) return 0;
  const std::uint32_t id =
      shared->program().segments().Create(bytes, contents == memory::Contents::kZero, shared->caretaker());
  if (id != 0) shared->holds().Add(kSegment, id);
  return id;
}

std::shared_ptr<Segment> SegmentStore::Find(std::uint32_t id) {
  if (!IsShared(id)) return SegmentTable::Process().Find(id);
  SharedProgram* const shared = SharedProgram::Process();
  if (shared == nullptr) return nullptr;
  const SharedSegments::Extent extent = shared->program().segments().Find(id);
  if (extent.begin == 0) return nullptr;
  return Segment::On(shared->program().heap().data() + extent.begin, extent.bytes, nullptr);
}

std::shared_ptr<Segment> SegmentStore::Hold(std::uint32_t id) {
  if (!Retain(id)) return nullptr;
  const std::shared_ptr<void> held(nullptr, [id](void* /*nothing*/) { Release(id); });
  const std::shared_ptr<Segment> found = Find(id);
  return Segment::On(found->data(), found->size(), held);
}

bool SegmentStore::Retain(std::uint32_t id) {
  if (!IsShared(id)) return SegmentTable::Process().Retain(id);
  SharedProgram* const shared = SharedProgram::Process();
  if (shared == nullptr || !shared->program().segments().Retain(id)) return false;
  shared->holds().Add(kSegment, id);
  return true;
}

void SegmentStore::Release(std::uint32_t id) {
  if (!IsShared(id)) return SegmentTable::Process().Release(id);
  SharedProgram* const shared = SharedProgram::Process();
  // Of what this process holds alone: a number that was passed on is somebody else's to give back.
  if (shared == nullptr || !shared->holds().Remove(kSegment, id)) return;
  shared->program().segments().Release(id, shared->caretaker());
}

void SegmentStore::Export(std::uint32_t id) {
  if (IsShared(id)) SharedProgram::Process()->holds().Remove(kSegment, id);
}

void SegmentStore::Import(std::uint32_t id) {
  if (IsShared(id)) SharedProgram::Process()->holds().Add(kSegment, id);
}

std::size_t SegmentStore::Count() {
  SharedProgram* const shared = SharedProgram::Existing();
  return SegmentTable::Process().size() + (shared == nullptr ? 0 : shared->holds().segments());
}

}  // namespace allcores::addon
