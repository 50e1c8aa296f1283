#if defined(_WIN32)

#include "platform/named_mapping.h"

#include <windows.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

#include "platform/wide.h"

// A name lasts as long as somebody has a handle of its object. So whoever creates one keeps a handle until it unlinks
// the name or ends, and whoever attaches closes theirs as soon as the memory is mapped.
namespace allcores::platform {
namespace {

struct Created {
  HANDLE section = nullptr;
  ObjectIdentity identity;
};

// Those of this process that it has not unlinked, by name.
class CreatedNames {
 public:
  static CreatedNames& Process() {
    static auto* const names = new CreatedNames();  // leaked on purpose: the system closes what is in it
    return *names;
  }

  ObjectIdentity Add(const std::string& name, HANDLE section) {
    const std::lock_guard lock(mutex_);
    const ObjectIdentity identity{.device = GetCurrentProcessId(), .file = ++last_};
    names_[name] = {section, identity};
    return identity;
  }

  // Of an object that another process has created: no identity.
  ObjectIdentity IdentityOf(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(name);
    return found == names_.end() ? ObjectIdentity{} : found->second.identity;
  }

  bool Remove(const std::string& name, const ObjectIdentity& identity) {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(name);
    if (found == names_.end() || found->second.identity != identity) return false;
    CloseHandle(found->second.section);
    names_.erase(found);
    return true;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Created> names_;
  std::uint64_t last_ = 0;
};

int ErrorOf(DWORD error) {
  switch (error) {
    case ERROR_FILE_NOT_FOUND:
      return ENOENT;
    case ERROR_ALREADY_EXISTS:
      return EEXIST;
    case ERROR_ACCESS_DENIED:
      return EACCES;
    case ERROR_COMMITMENT_LIMIT:
    case ERROR_DISK_FULL:
      return ENOSPC;
    case ERROR_NOT_ENOUGH_MEMORY:
      return ENOMEM;
    case ERROR_FILENAME_EXCED_RANGE:
      return ENAMETOOLONG;
    default:
      return EINVAL;  // also a name that an object of another kind has
  }
}

// A backslash would make a part of the name a folder of the system's names.
int CheckName(const std::string& name) {
  if (name.find_first_of(std::string("/\\\0", 3)) != std::string::npos || Wide(name).empty()) return EINVAL;
  return name.size() > NamedMapping::kMostNameBytes ? ENAMETOOLONG : 0;
}

void* MapAll(HANDLE section) { return MapViewOfFile(section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0); }

}  // namespace

int NamedMapping::Create(const std::string& name, std::size_t bytes, std::span<const std::byte> contents,
                         NamedMapping* created, Appearance /*appearance*/) {
  if (const int error = CheckName(name); error != 0) return error;
  const auto high = static_cast<DWORD>(std::uint64_t{bytes} >> 32);
  const HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, high,
                                            static_cast<DWORD>(bytes), Wide(name).c_str());
  if (section == nullptr) return ErrorOf(GetLastError());
  NamedMapping made;
  DWORD error = GetLastError();  // of a section that was there before
  if (error != ERROR_ALREADY_EXISTS) {
    made.data_ = static_cast<std::byte*>(MapAll(section));
    error = made.data_ == nullptr ? GetLastError() : ERROR_SUCCESS;
  }
  if (error != ERROR_SUCCESS) {
    CloseHandle(section);
    return ErrorOf(error);
  }
  made.size_ = bytes;
  if (!contents.empty()) std::memcpy(made.data_, contents.data(), std::min(bytes, contents.size()));
  made.identity_ = CreatedNames::Process().Add(name, section);
  *created = std::move(made);
  return 0;
}

int NamedMapping::Attach(const std::string& name, NamedMapping* attached) {
  if (const int error = CheckName(name); error != 0) return error;
  const HANDLE section = OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, Wide(name).c_str());
  if (section == nullptr) return ErrorOf(GetLastError());
  NamedMapping made;
  made.data_ = static_cast<std::byte*>(MapAll(section));
  const DWORD error = made.data_ == nullptr ? GetLastError() : ERROR_SUCCESS;
  CloseHandle(section);
  if (error != ERROR_SUCCESS) return ErrorOf(error);
  MEMORY_BASIC_INFORMATION view{};
  VirtualQuery(made.data_, &view, sizeof view);
  made.size_ = view.RegionSize;
  made.identity_ = CreatedNames::Process().IdentityOf(name);
  *attached = std::move(made);
  return 0;
}

int NamedMapping::Unlink(const std::string& name, const ObjectIdentity& identity) {
  if (const int error = CheckName(name); error != 0) return error;
  if (CreatedNames::Process().Remove(name, identity)) return 0;
  const HANDLE section = OpenFileMappingW(FILE_MAP_READ, FALSE, Wide(name).c_str());
  if (section == nullptr) return ErrorOf(GetLastError());
  CloseHandle(section);
  return identity == ObjectIdentity{} ? EPERM : ENOENT;  // another process's; or ours, which somebody's has replaced
}

NamedMapping::~NamedMapping() {
  if (data_ != nullptr) UnmapViewOfFile(data_);
}

}  // namespace allcores::platform

#endif
