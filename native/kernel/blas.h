#pragma once

#include <cstddef>

namespace allcores::kernel {

// The matrix product of a BLAS that this machine has, by the C interface that they all share.
struct Blas {
  template <typename T>
  using Gemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k, T alpha, const T* a, int lda,
                        const T* b, int ldb, T beta, T* c, int ldc);

  Gemm<float> sgemm = nullptr;
  Gemm<double> dgemm = nullptr;

  // c (m × n) = a (m × k) · b (k × n), row by row; no dimension is 0 or greater than INT_MAX. Blocks, on the library's
  // own threads.
  void Multiply(std::size_t m, std::size_t k, std::size_t n, const float* a, const float* b, float* c) const;
  void Multiply(std::size_t m, std::size_t k, std::size_t n, const double* a, const double* b, double* c) const;
};

// Looked for once in a process, when the first large product asks for it, and never unloaded. Null when there is none.
// The environment variable ALLCORES_BLAS names a library to take instead, or `none`.
const Blas* InstalledBlas();

}  // namespace allcores::kernel
