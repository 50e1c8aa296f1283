#include <gtest/gtest.h>

#include "container/dict.h"
#include "container/list.h"
#include "support/containers.h"

namespace allcores::container {
namespace {

using testing::Bytes;
using testing::Containers;

constexpr int kLevels = 100'000;

// One in the other, lists and dicts by turns; only the outermost has another reference.
Offset Nest(Containers& shared) {
  const ParticipantId me = shared.me;
  Offset inner = 0;
  for (int i = 0; i < kLevels; ++i) {
    const bool is_list = i % 8 != 0;
    const Offset outer = is_list ? CreateList(shared.program, 0, me) : CreateDict(shared.program, 0, 0, me);
    if (inner != 0) {
      const ValueView value{Bytes("nested"), {&inner, 1}};
      const Outcome outcome = is_list ? ListAppend(shared.program, outer, me, value)
                                      : DictSet(shared.program, outer, me, Bytes("key"), value);
      EXPECT_EQ(outcome, Outcome::kDone);
      shared.program.Release(inner, me);
    }
    inner = outer;
  }
  return inner;
}

TEST(NestingTest, EndsAtAnyDepth) {
  Containers shared;
  const std::uint64_t before = shared.Blocks();
  const Offset outermost = Nest(shared);
  EXPECT_GT(shared.Blocks(), before + kLevels);
  shared.program.Release(outermost, shared.me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST(NestingTest, IsClearedAtAnyDepth) {
  Containers shared;
  const std::uint64_t before = shared.Blocks();
  const Offset outermost = Nest(shared);
  EXPECT_EQ(ListClear(shared.program, outermost, shared.me), Outcome::kDone);
  EXPECT_EQ(shared.Blocks(), before + 1);
  shared.program.Release(outermost, shared.me);
  EXPECT_EQ(shared.Blocks(), before);
}

TEST(NestingTest, AContainerMayHoldItself) {
  Containers shared;
  const Offset dict = CreateDict(shared.program, 0, 0, shared.me);
  EXPECT_EQ(DictSet(shared.program, dict, shared.me, Bytes("self"), {Bytes("x"), {&dict, 1}}), Outcome::kDone);
  EXPECT_EQ(shared.References(dict), 2U);
  EXPECT_EQ(DictDelete(shared.program, dict, shared.me, Bytes("self")), Outcome::kDone);
  EXPECT_EQ(shared.References(dict), 1U);
  shared.program.Release(dict, shared.me);
}

}  // namespace
}  // namespace allcores::container
