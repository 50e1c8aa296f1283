#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace allcores::testing {

// What a walk over every interleaving of a model found.
struct Exploration {
  std::size_t states = 0;
  std::size_t endings = 0;  // states in which nobody can go on
  std::string failure;      // the first verdict that was not empty, with the actors' steps that led there
};

// Walks every interleaving of a small protocol. A model is a value with
//   auto operator<=>(const Model&) const = default;
//   int actors() const;                 their number: threads, and whatever else moves on its own
//   bool CanStep(int actor) const;
//   void Step(int actor);               one atomic step
//   std::string Verdict() const;        empty while no invariant is broken
//   std::string EndVerdict() const;     the same where nobody can step: a lost wake-up is an end with work left over
// Stops at the first failure. The states are finitely many as long as the model's values are bounded.
template <typename Model>
Exploration Explore(const Model& start) {
  Exploration result;
  std::set<Model> seen{start};
  std::vector<std::pair<Model, std::string>> open{{start, {}}};
  while (!open.empty()) {
    const auto [state, path] = std::move(open.back());
    open.pop_back();
    ++result.states;
    std::string verdict = state.Verdict();
    bool ended = true;
    for (int actor = 0; actor < state.actors(); ++actor) {
      if (!state.CanStep(actor)) continue;
      ended = false;
      Model next = state;
      next.Step(actor);
      if (seen.insert(next).second) open.emplace_back(std::move(next), path + static_cast<char>('0' + actor));
    }
    if (ended) {
      ++result.endings;
      if (verdict.empty()) verdict = state.EndVerdict();
    }
    if (!verdict.empty()) {
      result.failure = verdict;
      result.failure.append(" after steps of actors ").append(path);
      return result;
    }
  }
  return result;
}

}  // namespace allcores::testing
