#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "platform/named_mapping.h"

namespace allcores::platform {

// Removes the names of this process's shared memory objects when it ends, however it ends: also by SIGKILL.
//
// What is to be removed stands in a table in memory that this process shares with a tracker: a process that is forked
// with the first name, gives up everything that it has from this one (descriptors, memory, session, signals), and reads
// from a pipe whose other end this process alone holds. Once that end is gone it removes what the table says, and
// leaves. It never runs otherwise: arming and disarming are stores to the table.
//
// At an orderly exit the process waits for its tracker. A tracker that somebody killed is replaced at the next arming;
// the table, and so what it says, remains. A process that was forked from this one has a tracker and a table of its
// own.
class NameTracker {
 public:
  // Objects of one process that have names at the same time.
  static constexpr std::size_t kMostNames = 65536;

  static NameTracker& Process();

  // Never destroyed: whatever runs at the end of the process may need it.
  ~NameTracker() = delete;
  NameTracker(const NameTracker&) = delete;
  NameTracker& operator=(const NameTracker&) = delete;

  // From now on the name is removed when this process ends, if it names this object then. That stands in the table
  // before `appear` runs, which may be what gives the object its name. 0; or errno, and the table does not have it:
  // that of `appear` or of fork, or ENFILE when the table is full.
  int Arm(const std::string& name, const ObjectIdentity& identity, const std::function<int()>& appear);
  // The object has no name any more, or is none of this process's.
  void Disarm(const ObjectIdentity& identity);

  // Has the tracker do its work and leave, and waits for that, so that an orderly end leaves no ended process behind.
  void Finish();

  // Number of the tracker, or 0 before there is one.
  [[nodiscard]] std::int64_t tracker();

 private:
  struct Table;
  using Key = std::pair<std::uint64_t, std::uint64_t>;

  NameTracker() = default;

  static Key KeyOf(const ObjectIdentity& identity) { return {identity.device, identity.file}; }
  static void Fork(Table* table, int pipe, std::int64_t* tracker, int* error);
  [[noreturn]] static void Track(Table* table, int pipe);

  int Prepare();
  int Start();
  void Free(std::uint32_t place);
  // Frees places whose objects others have unlinked.
  void Prune();

  std::mutex mutex_;
  std::int64_t owner_ = 0;  // the process that all of this belongs to
  std::int64_t tracker_ = 0;
  int pipe_ = -1;  // the end that tells by being gone
  Table* table_ = nullptr;
  std::map<Key, std::uint32_t> places_;
  std::vector<std::uint32_t> free_;
};

}  // namespace allcores::platform
