#include <algorithm>

#include "addon/agent_function.h"
#include "container/dict.h"

// Dicts, pictures of containers, and values for several operations at once. A key is in `key`, a value in `sent` or
// staged (Agent::Sent).
namespace allcores::addon {
namespace {

using container::KeyView;

KeyView Key(const Agent& agent, double length) { return {agent.key(), static_cast<std::size_t>(length)}; }

// For operations that give a value.
double Told(Agent& agent, Outcome outcome) {
  if (outcome == Outcome::kDone) agent.TellRead();
  return Number(outcome);
}

double CreateDict(Agent& agent, const double* arguments) {
  return agent.Hold(container::CreateDict(agent.program(), 0, OffsetOf(arguments[0]), agent.me()));
}

// (dict, key length)
double DictGet(Agent& agent, const double* arguments) {
  agent.read().GiveBack();
  return Told(agent, container::DictGet(agent.program(), OffsetOf(arguments[0]), agent.me(), Key(agent, arguments[1]),
                                        &agent.read()));
}

double DictHas(Agent& agent, const double* arguments) {
  return Number(container::DictHas(agent.program(), OffsetOf(arguments[0]), agent.me(), Key(agent, arguments[1])));
}

// (dict, key length, length, links)
double DictSet(Agent& agent, const double* arguments) {
  const auto value = agent.Sent(arguments[2], arguments[3]);
  return Number(
      container::DictSet(agent.program(), OffsetOf(arguments[0]), agent.me(), Key(agent, arguments[1]), value));
}

// (dict, key length, length, links, version or 0: if absent)
double DictSetIf(Agent& agent, const double* arguments) {
  const auto value = agent.Sent(arguments[2], arguments[3]);
  return Number(container::DictSetIf(agent.program(), OffsetOf(arguments[0]), agent.me(), Key(agent, arguments[1]),
                                     static_cast<std::uint64_t>(arguments[4]), value));
}

// (dict, key length, length, links); kConflict: the value that exists
double DictSetDefault(Agent& agent, const double* arguments) {
  const auto value = agent.Sent(arguments[2], arguments[3]);
  agent.read().GiveBack();
  const Outcome outcome = container::DictSetDefault(agent.program(), OffsetOf(arguments[0]), agent.me(),
                                                    Key(agent, arguments[1]), value, &agent.read());
  if (outcome == Outcome::kConflict) agent.TellRead();
  return Number(outcome);
}

double DictDelete(Agent& agent, const double* arguments) {
  return Number(container::DictDelete(agent.program(), OffsetOf(arguments[0]), agent.me(), Key(agent, arguments[1])));
}

double DictPop(Agent& agent, const double* arguments) {
  agent.read().GiveBack();
  return Told(agent, container::DictPop(agent.program(), OffsetOf(arguments[0]), agent.me(), Key(agent, arguments[1]),
                                        &agent.read()));
}

// (dict); the key is what snapshotKey(0) gives
double DictPopItem(Agent& agent, const double* arguments) {
  container::DictSnapshot& snapshot = agent.dict_snapshot();
  agent.read().GiveBack();
  const Outcome outcome =
      container::DictPopItem(agent.program(), OffsetOf(arguments[0]), agent.me(), &snapshot.keys, &agent.read());
  snapshot.entries.assign(1, {0, static_cast<std::uint32_t>(snapshot.keys.size()), 0});
  return Told(agent, outcome);
}

// (dict): sets the batch
double DictSetMany(Agent& agent, const double* arguments) {
  return Number(container::DictSetMany(agent.program(), OffsetOf(arguments[0]), agent.me(), agent.batch().Items()));
}

double DictClear(Agent& agent, const double* arguments) {
  return Number(container::DictClear(agent.program(), OffsetOf(arguments[0]), agent.me()));
}

// control: the size
double DictSize(Agent& agent, const double* arguments) {
  std::uint64_t size = 0;
  const Outcome outcome = container::DictSize(agent.program(), OffsetOf(arguments[0]), agent.me(), &size);
  agent.control()[0] = Number(size);
  return Number(outcome);
}

// (dict, with values); control: how many. To be read with snapshotKey and snapshotValue, then releaseSnapshot.
double DictSnapshotAll(Agent& agent, const double* arguments) {
  container::DictSnapshot& snapshot = agent.dict_snapshot();
  const Outcome outcome =
      container::DictSnapshotAll(agent.program(), OffsetOf(arguments[0]), agent.me(), arguments[1] != 0, &snapshot);
  agent.control()[0] = static_cast<double>(snapshot.entries.size());
  return Number(outcome);
}

// (index); control: version, length of the key, which is in `given`
double SnapshotKey(Agent& agent, const double* arguments) {
  const container::DictSnapshot& snapshot = agent.taken();
  const auto index = static_cast<std::size_t>(arguments[0]);
  const KeyView key = snapshot.Key(index);
  std::copy(key.begin(), key.end(), agent.given());
  agent.control()[0] = Number(snapshot.entries[index].version);
  agent.control()[1] = static_cast<double>(key.size());
  return 0;
}

double SnapshotValue(Agent& agent, const double* arguments) {
  agent.read().GiveBack();
  agent.read().Share(agent.snapshot_slots()[static_cast<std::size_t>(arguments[0])], 0);
  agent.TellRead();
  return 0;
}

double ReleaseSnapshot(Agent& agent, const double* /*arguments*/) {
  agent.ReleaseSnapshots();
  return 0;
}

double ClearBatch(Agent& agent, const double* /*arguments*/) {
  agent.batch().Clear();
  return 0;
}

// (key length, length, links)
double AddToBatch(Agent& agent, const double* arguments) {
  agent.batch().Add(Key(agent, arguments[0]), agent.Sent(arguments[1], arguments[2]));
  return 0;
}

constexpr std::array kEntries = {
    Entry<CreateDict>("createDict"),
    Entry<DictGet>("dictGet"),
    Entry<DictHas>("dictHas"),
    Entry<DictSet>("dictSet"),
    Entry<DictSetIf>("dictSetIf"),
    Entry<DictSetDefault>("dictSetDefault"),
    Entry<DictDelete>("dictDelete"),
    Entry<DictPop>("dictPop"),
    Entry<DictPopItem>("dictPopItem"),
    Entry<DictSetMany>("dictSetMany"),
    Entry<DictClear>("dictClear"),
    Entry<DictSize>("dictSize"),
    Entry<DictSnapshotAll>("dictSnapshot"),
    Entry<SnapshotKey>("snapshotKey"),
    Entry<SnapshotValue>("snapshotValue"),
    Entry<ReleaseSnapshot>("releaseSnapshot"),
    Entry<ClearBatch>("clearBatch"),
    Entry<AddToBatch>("addToBatch"),
};

}  // namespace

void DefineDicts(napi_env env, napi_value target, Agent& agent) { DefineAll(env, target, agent, kEntries); }

}  // namespace allcores::addon
