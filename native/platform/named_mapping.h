#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace allcores::platform {

// Tells one object from another that has got its name later.
struct ObjectIdentity {
  std::uint64_t device = 0;
  std::uint64_t file = 0;

  friend bool operator==(const ObjectIdentity&, const ObjectIdentity&) = default;
};

// How a new object gets its name.
enum class Appearance : std::uint8_t {
  kWhole,     // with its size and contents in one step, where the system can: nobody sees it half made
  kStepwise,  // first the name, then the rest: works everywhere
};

// A mapping of a shared memory object that any process of this user can map by its name. Owns the address range; no
// descriptor stays open.
//
// The object exists until it is unlinked or the process that created it ends, however that ends (NameTracker). What is
// mapped stays mapped beyond both. Errors are errno values; 0 is success.
class NamedMapping {
 public:
  // Longer names are refused. Some systems allow less.
  static constexpr std::size_t kMostNameBytes = 255;

  NamedMapping() = default;

  // A new object of `bytes` bytes, more than 0, that begins with `contents` and is zero beyond. Memory is taken where
  // it is touched. EEXIST when the name is taken, ENOSPC when there is not room for it now.
  static int Create(const std::string& name, std::size_t bytes, std::span<const std::byte> contents,
                    NamedMapping* created, Appearance appearance = Appearance::kWhole);

  // The object of this name, whoever made it. ENOENT when there is none, EACCES when it is another user's, EINVAL when
  // it is no memory or has no bytes yet.
  static int Attach(const std::string& name, NamedMapping* attached);

  // Takes the name away. ENOENT unless it is there and still names the object of this identity.
  static int Unlink(const std::string& name, const ObjectIdentity& identity);

  NamedMapping(NamedMapping&& other) noexcept { Swap(other); }
  NamedMapping& operator=(NamedMapping&& other) noexcept {
    NamedMapping(std::move(other)).Swap(*this);
    return *this;
  }
  NamedMapping(const NamedMapping&) = delete;
  NamedMapping& operator=(const NamedMapping&) = delete;
  ~NamedMapping();

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const ObjectIdentity& identity() const { return identity_; }

 private:
  int Map(int file, std::size_t bytes);
  void Swap(NamedMapping& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(identity_, other.identity_);
  }

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  ObjectIdentity identity_;
};

}  // namespace allcores::platform
