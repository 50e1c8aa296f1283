#pragma once

#if !defined(_WIN32)

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "platform/named_mapping.h"

namespace allcores::platform {

// The name of a shared memory object as the system's calls take it. Nothing here allocates or locks: the tracker uses
// it in a process that was forked.
//
// On Linux the objects are files of /dev/shm, to the C library as well: shm_open would be the same at the price of
// linking librt, which glibc before 2.34 needs for it.
class ShmName {
 public:
#if defined(__linux__)
  static constexpr char kPrefix[] = "/dev/shm/";
#else
  static constexpr char kPrefix[] = "/";
#endif

  // At most NamedMapping::kMostNameBytes of it are used: whoever gives a longer one has been refused before.
  explicit ShmName(const char* name) {
    constexpr std::size_t kPrefixBytes = sizeof kPrefix - 1;
    const std::size_t length = strnlen(name, NamedMapping::kMostNameBytes);
    std::memcpy(path_, kPrefix, kPrefixBytes);
    std::memcpy(path_ + kPrefixBytes, name, length);
    path_[kPrefixBytes + length] = '\0';
  }

  [[nodiscard]] const char* path() const { return path_; }

  // A descriptor, or -1 and errno. Never follows a link that somebody planted in the folder, and is never held up by
  // a pipe there.
  [[nodiscard]] int Open(int flags) const {
#if defined(__linux__)
    return open(path_, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, kMode);
#else
    return shm_open(path_, flags, kMode);
#endif
  }

  // 0, or errno: ENOENT unless the name is there and names this object.
  [[nodiscard]] int RemoveIf(const ObjectIdentity& wanted) const {
    ObjectIdentity found;
    if (const int error = Identify(&found); error != 0) return error;
    if (found != wanted) return ENOENT;
#if defined(__linux__)
    return unlink(path_) == 0 ? 0 : errno;
#else
    return shm_unlink(path_) == 0 ? 0 : errno;
#endif
  }

  // What it names now. 0, or errno.
  [[nodiscard]] int Identify(ObjectIdentity* found) const {
    struct stat status{};
#if defined(__linux__)
    if (lstat(path_, &status) != 0) return errno;
#else
    const int file = Open(O_RDONLY);
    if (file < 0) return errno;
    const int error = fstat(file, &status) == 0 ? 0 : errno;
    close(file);
    if (error != 0) return error;
#endif
    *found = IdentityOf(status);
    return 0;
  }

  // Of the object with this name that has this status.
  [[nodiscard]] ObjectIdentity IdentityOf([[maybe_unused]] const struct stat& status) const {
#if defined(__APPLE__)
    // macOS numbers no such object, so its name has to do: FNV-1a. One that got the same name later is not told apart.
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char* at = path_; *at != '\0'; ++at) hash = (hash ^ static_cast<unsigned char>(*at)) * 0x100000001b3;
    return {.device = 0, .file = hash};
#else
    return {.device = static_cast<std::uint64_t>(status.st_dev), .file = static_cast<std::uint64_t>(status.st_ino)};
#endif
  }

  // Nobody else's: as for the objects of Python.
  static constexpr mode_t kMode = 0600;

 private:
  char path_[sizeof kPrefix + NamedMapping::kMostNameBytes];
};

}  // namespace allcores::platform

#endif
