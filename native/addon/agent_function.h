#pragma once

#include <node_api.h>

#include <array>

#include "addon/agent.h"

namespace allcores::addon {

// What an agent can do: numbers in, a number out. Plain Node-API, because the wrappers of node-addon-api take longer
// than what most of these do.
using AgentFunction = double (*)(Agent&, const double* arguments);

struct AgentEntry {
  const char* name;
  napi_callback callback;
};

inline constexpr std::size_t kMostArguments = 6;

// What is not given, or not a number, is 0: lib/ has validated what users give.
template <AgentFunction kFunction>
napi_value CallAgent(napi_env env, napi_callback_info info) {
  std::array<napi_value, kMostArguments> values{};
  std::size_t count = values.size();
  void* agent = nullptr;
  napi_get_cb_info(env, info, &count, values.data(), nullptr, &agent);
  std::array<double, kMostArguments> arguments{};
  if (count > kMostArguments) count = kMostArguments;
  for (std::size_t i = 0; i < count; ++i) napi_get_value_double(env, values[i], &arguments[i]);
  napi_value result = nullptr;
  napi_create_double(env, kFunction(*static_cast<Agent*>(agent), arguments.data()), &result);
  return result;
}

template <AgentFunction kFunction>
constexpr AgentEntry Entry(const char* name) {
  return {name, CallAgent<kFunction>};
}

inline Offset OffsetOf(double argument) { return static_cast<Offset>(argument); }
inline double Number(Outcome outcome) { return static_cast<double>(outcome); }
inline double Number(std::uint64_t value) { return static_cast<double>(value); }

template <std::size_t kCount>
void DefineAll(napi_env env, napi_value target, Agent& agent, const std::array<AgentEntry, kCount>& entries) {
  for (const AgentEntry& entry : entries) {
    napi_value function = nullptr;
    napi_create_function(env, entry.name, NAPI_AUTO_LENGTH, entry.callback, &agent, &function);
    napi_set_named_property(env, target, entry.name, function);
  }
}

// A file each: what it adds to an agent's object.
void DefineObjects(napi_env env, napi_value target, Agent& agent);
void DefineWaits(napi_env env, napi_value target, Agent& agent);
void DefineSync(napi_env env, napi_value target, Agent& agent);
void DefineValues(napi_env env, napi_value target, Agent& agent);
void DefineQueues(napi_env env, napi_value target, Agent& agent);
void DefineDicts(napi_env env, napi_value target, Agent& agent);
void DefineLists(napi_env env, napi_value target, Agent& agent);

}  // namespace allcores::addon
