#include "addon/agent.h"

#include <algorithm>
#include <utility>

#include "addon/agent_function.h"
#include "addon/arguments.h"
#include "addon/blocking_runs.h"
#include "addon/shared_buffer.h"
#include "base/check.h"

namespace allcores::addon {

using object::Ledger;

namespace {

SharedProgram* RequireProgram(Napi::Env env) {
  SharedProgram* const shared = SharedProgram::Process();
  if (shared == nullptr) throw Napi::Error::New(env, "allcores: the system gives no memory for shared objects");
  return shared;
}

}  // namespace

Agent::Place::Place(Napi::Env env, SharedProgram& shared, std::uint64_t key)
    : program(shared.program()), me(program.participants().Join(key, shared.caretaker())) {
  if (me == 0) throw Napi::Error::New(env, "allcores: too many threads use shared objects");
}

Agent::Place::~Place() {
  program.participants().Leave(me);
  program.participants().Bury(me);
}

Agent::Agent(Napi::Env env, std::uint64_t key, const Napi::Function& on_mail)
    : shared_(RequireProgram(env)),
      place_(env, *shared_, key),
      ledger_(program(), me()),
      waiting_(program(), shared_->wait_types()),
      waker_(std::make_unique<LoopWaker>(env, on_mail)),
      exchange_(std::make_unique<std::byte[]>(kExchangeBytes)),
      read_(program(), me(), std::span(given(), kDataBytes)) {
  program().wakers().Set(participant::IndexOf(me()), [waker = waker_.get()] { waker->Wake(); });
}

Agent::~Agent() {
  // First nobody pokes this loop any more; then all goes back, while this participant may still take guards.
  program().wakers().Clear(participant::IndexOf(me()));
  for (const auto& [node, cargo] : nodes_) {
    if (cargo.handed == 0) {
      waiting_.Abandon(node, me());
      continue;
    }
    // Its message may have been moved into the queue without our having heard of it.
    sync::Request request;
    if (waiting_.Cancel(node, request) != Outcome::kDone) KeepBlock(cargo.handed);
  }
  // What has just been abandoned may be among the mail: meeting it there frees it.
  while (waiting_.NextMail(&unread_, me()) != 0) {
  }
  unread_ = waiting_.TakeMail(me());
  while (waiting_.NextMail(&unread_, me()) != 0) {
  }
  program().Recover(me(), me());
  read_.GiveBack();
  ReleaseSnapshots();
  while (!blocks_.empty()) {
    const Offset block = blocks_.begin()->first;
    PassBlock(block);
    object::FreeValueBlock(program(), block, me());
  }
  TakeBack();
  while (!held_.empty()) Drop(held_.begin()->first);
}

double Agent::Hold(Offset object) {
  if (object == 0) return 0;
  Held& held = held_[object];
  if (++held.count == 1) {
    held.entry = ledger_.Note(Ledger::Kind::kReference, object);
  } else {
    program().HandsOf(me()).Put(object::in_hand::Object(object));
    Ledger::Recount(held.entry, held.count);
  }
  return Number(object);
}

bool Agent::Drop(Offset object) {
  const auto found = held_.find(object);
  if (found == held_.end()) return false;
  if (--found->second.count > 0) {
    Ledger::Recount(found->second.entry, found->second.count);
  } else {
    // Struck out last: nothing that takes time comes between that and the release.
    Ledger::Entry* const entry = found->second.entry;
    held_.erase(found);
    ledger_.Strike(entry);
  }
  program().Release(object, me());
  return true;
}

void Agent::HandOver() {
  for (const auto& [object, entry] : exported_) ledger_.Strike(entry);
  exported_.clear();
}

void Agent::TakeBack() {
  for (const auto& [object, entry] : exported_) {
    ledger_.Strike(entry);
    program().Release(object, me());
  }
  exported_.clear();
}

bool Agent::PassBlock(Offset block) {
  const auto found = blocks_.find(block);
  if (found == blocks_.end()) return false;
  ledger_.Strike(found->second);
  blocks_.erase(found);
  return true;
}

void Agent::DoubtWaits() {
  doubted_.clear();
  for (const auto& [node, cargo] : nodes_) doubted_.push_back(node);
}

Offset Agent::NextDoubted() {
  while (!doubted_.empty()) {
    const Offset node = doubted_.back();
    doubted_.pop_back();
    // One that blocks its thread looks for itself, and others may have ended meanwhile.
    if (nodes_.contains(node) && program().At<sync::WaitNode>(node)->in_loop != 0) return node;
  }
  return 0;
}

void Agent::Ended(Offset node, Outcome outcome, std::uint64_t result) {
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return;
  if (outcome == Outcome::kDone) {
    if (found->second.gives) KeepBlock(result);
  } else if (found->second.handed != 0) {
    KeepBlock(found->second.handed);
  }
  nodes_.erase(found);
}

container::ValueView Agent::Sent(double length, double links) {
  links_.clear();
  for (std::size_t i = 0; i < static_cast<std::size_t>(links); ++i) links_.push_back(static_cast<Offset>(table()[i]));
  if (length < 0) return {.bytes = std::exchange(staged_, {}), .links = links_};
  return {.bytes = {sent(), static_cast<std::size_t>(length)}, .links = links_};
}

container::DictSnapshot& Agent::dict_snapshot() {
  ReleaseSnapshots();
  return dict_snapshot_.emplace(program(), me());
}

container::ListSnapshot& Agent::list_snapshot() {
  ReleaseSnapshots();
  return list_snapshot_.emplace(program(), me());
}

const container::DictSnapshot& Agent::taken() const {
  ALLCORES_CHECK(dict_snapshot_.has_value());
  return *dict_snapshot_;
}

const std::vector<object::Slot>& Agent::snapshot_slots() const {
  if (dict_snapshot_.has_value()) return dict_snapshot_->values.slots();
  ALLCORES_CHECK(list_snapshot_.has_value());
  return list_snapshot_->values.slots();
}

void Agent::ReleaseSnapshots() {
  dict_snapshot_.reset();
  list_snapshot_.reset();
}

void Agent::TellRead() {
  const std::span<const std::byte> bytes = read_.Bytes();
  const std::span<const Offset> links = read_.Links();
  const bool copied = bytes.data() == given();
  // What fits is given at once. It stays ours if it names objects, until those have been made handles.
  if (!copied && bytes.size() <= kDataBytes) std::copy(bytes.begin(), bytes.end(), given());
  const std::size_t named = std::min(links.size(), kTableLength);
  for (std::size_t i = 0; i < named; ++i) table()[i] = Number(links[i]);
  control()[0] = Number(read_.version());
  control()[1] = Number(bytes.size());
  control()[2] = Number(links.size());
  if (!copied && links.empty() && bytes.size() <= kDataBytes) read_.GiveBack();
}

Napi::Value JoinProgram(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto key = static_cast<std::uint64_t>(NumberArgument(info, 0));
  auto agent = std::make_unique<Agent>(env, key, info[1].As<Napi::Function>());
  Napi::Object out = Napi::Object::New(env);
  out.Set("id", Napi::Number::New(env, agent->me()));
  out.Set("heapBytes", Napi::Number::New(env, static_cast<double>(agent->program().heap().size())));
  out.Set("exchange", ShareBuffer(env, agent->exchange(), Agent::kExchangeBytes, [] {}));
  DefineObjects(env, out, *agent);
  DefineWaits(env, out, *agent);
  DefineSync(env, out, *agent);
  DefineValues(env, out, *agent);
  DefineQueues(env, out, *agent);
  DefineDicts(env, out, *agent);
  DefineLists(env, out, *agent);
  // The environment's end is the agent's: nothing of it can be called any more by then.
  napi_add_env_cleanup_hook(env, [](void* data) { delete static_cast<Agent*>(data); }, agent.release());
  return out;
}

Napi::Value InterruptParticipant(const Napi::CallbackInfo& info) {
  BlockingRuns::Abort(static_cast<std::uint64_t>(NumberArgument(info, 0)));
  SharedProgram* const shared = SharedProgram::Process();
  if (shared == nullptr) return Napi::Boolean::New(info.Env(), false);
  object::Program& program = shared->program();
  const ParticipantId id = program.participants().Find(static_cast<std::uint64_t>(NumberArgument(info, 0)));
  if (id != 0) {
    // Sequentially consistent: the sleeper reads `park`, then `signals`; here they change in the other order.
    program.participants().At(id).signals.fetch_or(participant::Participant::kInterrupted, std::memory_order_seq_cst);
    program.Wake(id, false);
  }
  return Napi::Boolean::New(info.Env(), id != 0);
}

}  // namespace allcores::addon
