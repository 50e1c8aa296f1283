/*
 * Kernels of your own for allcores: C or C++ functions that its native threads run over a range of indices, on the memory
 * of SharedArrays.
 *
 *   #include <allcores.h>
 *
 *   static int scale(const allcores_call* call) {
 *     const double* x = (const double*)call->inputs[0].data;
 *     double* y = (double*)call->outputs[0].data;
 *     for (uint64_t i = call->begin; i < call->end; i++) y[i] = call->args[0] * x[i];
 *     return 0;
 *   }
 *
 *   static const allcores_parameter inputs[] = {{"x", ALLCORES_FLOAT64, ALLCORES_EACH}, ALLCORES_END};
 *   static const allcores_parameter outputs[] = {{"y", ALLCORES_FLOAT64, ALLCORES_EACH}, ALLCORES_END};
 *   ALLCORES_KERNEL("scale", scale, 4096, inputs, outputs, 1)
 *
 * Build it as a shared library (cc -O3 -shared -fPIC -I <this folder> scale.c -o scale.so), and in JavaScript:
 *
 *   const kernel = await loadKernel('./scale.so');
 *   await kernel.run(x.length, { inputs: [x], outputs: [y], args: [2] });
 *
 * The function is called by several threads at once, each time with another part of [0, n). So it may write only what
 * belongs to its part, or synchronize itself. It must return, must not throw, and must not keep
 * what it is given.
 */
#ifndef ALLCORES_H
#define ALLCORES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Changes when any of the structures below does. A library that was built with another one is refused. */
#define ALLCORES_KERNEL_ABI 1u

/* Types of elements. */
enum {
  ALLCORES_INT8 = 0,
  ALLCORES_UINT8 = 1,
  ALLCORES_INT16 = 2,
  ALLCORES_UINT16 = 3,
  ALLCORES_INT32 = 4,
  ALLCORES_UINT32 = 5,
  ALLCORES_INT64 = 6,
  ALLCORES_UINT64 = 7,
  ALLCORES_FLOAT32 = 8,
  ALLCORES_FLOAT64 = 9,
  ALLCORES_ANY_TYPE = 255 /* of a parameter: the function looks at the view's type itself */
};

/* How long a vector has to be. */
enum {
  ALLCORES_ANY_LENGTH = 0, /* the function looks at the view's length itself */
  ALLCORES_EACH = 1        /* at least one element for each index of the range */
};

/* A vector. */
typedef struct allcores_view {
  uint32_t dtype;
  uint32_t reserved;
  void* data; /* aligned to a cache line */
  uint64_t length;
} allcores_view;

/* One part of a run. */
typedef struct allcores_call {
  uint64_t begin; /* the part: begin <= i < end */
  uint64_t end;
  uint64_t n; /* the whole range: 0 <= i < n */
  const allcores_view* inputs;
  const allcores_view* outputs;
  const double* args;
  const uint32_t* abort; /* not 0 once the run is not wanted any more: return then. Looked at between parts anyway */
  char* message;         /* where a function that fails says why, in UTF-8, with a 0 at the end */
  size_t message_size;   /* bytes there */
} allcores_call;

/* 0: done. Anything else: the run fails with an error of that number and the message; parts that others do are finished. */
typedef int (*allcores_function)(const allcores_call* call);

typedef struct allcores_parameter {
  const char* name; /* for messages */
  uint32_t dtype;
  uint32_t length;
} allcores_parameter;

typedef struct allcores_kernel {
  uint32_t abi;
  uint32_t args; /* how many numbers it takes */
  const char* name;
  allcores_function function;
  uint64_t grain; /* fewest indices that are worth a call: about 10 microseconds of work */
  const allcores_parameter* inputs; /* up to the one without a name; 14 vectors in all at most */
  const allcores_parameter* outputs;
} allcores_kernel;

#define ALLCORES_END {NULL, 0, 0}

#if defined(_WIN32)
#define ALLCORES_EXPORT __declspec(dllexport)
#else
#define ALLCORES_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
#define ALLCORES_LINKAGE extern "C"
#else
#define ALLCORES_LINKAGE
#endif

/* Once in a library. `inputs` and `outputs` are arrays of parameters, each with ALLCORES_END as its last. */
#define ALLCORES_KERNEL(name, function, grain, inputs, outputs, args)                                            \
  ALLCORES_LINKAGE ALLCORES_EXPORT const allcores_kernel* allcores_kernel_of_library(void) {                     \
    static const allcores_kernel kernel = {ALLCORES_KERNEL_ABI, (args), (name), (function), (grain), (inputs), (outputs)}; \
    return &kernel;                                                                                              \
  }

#ifdef __cplusplus
}
#endif

#endif
