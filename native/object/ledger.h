#pragma once

#include <cstdint>
#include <vector>

#include "object/program.h"

namespace allcores::object {

// What one participant holds, written down in the heap for the case that its process is killed: others then give it
// back. Everything is noted after it was got and struck out before it is given back or becomes somebody else's, so a
// kill between the two leaks it, and nothing is ever given back twice.
//
// One thread's own, apart from Settle. Without memory for a note it is not made: what a kill leaks then is the least of
// the program's troubles.
class Ledger {
 public:
  // What an entry names, in its low four bits.
  enum class Kind : std::uint64_t {
    kReference = 0,  // references on an object
    kBlock = 1,      // a message that belongs to nobody else
    kSegment = 2,    // holders of a shared segment
  };
  struct Entry {
    std::atomic<std::uint64_t> what;  // 0: vacant
    std::atomic<std::uint64_t> count;
  };

  Ledger(Program& program, ParticipantId me) : program_(program), me_(me) {}
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;
  // Everything has been struck out.
  ~Ledger();

  // An entry that counts 1; null without memory. `name` is an offset, or the number of a segment.
  Entry* Note(Kind kind, std::uint64_t name);
  static void Recount(Entry* entry, std::uint64_t count) {
    // Release: what has been got comes before it counts. (What is given back comes after it by its own release.)
    if (entry != nullptr) entry->count.store(count, std::memory_order_release);
  }
  void Strike(Entry* entry);

  // Gives back what a dead participant has noted. One at a time: Program::RecoverDead sees to that.
  static void Settle(Program& program, ParticipantId dead, ParticipantId me);

 private:
  struct Page;

  static void FreePages(Program& program, ParticipantId whose, ParticipantId me);
  bool Extend();

  Program& program_;
  ParticipantId me_;
  std::vector<Entry*> vacant_;
};

}  // namespace allcores::object
