#if !defined(_WIN32)

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "platform/mapping.h"

namespace allcores::platform {
namespace {

int OpenAnonymous() {
#if defined(__linux__)
  return memfd_create("allcores", MFD_CLOEXEC);
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

}  // namespace

Mapping Mapping::Create(std::size_t bytes, Reach reach) {
  Mapping mapping;
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
  if (reach == Reach::kProcesses) {
    mapping.descriptor_ = OpenAnonymous();
    if (mapping.descriptor_ < 0) return {};
    if (ftruncate(mapping.descriptor_, static_cast<off_t>(bytes)) != 0) return {};
    flags = MAP_SHARED;
  }
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, mapping.descriptor_, 0);
  if (data == MAP_FAILED) return {};
  mapping.data_ = static_cast<std::byte*>(data);
  mapping.size_ = bytes;
  return mapping;
}

Mapping::~Mapping() {
  if (data_ != nullptr) munmap(data_, size_);
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace allcores::platform

#endif
