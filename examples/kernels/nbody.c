/* One step of a system of bodies that attract each other: leapfrog, with softened gravity. */
#include <allcores.h>
#include <math.h>

/* Of body i, from all positions: its next velocity and position. args: time step, squared softening length */
static int step(const allcores_call* call) {
  const double* mass = (const double*)call->inputs[0].data;
  const double* position = (const double*)call->inputs[1].data; /* x, y, z of each */
  double* next = (double*)call->outputs[0].data;
  double* velocity = (double*)call->outputs[1].data;
  if (call->inputs[1].length < 3 * call->n || call->outputs[0].length < 3 * call->n || call->outputs[1].length < 3 * call->n) {
    return 1;
  }
  for (uint64_t i = call->begin; i < call->end; i++) {
    const double* here = position + 3 * i;
    double pull[3] = {0, 0, 0};
    for (uint64_t j = 0; j < call->n; j++) {
      const double* there = position + 3 * j;
      const double away[3] = {there[0] - here[0], there[1] - here[1], there[2] - here[2]};
      const double squared = away[0] * away[0] + away[1] * away[1] + away[2] * away[2] + call->args[1];
      const double strength = mass[j] / (squared * sqrt(squared));
      for (int k = 0; k < 3; k++) pull[k] += strength * away[k];
    }
    for (int k = 0; k < 3; k++) {
      velocity[3 * i + k] += call->args[0] * pull[k];
      next[3 * i + k] = here[k] + call->args[0] * velocity[3 * i + k];
    }
  }
  return 0;
}

static const allcores_parameter inputs[] = {
    {"mass", ALLCORES_FLOAT64, ALLCORES_EACH}, {"position", ALLCORES_FLOAT64, ALLCORES_EACH}, ALLCORES_END};
static const allcores_parameter outputs[] = {
    {"next", ALLCORES_FLOAT64, ALLCORES_EACH}, {"velocity", ALLCORES_FLOAT64, ALLCORES_EACH}, ALLCORES_END};
ALLCORES_KERNEL("nbody", step, 1, inputs, outputs, 2)
