#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "executor/parallel.h"
#include "kernel/call.h"
#include "kernel/drain.h"
#include "kernel/radix.h"
#include "kernel/sort_key.h"

namespace allcores::kernel {

// Sorts `length` items by their keys, stably: load(i) reads item i, which it may be asked for several times, and
// store(i, item) writes the sorted item i. Items are loaded before the first is stored, and once storing has begun it
// is finished, aborted or not: what items come from and go to may be the same memory. kAborted: either nothing or
// everything has been stored. kNoMemory: nothing has.
//
// Scheme: sample sort (Frazer and McKellar, 1970), classifying without branches by an implicit tree (Sanders and
// Winkel, Super Scalar Sample Sort, 2004). The first pass finds each item's bucket, the second moves items there, the
// third sorts each bucket, which fits into a cache, and stores it. Keys of a sample that are so frequent that they are
// splitters twice get buckets of their own, which need no sorting.
//
// Bounds: the number of an item's bucket is remembered by the first pass, which counts it as well, and the second pass
// looks only at what is remembered. So an item that has changed in between lands in a wrong bucket, but each bucket has
// exactly as many places as are taken. Buckets are private, so whatever is sorted within one holds still.
//
// Cost: a scratch item and two bytes for each item, beside the largest bucket for each thread.
template <typename Item, typename Load, typename Store>
class SampleSort {
 public:
  SampleSort(const executor::Parallel& parallel, std::size_t length, const Load& load, const Store& store)
      : parallel_(parallel), length_(length), load_(load), store_(store) {}

  Status Run() {
    if (length_ <= kAlone) return SortAlone();
    Plan();
    items_.reset(new (std::nothrow) Item[length_]);
    numbers_.reset(new (std::nothrow) std::uint16_t[length_]);
    places_.reset(new (std::nothrow) std::size_t[parts_ * buckets_]);
    if (!items_ || !numbers_ || !places_ || !ChooseSplitters()) return Status::kNoMemory;
    parallel_.For(parts_, 1, [this](std::size_t begin, std::size_t end) {
      for (std::size_t part = begin; part < end; ++part) separated_ ? Classify<true>(part) : Classify<false>(part);
    });
    if (parallel_.aborted()) return Status::kAborted;
    CountPlaces();
    parallel_.For(parts_, 1, [this](std::size_t begin, std::size_t end) {
      for (std::size_t part = begin; part < end; ++part) Scatter(part);
    });
    if (parallel_.aborted()) return Status::kAborted;
    const std::size_t spare_length = LargestToSort();
    const std::unique_ptr<Item[]> spare(new (std::nothrow) Item[spare_length * parallel_.width()]);
    if (!spare) return Status::kNoMemory;
    Drain(parallel_, buckets_,
          [&](std::size_t bucket, std::size_t worker) { Finish(bucket, spare.get() + worker * spare_length); });
    return parallel_.aborted() ? Status::kAborted : Status::kDone;
  }

 private:
  using Key = KeyOfItem<Item>;

  static constexpr std::size_t kAlone = 8192;
  static constexpr std::size_t kBucketLength = std::size_t{128} * 1024 / sizeof(Item);  // on average
  static constexpr std::size_t kMaxSplits = 1024;
  static constexpr std::size_t kOversampling = 32;
  static constexpr std::size_t kMaxParts = 64;
  static constexpr std::size_t kMinPart = 4096;
  static constexpr std::size_t kBatch = 8;

  Status SortAlone() {
    const std::unique_ptr<Item[]> items(new (std::nothrow) Item[2 * length_]);
    if (!items) return Status::kNoMemory;
    for (std::size_t i = 0; i < length_; ++i) items[i] = load_(i);
    RadixSort(items.get(), items.get() + length_, length_);
    if (parallel_.aborted()) return Status::kAborted;
    for (std::size_t i = 0; i < length_; ++i) store_(i, items[i]);
    return Status::kDone;
  }

  // Of the length alone, so that the order of work does not depend on threads.
  void Plan() {
    splits_ = std::clamp<std::size_t>(std::bit_ceil(length_ / kBucketLength), 16, kMaxSplits);
    buckets_ = 2 * splits_;
    parts_ = std::clamp<std::size_t>(length_ / kMinPart, 1, kMaxParts);
    part_length_ = (length_ - 1) / parts_ + 1;
  }

  bool ChooseSplitters() {
    const std::size_t count = splits_ * kOversampling;
    const std::unique_ptr<Key[]> sample(new (std::nothrow) Key[2 * count]);
    if (!sample) return false;
    const std::size_t stride = length_ / count;
    std::uint64_t random = 0x9e3779b97f4a7c15;
    for (std::size_t i = 0; i < count; ++i) {
      random = random * 6364136223846793005 + 1442695040888963407;
      sample[i] = KeyOf(load_(i * stride + (random >> 33) % std::max<std::size_t>(stride, 1)));
    }
    RadixSort(sample.get(), sample.get() + count, count);
    // Distinct ones; the last is repeated to the end.
    std::size_t found = 0;
    for (std::size_t i = 1; i < splits_; ++i) {
      const Key key = sample[i * kOversampling];
      if (found != 0 && sorted_[found - 1] == key) {
        separated_ = true;
      } else {
        sorted_[found++] = key;
      }
    }
    std::fill(sorted_.begin() + static_cast<std::ptrdiff_t>(found), sorted_.end(), sorted_[found - 1]);
    Plant(1, 0, splits_ - 1);
    return true;
  }

  // The splitters [begin, end) as the tree whose root is `node`: the children of node i are 2i and 2i + 1.
  void Plant(std::size_t node, std::size_t begin, std::size_t end) {
    if (begin == end) return;
    const std::size_t middle = begin + (end - begin) / 2;
    tree_[node] = sorted_[middle];
    Plant(2 * node, begin, middle);
    Plant(2 * node + 1, middle + 1, end);
  }

  // Bucket 2i has the keys between splitters i - 1 and i. Those equal to splitter i go to 2i + 1, or 2i if there is no
  // need to separate them.
  template <bool kSeparated>
  void Classify(std::size_t part) {
    std::size_t* const counts = places_.get() + part * buckets_;
    std::fill_n(counts, buckets_, 0);
    const std::size_t end = std::min(length_, (part + 1) * part_length_);
    std::size_t i = std::min(length_, part * part_length_);
    for (; i + kBatch <= end; i += kBatch) ClassifyBatch<kSeparated, kBatch>(i, counts);
    for (; i < end; ++i) ClassifyBatch<kSeparated, 1>(i, counts);
  }

  template <bool kSeparated, std::size_t kCount>
  void ClassifyBatch(std::size_t first, std::size_t* counts) {
    std::array<Key, kCount> keys;
    std::array<std::size_t, kCount> nodes;
    for (std::size_t j = 0; j < kCount; ++j) {
      keys[j] = KeyOf(load_(first + j));
      nodes[j] = 1;
    }
    // Side by side, so that a key does not wait for the comparison of the one before.
    for (std::size_t width = splits_; width > 1; width /= 2) {
      for (std::size_t j = 0; j < kCount; ++j) nodes[j] = 2 * nodes[j] + (tree_[nodes[j]] < keys[j] ? 1 : 0);
    }
    for (std::size_t j = 0; j < kCount; ++j) {
      std::size_t number = 2 * (nodes[j] - splits_);
      if constexpr (kSeparated) number += sorted_[number / 2] == keys[j] ? 1 : 0;
      numbers_[first + j] = static_cast<std::uint16_t>(number);
      ++counts[number];
    }
  }

  // From how many there are of each bucket in each part to where the first of them goes.
  void CountPlaces() {
    std::size_t before = 0;
    for (std::size_t bucket = 0; bucket < buckets_; ++bucket) {
      starts_[bucket] = before;
      for (std::size_t part = 0; part < parts_; ++part) {
        before += std::exchange(places_[part * buckets_ + bucket], before);
      }
    }
    starts_[buckets_] = before;
  }

  void Scatter(std::size_t part) {
    std::size_t* const places = places_.get() + part * buckets_;
    const std::size_t end = std::min(length_, (part + 1) * part_length_);
    for (std::size_t i = std::min(length_, part * part_length_); i < end; ++i) {
      items_[places[numbers_[i]]++] = load_(i);
    }
  }

  [[nodiscard]] bool IsSorted(std::size_t bucket) const { return bucket % 2 == 1; }

  [[nodiscard]] std::size_t LargestToSort() const {
    std::size_t largest = 0;
    for (std::size_t bucket = 0; bucket < buckets_; ++bucket) {
      if (!IsSorted(bucket)) largest = std::max(largest, starts_[bucket + 1] - starts_[bucket]);
    }
    return largest;
  }

  void Finish(std::size_t bucket, Item* spare) {
    const std::size_t begin = starts_[bucket];
    const std::size_t end = starts_[bucket + 1];
    if (!IsSorted(bucket)) RadixSort(items_.get() + begin, spare, end - begin);
    for (std::size_t i = begin; i < end; ++i) store_(i, items_[i]);
  }

  const executor::Parallel& parallel_;
  const std::size_t length_;
  const Load& load_;
  const Store& store_;
  std::size_t splits_ = 0;
  std::size_t buckets_ = 0;
  std::size_t parts_ = 0;
  std::size_t part_length_ = 0;
  bool separated_ = false;  // equal keys have buckets of their own
  std::unique_ptr<Item[]> items_;
  std::unique_ptr<std::uint16_t[]> numbers_;  // of each item's bucket
  std::unique_ptr<std::size_t[]> places_;     // of each part's next item for each bucket
  std::array<Key, kMaxSplits> sorted_;
  std::array<Key, kMaxSplits> tree_;
  std::array<std::size_t, 2 * kMaxSplits + 1> starts_;
};

}  // namespace allcores::kernel
