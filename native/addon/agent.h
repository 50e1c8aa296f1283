#pragma once

#include <node_api.h>

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "addon/loop_waker.h"
#include "addon/shared_program.h"
#include "addon/value_batch.h"
#include "container/dict.h"
#include "container/list.h"
#include "container/read_value.h"
#include "object/ledger.h"

namespace allcores::addon {

using object::ObjectKind;
using object::Offset;
using object::ParticipantId;
using sync::Outcome;

// One environment's part in the shared objects: its participant, the references of its handles, its waits. It ends with
// the environment, however that ends, and gives back all that it holds.
//
// JavaScript and the agent exchange numbers as arguments, and everything else in one buffer (`exchange`), since asking
// an ArrayBuffer for its memory costs more than most operations.
class Agent {
 public:
  // Of the exchange buffer, in bytes. Results beside the returned one come as doubles in `control`.
  static constexpr std::size_t kControlBytes = 256;
  static constexpr std::size_t kTableBytes = std::size_t{16} << 10;  // lists of numbers
  static constexpr std::size_t kDataBytes = std::size_t{32} << 10;   // each way
  static constexpr std::size_t kKeyBytes = std::size_t{8} << 10;
  static constexpr std::size_t kExchangeBytes = kControlBytes + kTableBytes + kKeyBytes + 2 * kDataBytes;
  // Windows on the heap begin at multiples of this, and overlap by more than the longest object.
  static constexpr std::size_t kWindowBytes = std::size_t{1} << 20;
  static constexpr std::size_t kWindowOverlap = std::size_t{64} << 10;
  static constexpr std::size_t kTableLength = kTableBytes / sizeof(double);

  // Throws a Napi::Error: no memory, or too many participants.
  Agent(Napi::Env env, std::uint64_t key, const Napi::Function& on_mail);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent();

  [[nodiscard]] object::Program& program() const { return shared_->program(); }
  [[nodiscard]] ParticipantId me() const { return place_.me; }
  [[nodiscard]] SharedProgram& shared() const { return *shared_; }
  [[nodiscard]] sync::Waiting& waiting() { return waiting_; }
  [[nodiscard]] LoopWaker& waker() { return *waker_; }

  [[nodiscard]] std::byte* exchange() const { return exchange_.get(); }
  [[nodiscard]] double* control() const { return reinterpret_cast<double*>(exchange_.get()); }
  [[nodiscard]] double* table() const { return reinterpret_cast<double*>(exchange_.get() + kControlBytes); }
  [[nodiscard]] std::byte* key() const { return exchange_.get() + kControlBytes + kTableBytes; }
  // From JavaScript, and to it.
  [[nodiscard]] std::byte* sent() const { return key() + kKeyBytes; }
  [[nodiscard]] std::byte* given() const { return sent() + kDataBytes; }

  // A handle has been made: the agent takes over one reference, which is in hand.
  double Hold(Offset object);
  // A handle is gone. False for an object that no handle names.
  bool Drop(Offset object);
  [[nodiscard]] bool Holds(Offset object) const { return held_.contains(object); }

  // A reference for a name on its way to somebody who outlives this environment. It is this one's until it is handed
  // over, which comes right before the name becomes visible there; or taken back, if it never will.
  void Export(Offset object) { exported_.emplace_back(object, ledger_.Note(object::Ledger::Kind::kReference, object)); }
  void HandOver();
  void TakeBack();

  // What a wait has to do with messages: it gives one, which is kept until it is read, or hands one over, which is not
  // kept meanwhile, and is again if the wait was in vain.
  struct Cargo {
    bool gives = false;
    Offset handed = 0;
  };
  // Waits of this environment that have not ended, so that they can be ended with it.
  void Await(Offset node, Cargo cargo) { nodes_.emplace(node, cargo); }
  void Ended(Offset node, Outcome outcome, std::uint64_t result);
  // What was taken from the mail and is still to be looked at.
  [[nodiscard]] Offset& unread() { return unread_; }
  // Each wait of the event loop is to be looked at, one after the other; 0: none is left.
  void DoubtWaits();
  Offset NextDoubted();

  // Messages that belong to no container and to no wait: being made, to be put, or taken and not read yet.
  void KeepBlock(Offset block) { blocks_.try_emplace(block, ledger_.Note(object::Ledger::Kind::kBlock, block)); }
  // False for one that this agent does not keep.
  bool PassBlock(Offset block);

  // A value as JavaScript sends it: `length` bytes in `sent`, or those of Stage if `length` is negative; and so many
  // objects in the table.
  container::ValueView Sent(double length, double links);
  void Stage(const std::byte* bytes, std::size_t length) { staged_ = {bytes, length}; }
  // Bytes of values that buffers of this environment lie on. Such a buffer gives its memory back when it was collected
  // and the event loop turns: one who never lets it turn gets copies beyond kMostLent, which need no loop.
  static constexpr std::uint64_t kMostLent = std::uint64_t{256} << 20;
  [[nodiscard]] const std::shared_ptr<std::atomic<std::uint64_t>>& lent() const { return lent_; }
  // The value that was read last.
  [[nodiscard]] container::ReadValue& read() { return read_; }
  // Values for an operation on several, and the picture that was taken last of a dict or list.
  [[nodiscard]] ValueBatch& batch() { return batch_; }
  [[nodiscard]] container::DictSnapshot& dict_snapshot();  // a new one
  [[nodiscard]] container::ListSnapshot& list_snapshot();  // a new one
  [[nodiscard]] const container::DictSnapshot& taken() const;
  [[nodiscard]] const std::vector<object::Slot>& snapshot_slots() const;
  void ReleaseSnapshots();
  // Tells of the value that was read last: control: version, length, whether it is in `given` and done with; table: the
  // objects that it names.
  void TellRead();

 private:
  // Its place among the participants, which it leaves at the end.
  struct Place {
    Place(Napi::Env env, SharedProgram& shared, std::uint64_t key);
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place();

    object::Program& program;
    ParticipantId me;
  };
  struct Held {
    std::uint64_t count = 0;
    object::Ledger::Entry* entry = nullptr;
  };

  SharedProgram* shared_;
  const Place place_;  // given up after all else
  object::Ledger ledger_;
  sync::Waiting waiting_;
  std::unique_ptr<LoopWaker> waker_;
  std::unique_ptr<std::byte[]> exchange_;
  std::unordered_map<Offset, Held> held_;
  std::vector<std::pair<Offset, object::Ledger::Entry*>> exported_;
  std::unordered_map<Offset, Cargo> nodes_;
  Offset unread_ = 0;
  std::vector<Offset> doubted_;
  std::unordered_map<Offset, object::Ledger::Entry*> blocks_;
  std::span<const std::byte> staged_;
  std::vector<Offset> links_;
  // Shared with the buffers, the last of which may go after the agent.
  std::shared_ptr<std::atomic<std::uint64_t>> lent_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  container::ReadValue read_;
  ValueBatch batch_;
  std::optional<container::DictSnapshot> dict_snapshot_;
  std::optional<container::ListSnapshot> list_snapshot_;
};

// Joins the calling environment to the program: (key, onMail) gives an object with everything that an agent can do.
Napi::Value JoinProgram(const Napi::CallbackInfo& info);
// Makes the participant with that key, in this process, return from its waits: (key).
Napi::Value InterruptParticipant(const Napi::CallbackInfo& info);

}  // namespace allcores::addon
