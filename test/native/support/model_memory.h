#pragma once

#include <array>
#include <cstdint>

namespace allcores::testing {

// Shared words of a model, with the one reordering that sleeping protocols live or die by: a plain store may wait in
// its thread's store buffer while the thread's later loads go ahead (x86's only reordering, and allowed everywhere). A
// sequentially consistent store and a read-modify-write leave nothing in the buffer. Each buffer holds one store.
template <int kWords, int kThreads>
struct ModelMemory {
  struct Buffered {
    bool full = false;
    int word = 0;
    std::uint32_t value = 0;
    auto operator<=>(const Buffered&) const = default;
  };
  auto operator<=>(const ModelMemory&) const = default;

  [[nodiscard]] std::uint32_t Load(int thread, int word) const {
    const Buffered& own = buffers[thread];
    return own.full && own.word == word ? own.value : words[word];
  }
  void StoreSeqCst(int thread, int word, std::uint32_t value) {
    Flush(thread);
    words[word] = value;
  }
  void StoreRelease(int thread, int word, std::uint32_t value) {
    Flush(thread);
    buffers[thread] = {true, word, value};
  }
  // What a read-modify-write of `thread` acts on.
  std::uint32_t& Modify(int thread, int word) {
    Flush(thread);
    return words[word];
  }
  [[nodiscard]] bool CanFlush(int thread) const { return buffers[thread].full; }
  void Flush(int thread) {
    if (buffers[thread].full) words[buffers[thread].word] = buffers[thread].value;
    buffers[thread] = {};
  }

  std::array<std::uint32_t, kWords> words{};
  std::array<Buffered, kThreads> buffers{};
};

}  // namespace allcores::testing
