#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace allcores::platform {

// Who is going to reach a mapping.
enum class Reach : std::uint8_t {
  kThreads,    // this process alone: no descriptor is spent, and the system may use large pages
  kProcesses,  // also processes that inherit its descriptor and map the same pages
};

// A memory mapping without a name: readable and writable, zero-filled, page-aligned. Owns the address range and the
// descriptor behind it, if any.
class Mapping {
 public:
  Mapping() = default;
  // An empty mapping (data() == nullptr) when the system refuses: too large, or out of descriptors.
  static Mapping Create(std::size_t bytes, Reach reach);

  // For processes, with address space for `bytes`, of which memory is taken only where it is touched, after Commit;
  // left out of core dumps. Empty when the system refuses that much: a caller that can do with less asks again.
  static Mapping Reserve(std::size_t bytes);

  // The memory behind a descriptor that this process has inherited, all of it. Takes the descriptor over, in any case;
  // empty when it is none of memory.
  static Mapping Attach(int descriptor);

  Mapping(Mapping&& other) noexcept { Swap(other); }
  Mapping& operator=(Mapping&& other) noexcept {
    Mapping(std::move(other)).Swap(*this);
    return *this;
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  // To be called before a range of reserved memory is touched, once or more. False when the system has not so much.
  // It is what Windows does not do by itself; elsewhere there is nothing to do.
  [[nodiscard]] bool Commit(std::size_t offset, std::size_t bytes) const;

  // Gives the whole pages within a range back to the system, for every process that maps them; they read as zeroes
  // afterwards. False where the system has no such call, or refuses: the memory stays, what was in it undefined.
  bool Discard(std::size_t offset, std::size_t bytes) const;

  // Of private memory: what is in it is not needed any more. It costs nothing to write to it again unless the system
  // took the pages meanwhile, which then read as zeroes.
  void LetGo() const;

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  static Mapping MapWhole(Mapping mapping, std::size_t bytes);

  void Swap(Mapping& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(descriptor_, other.descriptor_);
  }

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  int descriptor_ = -1;
};

}  // namespace allcores::platform
