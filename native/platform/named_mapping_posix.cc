#if !defined(_WIN32)

#include "platform/named_mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>

#include "platform/name_tracker.h"
#include "platform/shm_name.h"

namespace allcores::platform {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  const int number_;
};

// The system would take some of these for folders, or for other names.
int CheckName(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find_first_of(std::string("/\0", 2)) != std::string::npos) {
    return EINVAL;
  }
  return name.size() > NamedMapping::kMostNameBytes ? ENAMETOOLONG : 0;
}

// Gives an empty object its size. Memory comes as it is touched. To ask for all of it at once (fallocate) could take
// the whole machine's memory and have the system end other programs.
int Grow(int file, std::size_t bytes) {
  if (bytes > static_cast<std::size_t>(std::numeric_limits<off_t>::max())) return ENOMEM;
#if defined(__linux__)
  // What does not fit into the folder now, as is small in many containers, is refused rather than to end by a signal
  // whoever touches it. A folder of 0 blocks has no limit.
  struct statvfs folder{};
  if (fstatvfs(file, &folder) == 0 && folder.f_blocks != 0 && bytes / folder.f_frsize >= folder.f_bavail) return ENOSPC;
#endif
  return ftruncate(file, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
}

// An object without a name, or -1 where there is no such thing.
int OpenNameless() {
#if defined(O_TMPFILE)
  return open(ShmName::kPrefix, O_TMPFILE | O_RDWR | O_CLOEXEC, ShmName::kMode);
#else
  return -1;
#endif
}

// Gives it one. 0, or errno: EEXIST when somebody has it.
int GiveName([[maybe_unused]] int file, [[maybe_unused]] const ShmName& name) {
#if defined(O_TMPFILE)
  char path[32];
  std::snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  return linkat(AT_FDCWD, path, AT_FDCWD, name.path(), AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
#else
  return ENOSYS;
#endif
}

}  // namespace

int NamedMapping::Create(const std::string& name, std::size_t bytes, std::span<const std::byte> contents,
                         NamedMapping* created, Appearance appearance) {
  if (const int error = CheckName(name); error != 0) return error;
  const ShmName shm(name.c_str());
  ObjectIdentity other;
  if (shm.Identify(&other) == 0) return EEXIST;  // before all that memory is taken
  const int nameless = appearance == Appearance::kWhole ? OpenNameless() : -1;
  const Descriptor file(nameless >= 0 ? nameless : shm.Open(O_RDWR | O_CREAT | O_EXCL));
  if (file.number() < 0) return errno;

  NamedMapping made;
  struct stat status{};
  int error = fstat(file.number(), &status) == 0 ? 0 : errno;
  made.identity_ = shm.IdentityOf(status);
  NameTracker& tracker = NameTracker::Process();
  // A process that is killed between these two steps leaves the name behind. There is no such instant below.
  if (error == 0 && nameless < 0) error = tracker.Arm(name, made.identity_, [] { return 0; });
  if (error == 0) error = Grow(file.number(), bytes);
  if (error == 0) error = made.Map(file.number(), bytes);
  if (error == 0 && !contents.empty()) std::memcpy(made.data_, contents.data(), std::min(bytes, contents.size()));
  if (nameless >= 0) {
    if (error == 0) error = tracker.Arm(name, made.identity_, [&] { return GiveName(file.number(), shm); });
    // Without /proc there is no way from a descriptor to a name.
    if (error == ENOENT) return Create(name, bytes, contents, created, Appearance::kStepwise);
  } else if (error != 0) {
    static_cast<void>(Unlink(name, made.identity_));
  }
  if (error == 0) *created = std::move(made);
  return error;
}

int NamedMapping::Attach(const std::string& name, NamedMapping* attached) {
  if (const int error = CheckName(name); error != 0) return error;
  const ShmName shm(name.c_str());
  const Descriptor file(shm.Open(O_RDWR));
  if (file.number() < 0) return errno;
  struct stat status{};
  if (fstat(file.number(), &status) != 0) return errno;
#if defined(__linux__)
  if (!S_ISREG(status.st_mode)) return EINVAL;
#endif
  if (status.st_size <= 0) return EINVAL;
  NamedMapping made;
  made.identity_ = shm.IdentityOf(status);
  const int error = made.Map(file.number(), static_cast<std::size_t>(status.st_size));
  if (error == 0) *attached = std::move(made);
  return error;
}

int NamedMapping::Unlink(const std::string& name, const ObjectIdentity& identity) {
  if (const int error = CheckName(name); error != 0) return error;
  const int error = ShmName(name.c_str()).RemoveIf(identity);
  // Gone by another process's doing is gone, too.
  if (error == 0 || error == ENOENT) NameTracker::Process().Disarm(identity);
  return error;
}

int NamedMapping::Map(int file, std::size_t bytes) {
  void* const data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (data == MAP_FAILED) return errno;
  data_ = static_cast<std::byte*>(data);
  size_ = bytes;
  return 0;
}

NamedMapping::~NamedMapping() {
  if (data_ != nullptr) munmap(data_, size_);
}

}  // namespace allcores::platform

#endif
