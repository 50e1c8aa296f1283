#if !defined(_WIN32)

#include "platform/name_tracker.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <thread>
#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "base/deadline.h"
#include "platform/futex.h"
#include "platform/shed_memory.h"
#include "platform/shm_name.h"

namespace allcores::platform {

// In memory that the tracker maps, too. Pages are taken as places are used.
struct NameTracker::Table {
  struct Place {
    // Set with release after the rest was written, so that a place that is armed is whole for the tracker, which looks
    // once this process has ended at whatever instruction.
    std::atomic<std::uint32_t> armed;
    ObjectIdentity identity;
    char name[NamedMapping::kMostNameBytes + 1];
  };
  std::atomic<std::uint32_t> settled;  // trackers that have left this process's session
  std::atomic<std::uint32_t> used;     // places that were ever used are before this one
  Place places[kMostNames];
};

namespace {

// All signals but those that cannot be, for the calling thread and those that it starts.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

int OpenPipe(int ends[2]) {
#if defined(__linux__)
  return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno;
#else
  if (pipe(ends) != 0) return errno;
  for (int i = 0; i < 2; ++i) fcntl(ends[i], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

void CloseFrom(int first) {
#if defined(SYS_close_range)
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
#endif
  rlimit limit{};
  const bool limited = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  const int end = limited ? static_cast<int>(limit.rlim_cur) : 65536;
  for (int number = first; number < end; ++number) close(number);
}

}  // namespace

NameTracker& NameTracker::Process() {
  static auto* const tracker = [] {
    auto* const made = new NameTracker();
    static_cast<void>(std::atexit([] { Process().Finish(); }));
    return made;
  }();
  return *tracker;
}

int NameTracker::Arm(const std::string& name, const ObjectIdentity& identity, const std::function<int()>& appear) {
  const std::lock_guard lock(mutex_);
  if (const int error = Prepare(); error != 0) return error;
  std::uint32_t used = table_->used.load(std::memory_order_relaxed);  // written under the mutex alone
  if (free_.empty() && used == kMostNames) Prune();
  std::uint32_t place = 0;
  if (!free_.empty()) {
    place = free_.back();
    free_.pop_back();
  } else if (used < kMostNames) {
    place = used++;
    table_->used.store(used, std::memory_order_relaxed);  // seen with `armed`, or else there is nothing to see
  } else {
    return ENFILE;
  }
  Table::Place& at = table_->places[place];
  at.identity = identity;
  std::memcpy(at.name, name.c_str(), name.size() + 1);
  at.armed.store(1, std::memory_order_release);
  const int error = appear();  // under the mutex, so that nobody takes it for unlinked before it is there
  if (error == 0) {
    places_[KeyOf(identity)] = place;
  } else {
    Free(place);
  }
  return error;
}

void NameTracker::Disarm(const ObjectIdentity& identity) {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(KeyOf(identity));
  if (found == places_.end() || owner_ != getpid()) return;
  Free(found->second);
  places_.erase(found);
}

void NameTracker::Free(std::uint32_t place) {
  table_->places[place].armed.store(0, std::memory_order_release);
  free_.push_back(place);
}

void NameTracker::Finish() {
  const std::lock_guard lock(mutex_);
  if (owner_ != getpid() || tracker_ == 0) return;
  close(pipe_);
  pipe_ = -1;
  // It takes a fraction of a millisecond. One that somebody has stopped must not stop the end of this process.
  constexpr int kMostTries = 200;
  for (int i = 0; i < kMostTries && waitpid(static_cast<pid_t>(tracker_), nullptr, WNOHANG) == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
  tracker_ = 0;
}

std::int64_t NameTracker::tracker() {
  const std::lock_guard lock(mutex_);
  return owner_ == getpid() ? tracker_ : 0;
}

// There is a table, and a tracker that reads it.
int NameTracker::Prepare() {
  if (owner_ != getpid()) {  // the first time, or in a process that was forked from one that has all this
    if (pipe_ >= 0) close(pipe_);
    if (table_ != nullptr) munmap(table_, sizeof(Table));
    owner_ = getpid();
    tracker_ = 0;
    pipe_ = -1;
    table_ = nullptr;
    places_.clear();
    free_.clear();
  }
  if (table_ == nullptr) {
    void* const memory =
        mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return errno;
    table_ = static_cast<Table*>(memory);  // all zero, which is a table without places
  }
  // Also when nobody knows of it any more because something else in this process waited for it.
  if (tracker_ != 0 && waitpid(static_cast<pid_t>(tracker_), nullptr, WNOHANG) == 0) return 0;
  return Start();
}

int NameTracker::Start() {
  if (pipe_ >= 0) close(pipe_);
  pipe_ = -1;
  tracker_ = 0;
  int ends[2];
  if (const int error = OpenPipe(ends); error != 0) return error;
  int error = 0;
  {
    // A thread of its own has its stack and variables where ShedMemory wants them; it starts with all signals blocked.
    const SignalsBlocked blocked;
    table_->settled.store(0, std::memory_order_relaxed);  // there is no tracker that could write it
    try {
      std::thread(Fork, table_, ends[0], &tracker_, &error).join();
    } catch (const std::system_error&) {
      error = EAGAIN;
    }
  }
  close(ends[0]);
  if (error != 0) {
    close(ends[1]);
    return error;
  }
  pipe_ = ends[1];
  // Until then what kills this process's group would kill both.
  while (table_->settled.load(std::memory_order_relaxed) == 0) {
    constexpr std::int64_t kLookAgainNanos = 10'000'000;
    Futex::Wait(table_->settled, 0, Deadline::After(kLookAgainNanos));
    if (waitpid(static_cast<pid_t>(tracker_), nullptr, WNOHANG) != 0) break;  // killed already: the next arming sees
  }
  return 0;
}

void NameTracker::Fork(Table* table, int pipe, std::int64_t* tracker, int* error) {
  const pid_t process = fork();
  if (process == 0) Track(table, pipe);
  *tracker = process > 0 ? process : 0;
  *error = process > 0 ? 0 : errno;
}

// In the tracker. Only what is safe after fork from a process with several threads: system calls.
void NameTracker::Track(Table* table, int pipe) {
  // First what others might wait for. Signals stay blocked for good: Ctrl-C and whatever ends the group are the
  // owner's.
  dup2(pipe, STDIN_FILENO);
  CloseFrom(STDIN_FILENO + 1);
  setsid();
  table->settled.store(1, std::memory_order_relaxed);
  Futex::WakeAll(table->settled);
  static_cast<void>(chdir("/") == 0);  // a folder that is in use could not be unmounted
#if defined(__linux__)
  prctl(PR_SET_NAME, "allcores-shm");  // so that nobody takes it for the program, who ends that by its name
#endif
  ShedMemory(table, sizeof(Table));

  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) {
  }
  const std::uint32_t used = table->used.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < used; ++i) {
    const Table::Place& place = table->places[i];
    if (place.armed.load(std::memory_order_acquire) == 0) continue;
    static_cast<void>(ShmName(place.name).RemoveIf(place.identity));
  }
  _exit(0);
}

void NameTracker::Prune() {
  for (auto at = places_.begin(); at != places_.end();) {
    const Table::Place& place = table_->places[at->second];
    ObjectIdentity found;
    if (ShmName(place.name).Identify(&found) == 0 && found == place.identity) {
      ++at;
      continue;
    }
    Free(at->second);
    at = places_.erase(at);
  }
}

}  // namespace allcores::platform

#endif
