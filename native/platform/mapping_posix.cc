#if !defined(_WIN32)

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <limits>

#include "base/cache_line.h"
#include "platform/mapping.h"

namespace allcores::platform {
namespace {

int OpenAnonymous() {
#if defined(__linux__)
  const int descriptor = memfd_create("allcores", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  // Others could otherwise open it by way of /proc.
  if (descriptor >= 0) fchmod(descriptor, S_IRUSR | S_IWUSR);
  return descriptor;
#else
  // Named for the instant between open and unlink only; O_EXCL refuses a name that somebody planted.
  static std::atomic<unsigned> serial{0};
  char name[32];
  std::snprintf(name, sizeof name, "/allcores-%d-%u", static_cast<int>(getpid()), serial.fetch_add(1));
  const int descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
  if (descriptor >= 0) shm_unlink(name);
  return descriptor;
#endif
}

// Gives memory its length for good: nobody who has the descriptor can take pages away under others.
bool SetLength(int descriptor, std::size_t bytes) {
  if (ftruncate(descriptor, static_cast<off_t>(bytes)) != 0) return false;
#if defined(F_ADD_SEALS)
  fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
#endif
  return true;
}

// Of memory, and not of a file on some disk, to which every store would go. Where nobody can tell: of either.
bool IsOfMemory([[maybe_unused]] int descriptor) {
#if defined(F_GET_SEALS)
  return fcntl(descriptor, F_GET_SEALS) >= 0;
#else
  return true;
#endif
}

void* Map(std::size_t bytes) {
  return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

// Memory for this process alone. Large pieces begin at a large page and ask for such pages: faulting in 64 MB takes 9
// ms with them and 39 ms without (measured in a virtual machine). A rest that does not fill one stays in small pages.
void* MapPrivate(std::size_t bytes) {
#if defined(MADV_HUGEPAGE)
  constexpr std::size_t kLargePage = std::size_t{2} << 20;
  if (bytes >= kLargePage) {
    void* wide = Map(bytes + kLargePage);
    if (wide == MAP_FAILED) return MAP_FAILED;
    auto* const begin = static_cast<std::byte*>(wide);
    const auto address = reinterpret_cast<std::uintptr_t>(wide);
    const std::size_t before = RoundUp(address, kLargePage) - address;
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t used = before + RoundUp(bytes, page);
    if (before > 0) munmap(begin, before);
    if (used < bytes + kLargePage) munmap(begin + used, bytes + kLargePage - used);
    madvise(begin + before, bytes / kLargePage * kLargePage, MADV_HUGEPAGE);  // a wish: nothing is lost if refused
    return begin + before;
  }
#endif
  return Map(bytes);
}

}  // namespace

Mapping Mapping::Create(std::size_t bytes, Reach reach) {
  Mapping mapping;
  void* data = MAP_FAILED;
  if (reach == Reach::kThreads) {
    data = MapPrivate(bytes);
  } else {
    mapping.descriptor_ = OpenAnonymous();
    if (mapping.descriptor_ < 0) return {};
    if (!SetLength(mapping.descriptor_, bytes)) return {};
    data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, mapping.descriptor_, 0);
  }
  if (data == MAP_FAILED) return {};
  mapping.data_ = static_cast<std::byte*>(data);
  mapping.size_ = bytes;
  return mapping;
}

Mapping Mapping::Reserve(std::size_t bytes) {
  if (bytes > static_cast<std::size_t>(std::numeric_limits<off_t>::max())) return {};
  Mapping mapping;
  mapping.descriptor_ = OpenAnonymous();
  if (mapping.descriptor_ < 0) return {};
  if (!SetLength(mapping.descriptor_, bytes)) return {};
  return MapWhole(std::move(mapping), bytes);
}

Mapping Mapping::Attach(int descriptor) {
  Mapping mapping;
  mapping.descriptor_ = descriptor;
  struct stat found{};
  if (fstat(descriptor, &found) != 0 || found.st_size <= 0 || !IsOfMemory(descriptor)) return {};
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);  // what this process starts itself is told about it expressly
  return MapWhole(std::move(mapping), static_cast<std::size_t>(found.st_size));
}

Mapping Mapping::MapWhole(Mapping mapping, std::size_t bytes) {
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, mapping.descriptor_, 0);
  if (data == MAP_FAILED) return {};
#if defined(MADV_DONTDUMP)
  madvise(data, bytes, MADV_DONTDUMP);  // a wish
#endif
  mapping.data_ = static_cast<std::byte*>(data);
  mapping.size_ = bytes;
  return mapping;
}

bool Mapping::Commit(std::size_t /*offset*/, std::size_t /*bytes*/) const { return true; }

bool Mapping::Discard([[maybe_unused]] std::size_t offset, [[maybe_unused]] std::size_t bytes) const {
#if defined(MADV_REMOVE)
  static const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t begin = RoundUp(offset, page);
  const std::size_t end = (offset + bytes) / page * page;
  return begin >= end || madvise(data_ + begin, end - begin, MADV_REMOVE) == 0;  // refused for private memory
#else
  return false;
#endif
}

void Mapping::LetGo() const {
#if defined(MADV_FREE)
  if (data_ != nullptr) madvise(data_, size_, MADV_FREE);  // refused for shared memory: it stays
#endif
}

Mapping::~Mapping() {
  if (data_ != nullptr) munmap(data_, size_);
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace allcores::platform

#endif
