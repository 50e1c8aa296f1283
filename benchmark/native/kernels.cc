// What C++ does with the vectors of the workload "kernels" on all processors: with oneTBB, or with OpenMP.
// Usage: kernels quick|whole
// Prints the metrics of the workload as JSON.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

#if defined(WITH_TBB)
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <tbb/parallel_sort.h>
#else
#include <execution>
#endif

namespace {

using Vector = std::vector<double>;

#if defined(WITH_TBB)
using Range = tbb::blocked_range<std::size_t>;

double sum(const Vector& a) {
  return tbb::parallel_reduce(
      Range(0, a.size()), 0.0,
      [&](const Range& range, double total) {
        for (std::size_t i = range.begin(); i < range.end(); ++i) total += a[i];
        return total;
      },
      std::plus<>());
}

double dot(const Vector& a, const Vector& b) {
  return tbb::parallel_reduce(
      Range(0, a.size()), 0.0,
      [&](const Range& range, double total) {
        for (std::size_t i = range.begin(); i < range.end(); ++i) total += a[i] * b[i];
        return total;
      },
      std::plus<>());
}

void add(const Vector& a, const Vector& b, Vector& out) {
  tbb::parallel_for(Range(0, a.size()), [&](const Range& range) {
    for (std::size_t i = range.begin(); i < range.end(); ++i) out[i] = a[i] + b[i];
  });
}

void sort(Vector& a) { tbb::parallel_sort(a.begin(), a.end()); }
#else
double sum(const Vector& a) {
  double total = 0;
#pragma omp parallel for simd reduction(+ : total)
  for (std::size_t i = 0; i < a.size(); ++i) total += a[i];
  return total;
}

double dot(const Vector& a, const Vector& b) {
  double total = 0;
#pragma omp parallel for simd reduction(+ : total)
  for (std::size_t i = 0; i < a.size(); ++i) total += a[i] * b[i];
  return total;
}

void add(const Vector& a, const Vector& b, Vector& out) {
#pragma omp parallel for simd
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] + b[i];
}

void sort(Vector& a) { std::sort(std::execution::par, a.begin(), a.end()); }
#endif

// Seconds of the middle one of several runs; the first one is not measured.
template <typename Run, typename Before>
double seconds(int rounds, Run run, Before before) {
  std::vector<double> samples;
  for (int round = 0; round <= rounds; ++round) {
    before();
    const auto start = std::chrono::steady_clock::now();
    run();
    if (round > 0) samples.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(samples.begin(), samples.end());
  return samples[samples.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "quick") == 0;
  const std::size_t streamed = quick ? 2'000'000 : 16'000'000;
  const std::size_t sorted = quick ? 1'000'000 : 10'000'000;
  const int rounds = quick ? 3 : 9;
  Vector a(streamed);
  Vector b(streamed, 0.5);
  Vector out(streamed);
  for (std::size_t i = 0; i < streamed; ++i) a[i] = static_cast<double>(i % 1000);
  const auto nothing = [] {};
  volatile double total = 0;
  const double for_sum = seconds(rounds, [&] { total = sum(a); }, nothing);
  const double for_dot = seconds(rounds, [&] { total = dot(a, b); }, nothing);
  const double for_add = seconds(rounds, [&] { add(a, b, out); }, nothing);
  if (total != static_cast<double>(streamed / 1000) * 249'750 || out[1999] != 999.5) {
    return std::fprintf(stderr, "wrong result\n"), 1;
  }
  std::mt19937_64 random(1);
  Vector unsorted(sorted);
  for (double& value : unsorted) value = std::uniform_real_distribution<>(0, 1)(random);
  Vector target(sorted);
  const double for_sort = seconds(quick ? 1 : 3, [&] { sort(target); }, [&] { target = unsorted; });
  const double gigabytes = 8e-9 * static_cast<double>(streamed);
  std::printf("{\"sum\": %g, \"dot\": %g, \"add\": %g, \"sort\": %g, \"sortAgain\": %g}\n", gigabytes / for_sum,
              2 * gigabytes / for_dot, 3 * gigabytes / for_add, 1000 * for_sort, 1000 * for_sort);
}
