#include "kernel/move.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>

#include "kernel/convert.h"

namespace allcores::kernel {
namespace {

// Parts of loops: bytes of a copy, and elements where each costs more than its bytes.
constexpr std::size_t kBytesGrain = 65'536;
constexpr std::size_t kElementsGrain = 8192;
// Indices that are made ready at once, on the stack.
constexpr std::size_t kIndices = 512;

Status End(const executor::Parallel& parallel) { return parallel.aborted() ? Status::kAborted : Status::kDone; }

bool Overlap(const View& a, const View& b, std::size_t bytes) {
  const auto first = reinterpret_cast<std::uintptr_t>(a.data);
  const auto second = reinterpret_cast<std::uintptr_t>(b.data);
  return first < second ? second - first < bytes : first - second < bytes;
}

std::size_t SizeOf(DType dtype) {
  return VisitType(dtype, []<typename T>() { return sizeof(T); });
}

// Indices, extended to 64 bits: one below 0 is above every length.
void LoadIndices(const View& from, std::size_t begin, std::size_t count, std::uint64_t* indices) {
  VisitType(from.dtype, [&]<typename T>() {
    if constexpr (std::is_integral_v<T>) {
      const T* data = from.As<T>() + begin;
      for (std::size_t i = 0; i < count; ++i) {
        indices[i] = static_cast<std::uint64_t>(static_cast<std::int64_t>(data[i]));
      }
    }
  });
  // What was loaded is not loaded again: what is checked is what is used, whoever changes the memory.
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

// Calls body(place, indices, count) for blocks of the indices in [begin, end).
template <typename Body>
void ForIndices(const View& from, std::size_t begin, std::size_t end, Body&& body) {
  std::uint64_t indices[kIndices];
  for (std::size_t at = begin; at < end; at += kIndices) {
    const std::size_t count = std::min(kIndices, end - at);
    LoadIndices(from, at, count, indices);
    body(at, indices, count);
  }
}

// The bad index with the lowest place.
class FirstBad {
 public:
  // Any thread; once a block.
  void Offer(std::uint64_t place, std::uint64_t index) {
    const std::lock_guard lock(mutex_);
    if (found_ && place_ <= place) return;
    found_ = true;
    place_ = place;
    index_ = index;
  }

  // When the loop has ended. False: there is none.
  bool Report(DType dtype, Call& call) const {
    if (!found_) return false;
    call.results[0] = Scalar::Uint(place_);
    call.results[1] = VisitType(dtype, [&]<typename T>() {
      return std::is_signed_v<T> ? Scalar::Int(static_cast<std::int64_t>(index_)) : Scalar::Uint(index_);
    });
    return true;
  }

 private:
  std::mutex mutex_;
  bool found_ = false;
  std::uint64_t place_ = 0;
  std::uint64_t index_ = 0;
};

// Offers the first index of a block that is not below `length`.
void Check(const std::uint64_t* indices, std::size_t count, std::size_t place, std::size_t length, FirstBad& bad) {
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < count; ++i) all |= static_cast<std::uint64_t>(indices[i] >= length);
  if (all == 0) return;
  const std::uint64_t* first =
      std::find_if(indices, indices + count, [&](std::uint64_t index) { return index >= length; });
  bad.Offer(place + static_cast<std::size_t>(first - indices), *first);
}

}  // namespace

Status Fill(const executor::Parallel& parallel, Call& call) {
  const View& out = call.outputs[0];
  VisitType(out.dtype, [&]<typename T>() {
    T* data = out.As<T>();
    const T value = call.arguments[0].To<T>();
    parallel.For(out.length, kBytesGrain / sizeof(T),
                 [&](std::size_t begin, std::size_t end) { std::fill(data + begin, data + end, value); });
  });
  return End(parallel);
}

Status Copy(const executor::Parallel& parallel, Call& call) {
  const View& from = call.inputs[0];
  const View& to = call.outputs[0];
  if (from.dtype == to.dtype) {
    const std::size_t bytes = from.length * SizeOf(from.dtype);
    const auto* source = static_cast<const std::byte*>(from.data);
    auto* target = static_cast<std::byte*>(to.data);
    if (bytes == 0 || source == target) return End(parallel);
    if (Overlap(from, to, bytes)) {
      if (!parallel.aborted()) std::memmove(target, source, bytes);
      return End(parallel);
    }
    parallel.For(bytes, kBytesGrain,
                 [&](std::size_t begin, std::size_t end) { std::memcpy(target + begin, source + begin, end - begin); });
    return End(parallel);
  }
  VisitType(from.dtype, [&]<typename From>() {
    VisitType(to.dtype, [&]<typename To>() {
      const From* source = from.As<From>();
      To* target = to.As<To>();
      parallel.For(from.length, kElementsGrain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) target[i] = ConvertWrapping<To>(source[i]);
      });
    });
  });
  return End(parallel);
}

Status Gather(const executor::Parallel& parallel, Call& call) {
  const View& source = call.inputs[0];
  const View& indices = call.inputs[1];
  FirstBad bad;
  VisitType(source.dtype, [&]<typename T>() {
    const T* from = source.As<T>();
    const std::size_t length = source.length;
    T* out = call.outputs[0].As<T>();
    parallel.For(indices.length, kElementsGrain, [&](std::size_t begin, std::size_t end) {
      ForIndices(indices, begin, end, [&](std::size_t place, const std::uint64_t* block, std::size_t count) {
        Check(block, count, place, length, bad);
        for (std::size_t i = 0; i < count; ++i) {
          if (block[i] < length) out[place + i] = from[block[i]];
        }
      });
    });
  });
  if (parallel.aborted()) return Status::kAborted;
  return bad.Report(indices.dtype, call) ? Status::kOutOfRange : Status::kDone;
}

Status Scatter(const executor::Parallel& parallel, Call& call) {
  const View& indices = call.inputs[1];
  const std::size_t length = call.outputs[0].length;
  FirstBad bad;
  parallel.For(indices.length, kElementsGrain, [&](std::size_t begin, std::size_t end) {
    ForIndices(indices, begin, end, [&](std::size_t place, const std::uint64_t* block, std::size_t count) {
      Check(block, count, place, length, bad);
    });
  });
  if (parallel.aborted()) return Status::kAborted;
  if (bad.Report(indices.dtype, call)) return Status::kOutOfRange;
  VisitType(call.outputs[0].dtype, [&]<typename T>() {
    const T* values = call.inputs[0].As<T>();
    T* out = call.outputs[0].As<T>();
    parallel.For(indices.length, kElementsGrain, [&](std::size_t begin, std::size_t end) {
      ForIndices(indices, begin, end, [&](std::size_t place, const std::uint64_t* block, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
          if (block[i] >= length) continue;  // it has changed since the check
          // Relaxed: two threads may store to one element, and either value will do.
          std::atomic_ref<T>(out[block[i]]).store(values[place + i], std::memory_order_relaxed);
        }
      });
    });
  });
  return End(parallel);
}

}  // namespace allcores::kernel
