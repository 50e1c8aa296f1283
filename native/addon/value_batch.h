#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "container/dict.h"

namespace allcores::addon {

// Several values, perhaps with keys, collected from JavaScript one by one for an operation on all of them.
class ValueBatch {
 public:
  // Memory of a larger batch is given back with the next.
  static constexpr std::size_t kKept = std::size_t{1} << 20;

  void Clear() {
    if (bytes_.capacity() > kKept) bytes_ = {};
    bytes_.clear();
    links_.clear();
    entries_.clear();
  }

  void Add(container::KeyView key, const container::ValueView& value) {
    entries_.push_back({bytes_.size(), key.size(), value.bytes.size(), links_.size(), value.links.size()});
    bytes_.insert(bytes_.end(), key.begin(), key.end());
    bytes_.insert(bytes_.end(), value.bytes.begin(), value.bytes.end());
    links_.insert(links_.end(), value.links.begin(), value.links.end());
  }

  // Both are views on this batch.
  [[nodiscard]] std::vector<container::DictItem> Items() const {
    std::vector<container::DictItem> items;
    items.reserve(entries_.size());
    for (const Entry& entry : entries_) items.push_back({KeyOf(entry), ValueOf(entry)});
    return items;
  }
  [[nodiscard]] std::vector<container::ValueView> Values() const {
    std::vector<container::ValueView> values;
    values.reserve(entries_.size());
    for (const Entry& entry : entries_) values.push_back(ValueOf(entry));
    return values;
  }

 private:
  struct Entry {
    std::size_t at;
    std::size_t key_length;
    std::size_t length;
    std::size_t first_link;
    std::size_t links;
  };

  [[nodiscard]] container::KeyView KeyOf(const Entry& entry) const {
    return std::span(bytes_).subspan(entry.at, entry.key_length);
  }
  [[nodiscard]] container::ValueView ValueOf(const Entry& entry) const {
    return {.bytes = std::span(bytes_).subspan(entry.at + entry.key_length, entry.length),
            .links = std::span(links_).subspan(entry.first_link, entry.links)};
  }

  std::vector<std::byte> bytes_;
  std::vector<object::Offset> links_;
  std::vector<Entry> entries_;
};

}  // namespace allcores::addon
