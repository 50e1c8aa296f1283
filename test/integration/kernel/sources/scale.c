#include <allcores.h>
#include <stdio.h>

/* y = args[0] * x, but a negative number is refused. */
static int scale(const allcores_call* call) {
  const double* x = (const double*)call->inputs[0].data;
  double* y = (double*)call->outputs[0].data;
  for (uint64_t i = call->begin; i < call->end; i++) {
    if (x[i] < 0) {
      snprintf(call->message, call->message_size, "x[%llu] is negative: %g", (unsigned long long)i, x[i]);
      return 3;
    }
    y[i] = call->args[0] * x[i];
  }
  return 0;
}

static const allcores_parameter inputs[] = {{"x", ALLCORES_FLOAT64, ALLCORES_EACH}, ALLCORES_END};
static const allcores_parameter outputs[] = {{"y", ALLCORES_FLOAT64, ALLCORES_EACH}, ALLCORES_END};
ALLCORES_KERNEL("scale", scale, 512, inputs, outputs, 1)
