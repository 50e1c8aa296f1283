#include <gtest/gtest.h>

#include "support/explorer.h"

namespace allcores::executor {
namespace {

// A claim list that changes under the eyes of a worker that takes over, in single steps. The worker takes and begins
// three tasks one after the other; the second came by mailbox and nobody else may begin it. The thief looks twice.
struct ClaimListModel {
  static constexpr int kPersonal = 1;

  auto operator<=>(const ClaimListModel&) const = default;

  // Mutations that the tests must catch.
  bool empties_first = true;
  bool looks_at_length_again = true;

  int claim_count = 0;
  int claim = 0;
  int begun_by_worker[3]{};
  int begun_by_thief[3]{};
  int task = 0;  // the worker's
  int worker_at = 0;
  int looks = 0;  // the thief's
  int thief_at = 0;
  int entry = 0;

  [[nodiscard]] bool IsReady(int number) const { return begun_by_worker[number] + begun_by_thief[number] == 0; }
  [[nodiscard]] int actors() const { return 2; }
  [[nodiscard]] bool CanStep(int actor) const { return actor == 0 ? task < 3 : looks < 2; }
  void Step(int actor) {
    if (actor == 0) {
      StepWorker();
    } else {
      StepThief();
    }
  }

  void StepWorker() {
    switch (worker_at++) {
      case 0:  // Take: an empty list before a personal entry
        if (task == kPersonal && empties_first) claim_count = 0;
        return;
      case 1:  // Take: the entry
        claim = task;
        return;
      case 2:  // Take: the length
        claim_count = task == kPersonal ? 0 : 1;
        return;
      default:  // TryBegin
        if (IsReady(task)) ++begun_by_worker[task];
        worker_at = 0;
        ++task;
    }
  }

  void StepThief() {
    switch (thief_at++) {
      case 0:  // TakeOver: the length
        if (claim_count == 0) NextLook();
        return;
      case 1:  // TakeOver: the entry
        entry = claim;
        return;
      case 2:  // TakeOver: the length again
        if (looks_at_length_again && claim_count == 0) NextLook();
        return;
      case 3:  // TakeOver: IsReady
        if (!IsReady(entry)) NextLook();
        return;
      default:  // TryBegin
        if (IsReady(entry)) ++begun_by_thief[entry];
        NextLook();
    }
  }
  void NextLook() {
    thief_at = 0;
    ++looks;
  }

  [[nodiscard]] std::string Verdict() const {
    return begun_by_thief[kPersonal] > 0 ? "a task for one worker was taken over by another" : "";
  }
  [[nodiscard]] std::string EndVerdict() const {
    for (int number = 0; number < 3; ++number) {
      if (begun_by_worker[number] + begun_by_thief[number] != 1) return "a task was not begun exactly once";
    }
    return {};
  }
};

TEST(ClaimListModel, NoInterleavingTakesOverAPersonalTask) {
  const auto explored = testing::Explore(ClaimListModel{});
  EXPECT_EQ(explored.failure, "");
  EXPECT_GT(explored.states, 50U);
}

TEST(ClaimListModel, NotLookingAtTheLengthAgainIsFound) {
  ClaimListModel model;
  model.looks_at_length_again = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

TEST(ClaimListModel, NotEmptyingTheListFirstIsFound) {
  ClaimListModel model;
  model.empties_first = false;
  EXPECT_NE(testing::Explore(model).failure, "");
}

}  // namespace
}  // namespace allcores::executor
