#include <gtest/gtest.h>

#include <random>

#include "container/list.h"
#include "support/containers.h"

namespace allcores::container {
namespace {

using testing::Containers;
using testing::Reading;
using testing::Value;

class ListModelTest : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  std::uint32_t Below(std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); }
  std::string Text() { return std::string(Below(12), static_cast<char>('a' + Below(26))); }
  // Sometimes outside.
  std::int64_t Index() {
    const auto count = static_cast<std::int64_t>(model.size());
    return static_cast<std::int64_t>(Below(static_cast<std::uint32_t>(2 * count + 5))) - count - 2;
  }
  std::size_t Clamp(std::int64_t end) const {
    const auto count = static_cast<std::int64_t>(model.size());
    return static_cast<std::size_t>(std::clamp<std::int64_t>(end < 0 ? end + count : end, 0, count));
  }

  void Compare() {
    std::uint64_t length = 0;
    ASSERT_EQ(ListLength(shared.program, list, me, &length), Outcome::kDone);
    ASSERT_EQ(length, model.size());
    for (std::size_t i = 0; i < model.size(); ++i) {
      Reading read(shared);
      ASSERT_EQ(ListAt(shared.program, list, me, static_cast<std::int64_t>(i), &read), Outcome::kDone);
      ASSERT_EQ(read.Text(), model[i]);
    }
  }

  void Step() {
    const std::string text = Text();
    const std::int64_t index = Index();
    const auto count = static_cast<std::int64_t>(model.size());
    const bool inside = index >= -count && index < count;
    Reading read(shared);
    switch (Below(10)) {
      case 0:
        ASSERT_EQ(ListInsert(shared.program, list, me, index, Value(text)), Outcome::kDone);
        model.insert(model.begin() + static_cast<std::ptrdiff_t>(Clamp(index)), text);
        break;
      case 1:
      case 2: {
        const std::int64_t at = Below(3) == 0 ? index : Below(2) == 0 ? 0 : -1;
        const bool present = at >= -count && at < count;
        const Outcome expected = count == 0 ? Outcome::kNotPresent : present ? Outcome::kDone : Outcome::kBadIndex;
        ASSERT_EQ(ListPop(shared.program, list, me, at, &read), expected);
        if (expected != Outcome::kDone) break;
        ASSERT_EQ(read.Text(), model[Clamp(at)]);
        model.erase(model.begin() + static_cast<std::ptrdiff_t>(Clamp(at)));
        break;
      }
      case 3:
        ASSERT_EQ(ListSet(shared.program, list, me, index, Value(text)), inside ? Outcome::kDone : Outcome::kBadIndex);
        if (inside) model[Clamp(index)] = text;
        break;
      case 4: {
        const std::int64_t stop = Index();
        std::vector<std::string> texts(Below(5));
        std::vector<ValueView> values;
        for (std::string& one : texts) values.push_back(Value(one = Text()));
        ASSERT_EQ(ListReplace(shared.program, list, me, index, stop, values), Outcome::kDone);
        const auto from = static_cast<std::ptrdiff_t>(Clamp(index));
        const auto to = std::max(from, static_cast<std::ptrdiff_t>(Clamp(stop)));
        model.erase(model.begin() + from, model.begin() + to);
        model.insert(model.begin() + from, texts.begin(), texts.end());
        break;
      }
      case 5:
        ASSERT_EQ(ListReverse(shared.program, list, me), Outcome::kDone);
        std::ranges::reverse(model);
        break;
      case 6:
        if (Below(100) != 0) break;
        ASSERT_EQ(ListClear(shared.program, list, me), Outcome::kDone);
        model.clear();
        break;
      default:
        ASSERT_EQ(ListAppend(shared.program, list, me, Value(text)), Outcome::kDone);
        model.push_back(text);
    }
  }

  Containers shared;
  const ParticipantId me = shared.me;
  const std::uint64_t before = shared.Blocks();
  const Offset list = CreateList(shared.program, 0, me);
  std::minstd_rand random{GetParam()};
  std::vector<std::string> model;
};

TEST_P(ListModelTest, DoesAsAVectorDoes) {
  for (int step = 0; step < 3000; ++step) {
    Step();
    if (step % 50 == 0) Compare();
    if (HasFatalFailure()) return;
  }
  Compare();
  shared.program.Release(list, me);
  EXPECT_EQ(shared.Blocks(), before);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ListModelTest, ::testing::Values(1U, 2U, 3U, 4U));

}  // namespace
}  // namespace allcores::container
