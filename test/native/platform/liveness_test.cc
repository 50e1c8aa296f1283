#include "platform/liveness.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include "support/child.h"
#include "support/hang.h"

namespace allcores::platform {
namespace {

TEST(Liveness, KnowsThisProcess) {
  const std::uint64_t self = CurrentProcessId();
  EXPECT_EQ(self, static_cast<std::uint64_t>(getpid()));
  const std::uint64_t started = ProcessStartTime(self);
  EXPECT_NE(started, 0U);
  EXPECT_EQ(ProcessStartTime(self), started);
  EXPECT_TRUE(IsProcessAlive(self, started));
}

TEST(Liveness, AnotherStartTimeIsAnotherProcess) {
  const std::uint64_t self = CurrentProcessId();
  EXPECT_FALSE(IsProcessAlive(self, ProcessStartTime(self) + 1));
  EXPECT_FALSE(IsProcessAlive(self, 0));
}

TEST(Liveness, NoProcessHasNoStartTime) { EXPECT_EQ(ProcessStartTime(0x7ffffff0), 0U); }

TEST(Liveness, AKilledChildIsDeadBeforeAndAfterItWasWaitedFor) {
  testing::Child child([] {
    for (;;) pause();
  });
  const auto process = static_cast<std::uint64_t>(child.process());
  const std::uint64_t started = ProcessStartTime(process);
  EXPECT_TRUE(IsProcessAlive(process, started));
  child.Kill();
  EXPECT_TRUE(testing::Eventually([&] { return !IsProcessAlive(process, started); }));
  EXPECT_FALSE(child.Wait());
  EXPECT_FALSE(IsProcessAlive(process, started));
}

}  // namespace
}  // namespace allcores::platform
