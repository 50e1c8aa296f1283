/* Iterations until z = z*z + c leaves the circle of radius 2, for each pixel of an image. */
#include <allcores.h>

/* args: width, height, most iterations, real and imaginary part of the centre, width of a pixel */
static int mandelbrot(const allcores_call* call) {
  uint16_t* iterations = (uint16_t*)call->outputs[0].data;
  const uint64_t width = (uint64_t)call->args[0];
  const double height = call->args[1];
  const double most = call->args[2];
  const double pixel = call->args[5];
  for (uint64_t i = call->begin; i < call->end; i++) {
    const double re = call->args[3] + ((double)(i % width) - call->args[0] / 2) * pixel;
    const double im = call->args[4] + ((double)(i / width) - height / 2) * pixel;
    double x = 0;
    double y = 0;
    uint16_t count = 0;
    while (count < most && x * x + y * y <= 4) {
      const double next = x * x - y * y + re;
      y = 2 * x * y + im;
      x = next;
      count++;
    }
    iterations[i] = count;
  }
  return 0;
}

static const allcores_parameter inputs[] = {ALLCORES_END};
static const allcores_parameter outputs[] = {{"iterations", ALLCORES_UINT16, ALLCORES_EACH}, ALLCORES_END};
ALLCORES_KERNEL("mandelbrot", mandelbrot, 64, inputs, outputs, 6)
