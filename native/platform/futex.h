#pragma once

#include <atomic>
#include <cstdint>

#include "base/deadline.h"

namespace allcores::platform {

// Why a wait ended. kWoken includes spurious wake-ups: a waiter always looks at its own condition again.
enum class WaitResult : std::uint8_t { kWoken, kValueChanged, kTimedOut };

// The futex contract, once per backend, under one typed test suite (test/native/platform/futex_test.cc):
//   Wait   sleeps while `word` holds `expected`; the comparison and going to sleep are one step with respect to Wake*.
//   Wake*  wakes threads that wait on `word`; the caller changes the word first.
// Words may lie in memory shared between processes; where kProcessShared they are found by what they map to, not by
// their address.

#if defined(__linux__)
// futex(2), absolute CLOCK_MONOTONIC timeouts, process-shared.
struct LinuxFutex {
  static constexpr bool kProcessShared = true;
  static WaitResult Wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline);
  static void WakeOne(std::atomic<std::uint32_t>& word);
  static void WakeAll(std::atomic<std::uint32_t>& word);
};
#endif

#if defined(__APPLE__)
// os_sync_wait_on_address, or what it is made of where that is too new.
struct DarwinFutex {
  static constexpr bool kProcessShared = true;
  static WaitResult Wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline);
  static void WakeOne(std::atomic<std::uint32_t>& word);
  static void WakeAll(std::atomic<std::uint32_t>& word);
};
#endif

#if defined(_WIN32)
// WaitOnAddress: finds words by their address, so between threads of one process only. Timeouts are as fine as the
// system's clock tick.
struct WindowsFutex {
  static constexpr bool kProcessShared = false;
  static WaitResult Wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline);
  static void WakeOne(std::atomic<std::uint32_t>& word);
  static void WakeAll(std::atomic<std::uint32_t>& word);
};
#endif

// C++20 std::atomic::wait for waits without end. It has no timed form, so timed waits poll with growing sleeps of at
// most a millisecond: correct everywhere, slower to wake. Works between threads of one process.
struct StdFutex {
  static constexpr bool kProcessShared = false;
  static WaitResult Wait(std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline);
  static void WakeOne(std::atomic<std::uint32_t>& word);
  static void WakeAll(std::atomic<std::uint32_t>& word);
};

#if defined(ALLCORES_PORTABLE_FUTEX)
using Futex = StdFutex;
#elif defined(__linux__)
using Futex = LinuxFutex;
#elif defined(__APPLE__)
using Futex = DarwinFutex;
#elif defined(_WIN32)
using Futex = WindowsFutex;
#else
using Futex = StdFutex;
#endif

}  // namespace allcores::platform
