#include <allcores.h>

#include <atomic>
#include <thread>

// Counts calls in progress in inputs[0][0], and waits until it is aborted or inputs[0][1] is not 0.
static int Wait(const allcores_call* call) {
  auto* const cells = static_cast<int32_t*>(call->inputs[0].data);
  std::atomic_ref<int32_t>(cells[0]).fetch_add(1);
  while (*static_cast<const volatile uint32_t*>(call->abort) == 0 && std::atomic_ref<int32_t>(cells[1]).load() == 0) {
    std::this_thread::yield();
  }
  return 0;
}

static const allcores_parameter inputs[] = {{"cells", ALLCORES_INT32, ALLCORES_ANY_LENGTH}, ALLCORES_END};
static const allcores_parameter outputs[] = {ALLCORES_END};
ALLCORES_KERNEL("wait", Wait, 1, inputs, outputs, 0)
