#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "container/list.h"
#include "platform/mapping.h"
#include "support/child.h"
#include "support/containers.h"
#include "support/random_delay.h"

namespace allcores::container {
namespace {

using testing::Bytes;
using testing::Child;
using testing::Containers;
using testing::RandomDelay;
using testing::Value;

// What the child is doing, for its parent to read when it is dead.
struct Diary {
  std::atomic<participant::ParticipantId> id;
  std::atomic<std::uint64_t> begun;
  std::atomic<std::uint64_t> done;
};

// What the list holds after some steps, each of which is one operation.
struct State {
  std::vector<std::uint64_t> numbers;

  void Apply(std::uint64_t step) {
    switch (step % 7) {
      case 0:
      case 1:
        numbers.push_back(step);
        break;
      case 2:
        numbers.insert(numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2), step);
        break;
      case 3:
        if (!numbers.empty()) numbers.erase(numbers.begin());
        break;
      case 4:
        std::ranges::reverse(numbers);
        break;
      case 5:
        numbers.insert(numbers.begin(), step);
        break;
      default:
        if (numbers.size() > 50) {
          numbers.clear();
        } else if (!numbers.empty()) {
          numbers[numbers.size() / 3] = step;
        }
    }
  }
};

std::string TextOf(std::uint64_t number) { return "number " + std::to_string(number); }

void Perform(Containers& shared, Offset list, ParticipantId id, const State& before, std::uint64_t step) {
  const std::string text = TextOf(step);
  const auto count = static_cast<std::int64_t>(before.numbers.size());
  switch (step % 7) {
    case 0:
    case 1:
      ListAppend(shared.program, list, id, Value(text));
      break;
    case 2:
      ListInsert(shared.program, list, id, count / 2, Value(text));
      break;
    case 3: {
      testing::Reading read(shared.program, id);
      ListPop(shared.program, list, id, 0, &read);
      break;
    }
    case 4:
      ListReverse(shared.program, list, id);
      break;
    case 5:
      ListInsert(shared.program, list, id, 0, Value(text));
      break;
    default:
      if (count > 50) {
        ListClear(shared.program, list, id);
      } else if (count > 0) {
        ListSet(shared.program, list, id, count / 3, Value(text));
      }
  }
}

TEST(ListDeathStressTest, EachOperationWasDoneOrWasNot) {
  Containers shared;
  const Offset list = CreateList(shared.program, 0, shared.me);
  const platform::Mapping mapping = platform::Mapping::Create(sizeof(Diary), platform::Reach::kProcesses);
  Diary& diary = *reinterpret_cast<Diary*>(mapping.data());
  State state;
  std::uint64_t step = 0;
  for (std::uint32_t round = 0; round < 60; ++round) {
    diary.id.store(0);
    {
      Child child([&] {
        const ParticipantId id = shared.Join();
        diary.id.store(id);
        for (std::uint64_t next = step;; ++next) {
          diary.begun.store(next + 1);
          Perform(shared, list, id, state, next);
          state.Apply(next);
          diary.done.store(next + 1);
        }
      });
      while (diary.id.load() == 0) std::this_thread::yield();
      std::this_thread::sleep_for(std::chrono::microseconds(200 + round * 7919 % 2500));
      child.Kill();
      child.Wait();
    }
    shared.End(diary.id.load(), shared.me);
    for (; step < diary.done.load(); ++step) state.Apply(step);
    ListSnapshot all(shared.program, shared.me);
    ASSERT_EQ(ListSnapshotOf(shared.program, list, shared.me, 0, kListEnd, &all), Outcome::kDone);
    const auto holds = [&](const State& expected) {
      return std::ranges::equal(all.values.slots(), expected.numbers, [&](Slot slot, std::uint64_t number) {
        std::string text(object::SlotLength(shared.program, slot), ' ');
        object::CopySlot(shared.program, slot, reinterpret_cast<std::byte*>(text.data()));
        return text == TextOf(number);
      });
    };
    if (!holds(state)) {
      ASSERT_LT(step, diary.begun.load());
      state.Apply(step++);
      ASSERT_TRUE(holds(state)) << "after " << step << " steps";
    }
  }
  shared.program.Release(list, shared.me);
}

}  // namespace
}  // namespace allcores::container
