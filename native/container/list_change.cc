#include "container/list_change.h"

namespace allcores::container {

bool ListChange::Locate(std::int64_t index, std::uint64_t* at) const {
  const auto count = static_cast<std::int64_t>(length());
  if (index < -count || index >= count) return false;
  *at = static_cast<std::uint64_t>(index < 0 ? index + count : index);
  return true;
}

std::uint64_t ListChange::Clamp(std::int64_t end) const {
  const auto count = static_cast<std::int64_t>(length());
  if (end >= count) return length();
  if (end >= 0) return static_cast<std::uint64_t>(end);
  return end < -count ? 0 : static_cast<std::uint64_t>(end + count);
}

Slot ListChange::Set(std::uint64_t index, Slot slot) {
  ++list_.version;
  std::atomic<Slot>& element = Vector().At(index);
  const Slot former = element.load(std::memory_order_relaxed);
  // Release: the value is complete for whoever inherits the guard.
  element.store(slot, std::memory_order_release);
  return former;
}

bool ListChange::SpliceInPlace(std::uint64_t from, std::uint64_t to, std::span<const Slot> slots) {
  ListVector& vector = Vector();
  const std::uint64_t begin = vector.Begin();
  const std::uint64_t count = vector.Length();
  if (from == to && from == count && slots.size() <= vector.capacity - begin - count) {
    // Behind the end, where nobody looks before the window says so.
    for (std::uint64_t i = 0; i < slots.size(); ++i) {
      new (&vector.Slots()[begin + count + i]) std::atomic<Slot>(slots[i]);
    }
    ++list_.version;
    Commit([&] { vector.SetWindow(begin, count + slots.size()); });
    return true;
  }
  if (from == to && from == 0 && slots.size() <= begin) {
    for (std::uint64_t i = 0; i < slots.size(); ++i) {
      vector.Slots()[begin - slots.size() + i].store(slots[i], std::memory_order_relaxed);
    }
    ++list_.version;
    Commit([&] { vector.SetWindow(begin - slots.size(), count + slots.size()); });
    return true;
  }
  if (!slots.empty() || (from != 0 && to != count)) return false;
  const std::uint64_t left = count - (to - from);
  // Too much empty space is given up, unless the heap is too full for that.
  if (vector.capacity >= kMuchSpace && left < vector.capacity / 4 &&
      Rebuild(left, Roomy(left), [&](std::uint64_t i) { return Get(from == 0 ? to + i : i); })) {
    return true;
  }
  ++list_.version;
  Commit([&] { vector.SetWindow(from == 0 ? begin + to : begin, left); });
  return true;
}

bool ListChange::Splice(std::uint64_t from, std::uint64_t to, std::span<const Slot> slots) {
  if (from == to && slots.empty()) return true;
  const std::uint64_t count = length();
  if (count != 0 && SpliceInPlace(from, to, slots)) return true;
  const std::uint64_t total = count - (to - from) + slots.size();
  // At the end half as much again, so that appending takes constant time.
  const bool appended = from == count;
  const std::uint64_t capacity = appended ? total + total / 2 + 4 : Roomy(total);
  return Rebuild(total, capacity, [&](std::uint64_t i) {
    if (i < from) return Get(i);
    if (i < from + slots.size()) return slots[i - from];
    return Get(to + (i - from - slots.size()));
  });
}

Offset ListChange::Detach() {
  ++list_.version;
  return list_.vector.exchange(0, std::memory_order_release);
}

}  // namespace allcores::container
