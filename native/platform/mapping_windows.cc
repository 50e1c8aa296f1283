#if defined(_WIN32)

#include <windows.h>

#include "base/cache_line.h"
#include "platform/mapping.h"

// Memory of this process alone, whatever its reach: nothing else may wait for words in it (futex.h), so there is no
// descriptor that another process could inherit. Address space is reserved, and memory counts from when it is
// committed, of which the system promises no more than it has.
namespace allcores::platform {
namespace {

std::size_t PageBytes() {
  static const std::size_t bytes = [] {
    SYSTEM_INFO info{};
    GetSystemInfo(&info);
    return static_cast<std::size_t>(info.dwPageSize);
  }();
  return bytes;
}

}  // namespace

Mapping Mapping::Create(std::size_t bytes, Reach /*reach*/) {
  Mapping mapping = Reserve(bytes);
  return mapping.Commit(0, bytes) ? std::move(mapping) : Mapping();
}

Mapping Mapping::Reserve(std::size_t bytes) {
  Mapping mapping;
  void* const data = VirtualAlloc(nullptr, bytes, MEM_RESERVE, PAGE_READWRITE);
  if (data == nullptr) return {};
  mapping.data_ = static_cast<std::byte*>(data);
  mapping.size_ = bytes;
  return mapping;
}

Mapping Mapping::Attach(int /*descriptor*/) { return {}; }

bool Mapping::Commit(std::size_t offset, std::size_t bytes) const {
  return data_ != nullptr && VirtualAlloc(data_ + offset, bytes, MEM_COMMIT, PAGE_READWRITE) != nullptr;
}

// The system may take the pages when it is short of memory. They stay committed: somebody who was too late may be
// reading them.
bool Mapping::Discard(std::size_t offset, std::size_t bytes) const {
  const std::size_t begin = RoundUp(offset, PageBytes());
  const std::size_t end = (offset + bytes) / PageBytes() * PageBytes();
  if (begin < end) VirtualAlloc(data_ + begin, end - begin, MEM_RESET, PAGE_READWRITE);
  return false;
}

void Mapping::LetGo() const {
  if (data_ != nullptr) static_cast<void>(Discard(0, size_));
}

Mapping::~Mapping() {
  if (data_ != nullptr) VirtualFree(data_, 0, MEM_RELEASE);
}

}  // namespace allcores::platform

#endif
