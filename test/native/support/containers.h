#pragma once

#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "container/container_types.h"
#include "container/read_value.h"
#include "support/program_fixture.h"

namespace allcores::testing {

inline std::span<const std::byte> Bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}
inline std::string Text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline container::ValueView Value(std::string_view text) { return {Bytes(text), {}}; }

// A program with dicts and lists, and the test as a participant of it.
struct Containers : SharedProgram {
  explicit Containers(std::uint64_t limit = kLimit)
      : SharedProgram([](auto& types, auto& /*waits*/) { container::AddContainerTypes(types); }, limit) {}

  const participant::ParticipantId me = Join();

  std::uint32_t References(object::Offset object) const {
    return program.Header(object).references.load(std::memory_order_relaxed);
  }
};

// Where a value is read to.
class Reading : private std::array<std::byte, container::kMostCopied>, public container::ReadValue {
 public:
  Reading(object::Program& program, participant::ParticipantId me) : ReadValue(program, me, *this) {}
  explicit Reading(Containers& containers) : Reading(containers.program, containers.me) {}

  [[nodiscard]] std::string Text() const { return testing::Text(Bytes()); }
};

}  // namespace allcores::testing
