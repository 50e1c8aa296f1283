#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernel/call.h"
#include "memory/segment.h"

namespace allcores::addon {

// One call of a kernel, with all that it needs to outlive the JavaScript that made it.
struct KernelRun {
  using Body = std::function<kernel::Status(const executor::Parallel&, kernel::Call&)>;

  std::uint32_t number = 0;
  Body body;
  std::vector<kernel::View> inputs;
  std::vector<kernel::View> outputs;
  std::vector<kernel::Scalar> arguments;
  std::vector<std::shared_ptr<memory::Segment>> segments;  // holds the views' memory
  std::atomic<std::uint32_t> abort{0};

  // Written by the run, and read once it is over.
  kernel::Status status = kernel::Status::kDone;
  std::array<kernel::Scalar, 4> results;
  std::string message;

  void Run(executor::ThreadPool& pool) {
    kernel::Call call{.inputs = inputs, .outputs = outputs, .arguments = arguments, .results = {}, .message = {}};
    status = body(executor::Parallel(pool, &abort), call);
    results = call.results;
    message = std::move(call.message);
  }
};

}  // namespace allcores::addon
