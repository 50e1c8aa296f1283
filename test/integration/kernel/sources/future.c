#include <allcores.h>

static int run(const allcores_call* call) {
  (void)call;
  return 0;
}

static const allcores_parameter none[] = {ALLCORES_END};
static const allcores_kernel kernel = {ALLCORES_KERNEL_ABI + 1, 0, "future", run, 1, none, none};

ALLCORES_EXPORT const allcores_kernel* allcores_kernel_of_library(void) { return &kernel; }
