// The floor of a hand-over between two sleeping threads: each wakes the other through a futex word and sleeps again.
// Usage: futex_ping_pong <idle microseconds before each round trip> <round trips>
// Prints {"p50": µs, "p99": µs} of the round trips.

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

struct alignas(64) Word {
  std::atomic<uint32_t> value{0};

  void post(uint32_t next) {
    value.store(next, std::memory_order_release);
    syscall(SYS_futex, &value, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  }

  void wait_for(uint32_t expected) {
    for (uint32_t seen; (seen = value.load(std::memory_order_acquire)) != expected;) {
      syscall(SYS_futex, &value, FUTEX_WAIT_PRIVATE, seen, nullptr, nullptr, 0);
    }
  }
};

double now_in_microseconds() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

void idle(long microseconds) {
  if (microseconds == 0) return;
  const timespec pause{microseconds / 1'000'000, (microseconds % 1'000'000) * 1000};
  nanosleep(&pause, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: %s <idle microseconds> <round trips>\n", argv[0]), 2;
  const long pause = std::atol(argv[1]);
  const uint32_t rounds = static_cast<uint32_t>(std::atol(argv[2]));
  const uint32_t warmup = rounds / 10 + 1;

  static Word ping, pong;
  std::thread partner([&] {
    for (uint32_t i = 1; i <= warmup + rounds; i++) {
      ping.wait_for(i);
      pong.post(i);
    }
  });

  std::vector<double> samples;
  samples.reserve(rounds);
  for (uint32_t i = 1; i <= warmup + rounds; i++) {
    idle(pause);
    const double start = now_in_microseconds();
    ping.post(i);
    pong.wait_for(i);
    if (i > warmup) samples.push_back(now_in_microseconds() - start);
  }
  partner.join();

  std::sort(samples.begin(), samples.end());
  const auto quantile = [&](double q) { return samples[static_cast<size_t>(q * (samples.size() - 1))]; };
  std::printf("{\"p50\": %.3f, \"p99\": %.3f}\n", quantile(0.5), quantile(0.99));
}
