#pragma once

#include <atomic>
#include <cstdint>

#include "participant/participant_table.h"

namespace allcores::participant {

// What a participant has in hand for a moment, and nobody else has: made and not given away yet, or taken and not freed
// yet. Should it be killed, others free that. A few words in its place, so that noting takes two stores and no memory;
// what there is no word for is lost by a kill. (What is held for longer is in a ledger: object/ledger.h.)
//
// Take comes right after something was got, Put right before it is given away or freed: a kill in between leaks it, and
// nothing is ever freed twice. The layers above say what the words mean; none is 0.
class Hands {
 public:
  explicit Hands(Participant& place) : words_(place.hands) {}

  void Take(std::uint64_t what) {
    for (std::atomic<std::uint64_t>& word : words_) {
      if (word.load(std::memory_order_relaxed) != 0) continue;
      // Release here and below: what others find after a kill are stores in their order.
      word.store(what, std::memory_order_release);
      return;
    }
  }

  // The same block, with another meaning from here on. What was not noted before is now.
  void Become(std::uint64_t from, std::uint64_t to) {
    for (std::atomic<std::uint64_t>& word : words_) {
      if (word.load(std::memory_order_relaxed) != from) continue;
      word.store(to, std::memory_order_release);
      return;
    }
    Take(to);
  }

  // Of no account for what was not noted.
  void Put(std::uint64_t what) {
    for (std::atomic<std::uint64_t>& word : words_) {
      if (word.load(std::memory_order_relaxed) != what) continue;
      word.store(0, std::memory_order_release);
      return;
    }
  }

 private:
  std::atomic<std::uint64_t> (&words_)[Participant::kHands];
};

}  // namespace allcores::participant
