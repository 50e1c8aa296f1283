#include "platform/cpu.h"

#include <gtest/gtest.h>

#include <thread>

namespace allcores::platform {
namespace {

TEST(Cpu, ThereIsAtLeastOne) {
  EXPECT_GE(CpuCount(), 1U);
  const unsigned all = std::thread::hardware_concurrency();
  EXPECT_LE(CpuCount(), all > 0 ? all : CpuCount());
}

TEST(Cpu, ThreadsHaveDifferentNumbers) {
  const std::uint64_t here = CurrentThreadId();
  std::uint64_t there = here;
  std::thread([&] { there = CurrentThreadId(); }).join();
  EXPECT_EQ(CurrentThreadId(), here);
  EXPECT_NE(there, here);
}

TEST(Cpu, BindingLimitsTheThreadAlone) {
  const std::uint32_t before = CpuCount();
  bool bound = false;
  std::uint32_t inside = 0;
  std::thread([&] {
    for (std::uint32_t cpu = 0; cpu < 1024 && !bound; ++cpu) bound = BindCurrentThread(cpu);
    inside = CpuCount();
  }).join();
  EXPECT_EQ(inside, bound ? 1U : before);
  EXPECT_EQ(CpuCount(), before);
}

TEST(Cpu, RefusesAProcessorThatIsNotThere) { EXPECT_FALSE(BindCurrentThread(0xffffffff)); }

TEST(Cpu, PauseReturns) {
  for (int i = 0; i < 100; ++i) Pause();
}

}  // namespace
}  // namespace allcores::platform
