#include "participant/wakers.h"

#include <gtest/gtest.h>

namespace allcores::participant {
namespace {

TEST(Wakers, PokesTheHookOfThatParticipantAlone) {
  Wakers wakers(2);
  int pokes[2]{};
  wakers.Set(0, [&] { ++pokes[0]; });
  wakers.Set(1, [&] { ++pokes[1]; });
  wakers.Poke(1);
  EXPECT_EQ(pokes[0], 0);
  EXPECT_EQ(pokes[1], 1);
}

TEST(Wakers, PokingNobodyDoesNothing) {
  Wakers wakers(1);
  wakers.Poke(0);
  int pokes = 0;
  wakers.Set(0, [&] { ++pokes; });
  wakers.Clear(0);
  wakers.Poke(0);
  EXPECT_EQ(pokes, 0);
}

TEST(Wakers, ALaterHookReplacesTheFirst) {
  Wakers wakers(1);
  int first = 0;
  int second = 0;
  wakers.Set(0, [&] { ++first; });
  wakers.Set(0, [&] { ++second; });
  wakers.Poke(0);
  EXPECT_EQ(first, 0);
  EXPECT_EQ(second, 1);
}

}  // namespace
}  // namespace allcores::participant
