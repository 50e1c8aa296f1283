/* y = a * x, for each element: where to begin with a kernel of your own. */
#include <allcores.h>
#include <math.h>
#include <stdio.h>

/*
 * Called by several threads at once, each time with another part of the range: begin <= i < end. It may write only what
 * belongs to its part, and has to return.
 */
static int run(const allcores_call* call) {
  const double* x = (const double*)call->inputs[0].data;
  double* y = (double*)call->outputs[0].data;
  const double a = call->args[0];
  if (!isfinite(a)) {
    /* What is not 0 fails the run; its promise rejects with this message. */
    snprintf(call->message, call->message_size, "a must be finite, got %g", a);
    return 1;
  }
  for (uint64_t i = call->begin; i < call->end; i++) y[i] = a * x[i];
  return 0;
}

/* The vectors that it takes: a name for messages, the type of the elements, one element for each index at least. */
static const allcores_parameter inputs[] = {{"x", ALLCORES_FLOAT64, ALLCORES_EACH}, ALLCORES_END};
static const allcores_parameter outputs[] = {{"y", ALLCORES_FLOAT64, ALLCORES_EACH}, ALLCORES_END};

/* 4096: fewest indices that are worth a call, about 10 microseconds of work. 1: it takes one number, a. */
ALLCORES_KERNEL("KERNEL_NAME", run, 4096, inputs, outputs, 1)
