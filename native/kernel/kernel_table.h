#pragma once

#include <span>

#include "kernel/call.h"

namespace allcores::kernel {

struct NamedKernel {
  const char* name;
  Kernel kernel;
};

// All kernels, by number: that is their place here.
std::span<const NamedKernel> Kernels();

}  // namespace allcores::kernel
