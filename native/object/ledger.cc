#include "object/ledger.h"

#include <array>
#include <cstring>

#include "base/schedule_point.h"
#include "object/stored_value.h"

namespace allcores::object {
namespace {

constexpr std::uint64_t kKindMask = 15;
constexpr int kNameShift = 4;  // of a segment's number; offsets are multiples of 16

}  // namespace

struct Ledger::Page {
  std::atomic<Offset> next;
  std::uint64_t reserved;
  std::array<Entry, 31> entries;
};

bool Ledger::Extend() {
  const Offset offset = program_.Allocate(sizeof(Page), me_);
  if (offset == 0) return false;
  Page& page = *program_.At<Page>(offset);
  std::memset(static_cast<void*>(&page), 0, sizeof(Page));
  std::atomic<std::uint64_t>& first = program_.participants().At(me_).ledger;
  page.next.store(first.load(std::memory_order_relaxed), std::memory_order_relaxed);
  ALLCORES_SCHEDULE_POINT();
  const auto bytes = static_cast<std::int64_t>(program_.heap().SizeOf(offset));
  program_.HandsOf(me_).Put(in_hand::Raw(offset));
  // Counted before it is there, but not while it is in hand: who settles the ledger counts it back, for hands nobody
  // does.
  program_.Account(1, bytes);
  // Release: who settles sees the page filled in.
  first.store(offset, std::memory_order_release);
  for (Entry& entry : page.entries) vacant_.push_back(&entry);
  return true;
}

Ledger::Entry* Ledger::Note(Kind kind, std::uint64_t name) {
  const bool has_room = !vacant_.empty() || Extend();
  // What is held is not in hand any more: whatever stood in both would be given back twice.
  if (kind == Kind::kReference) program_.HandsOf(me_).Put(in_hand::Object(name));
  if (kind == Kind::kBlock) program_.HandsOf(me_).Put(in_hand::Value(name));
  if (!has_room) return nullptr;
  Entry* const entry = vacant_.back();
  vacant_.pop_back();
  entry->count.store(1, std::memory_order_relaxed);
  ALLCORES_SCHEDULE_POINT();
  const std::uint64_t what = kind == Kind::kSegment ? name << kNameShift : name;
  // Release: the count before. A process is killed between two instructions, but its stores arrive in this order.
  entry->what.store(what | static_cast<std::uint64_t>(kind), std::memory_order_release);
  return entry;
}

void Ledger::Strike(Entry* entry) {
  if (entry == nullptr) return;
  vacant_.push_back(entry);
  entry->what.store(0, std::memory_order_release);
}

void Ledger::Settle(Program& program, ParticipantId dead, ParticipantId me) {
  for (Offset at = program.participants().At(dead).ledger.load(std::memory_order_acquire); at != 0;) {
    Page& page = *program.At<Page>(at);
    for (Entry& entry : page.entries) {
      const std::uint64_t what = entry.what.load(std::memory_order_acquire);
      if (what == 0) continue;
      std::uint64_t count = entry.count.load(std::memory_order_relaxed);
      while (count > 0) {
        // Struck out first, one by one: should we be killed as well, the next one to settle goes on behind this one.
        entry.count.store(--count, std::memory_order_release);
        ALLCORES_SCHEDULE_POINT();
        switch (static_cast<Kind>(what & kKindMask)) {
          case Kind::kReference:
            program.Release(what, me);
            break;
          case Kind::kBlock:
            FreeValueBlock(program, what & ~kKindMask, me);
            break;
          case Kind::kSegment:
            program.segments().Release(static_cast<std::uint32_t>(what >> kNameShift), me);
            break;
        }
      }
      entry.what.store(0, std::memory_order_release);
    }
    at = page.next.load(std::memory_order_relaxed);
  }
  FreePages(program, dead, me);
}

void Ledger::FreePages(Program& program, ParticipantId whose, ParticipantId me) {
  std::atomic<std::uint64_t>& first = program.participants().At(whose).ledger;
  while (const Offset at = first.load(std::memory_order_acquire)) {
    // One after the other, so that a kill costs one.
    first.store(program.At<Page>(at)->next.load(std::memory_order_relaxed), std::memory_order_release);
    program.Account(-1, -static_cast<std::int64_t>(program.heap().SizeOf(at)));
    program.HandsOf(me).Take(in_hand::Raw(at));
    ALLCORES_SCHEDULE_POINT();
    program.Free(at, in_hand::Raw(at), me);
  }
}

Ledger::~Ledger() { FreePages(program_, me_, me_); }

}  // namespace allcores::object
