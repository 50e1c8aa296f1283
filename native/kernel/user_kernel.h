#pragma once

#include <cstdint>
#include <string>

#include "allcores.h"
#include "kernel/call.h"

namespace allcores::kernel {

// A kernel of a library that somebody else has written, against include/allcores.h.
class UserKernel {
 public:
  static constexpr std::uint32_t kMostVectors = 14;

  // Null when there is no such library or it is none with a kernel of this version; then `error` says so.
  static const UserKernel* Load(const std::string& path, std::string* error);

  [[nodiscard]] const allcores_kernel& declared() const { return *declared_; }
  [[nodiscard]] std::uint32_t inputs() const { return inputs_; }
  [[nodiscard]] std::uint32_t outputs() const { return outputs_; }

  // Over [0, n); arguments[0] is n, the others are the numbers of the call. The vectors have been checked against what
  // was declared. kFailed: `call.message` is what the function that failed first says.
  Status Run(const executor::Parallel& parallel, Call& call) const;

 private:
  explicit UserKernel(const allcores_kernel* declared, std::uint32_t inputs, std::uint32_t outputs)
      : declared_(declared), inputs_(inputs), outputs_(outputs) {}

  const allcores_kernel* declared_;
  std::uint32_t inputs_;
  std::uint32_t outputs_;
};

}  // namespace allcores::kernel
