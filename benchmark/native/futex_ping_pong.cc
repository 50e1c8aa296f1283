// The floor of a hand-over between two sleeping threads, or processes: each wakes the other through a futex word and
// sleeps again.
// Usage: futex_ping_pong threads|processes <idle microseconds before each round trip> <round trips>
// Prints {"p50": µs, "p99": µs} of the round trips.

#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>
#include <vector>

namespace {

// FUTEX_PRIVATE_FLAG between threads, which spares the kernel a look at the mapping; 0 between processes.
int flag = FUTEX_PRIVATE_FLAG;

struct alignas(64) Word {
  std::atomic<uint32_t> value{0};

  void post(uint32_t next) {
    value.store(next, std::memory_order_release);
    syscall(SYS_futex, &value, FUTEX_WAKE | flag, 1, nullptr, nullptr, 0);
  }

  void wait_for(uint32_t expected) {
    for (uint32_t seen; (seen = value.load(std::memory_order_acquire)) != expected;) {
      syscall(SYS_futex, &value, FUTEX_WAIT | flag, seen, nullptr, nullptr, 0);
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
  if (argc != 4) {
    return std::fprintf(stderr, "usage: %s threads|processes <idle microseconds> <round trips>\n", argv[0]), 2;
  }
  const bool processes = std::strcmp(argv[1], "processes") == 0;
  const long pause = std::atol(argv[2]);
  const uint32_t rounds = static_cast<uint32_t>(std::atol(argv[3]));
  const uint32_t warmup = rounds / 10 + 1;

  void* const memory = mmap(nullptr, 2 * sizeof(Word), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return std::perror("mmap"), 1;
  Word* const words = new (memory) Word[2];
  Word& ping = words[0];
  Word& pong = words[1];
  const auto answer = [&] {
    for (uint32_t i = 1; i <= warmup + rounds; i++) {
      ping.wait_for(i);
      pong.post(i);
    }
  };
  std::thread partner;
  if (processes) {
    flag = 0;
    const pid_t child = fork();
    if (child < 0) return std::perror("fork"), 1;
    if (child == 0) return answer(), 0;
  } else {
    partner = std::thread(answer);
  }

  std::vector<double> samples;
  samples.reserve(rounds);
  for (uint32_t i = 1; i <= warmup + rounds; i++) {
    idle(pause);
    const double start = now_in_microseconds();
    ping.post(i);
    pong.wait_for(i);
    if (i > warmup) samples.push_back(now_in_microseconds() - start);
  }
  if (processes) {
    wait(nullptr);
  } else {
    partner.join();
  }

  std::sort(samples.begin(), samples.end());
  const auto quantile = [&](double q) { return samples[static_cast<size_t>(q * (samples.size() - 1))]; };
  std::printf("{\"p50\": %.3f, \"p99\": %.3f}\n", quantile(0.5), quantile(0.99));
}
