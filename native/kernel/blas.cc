#include "kernel/blas.h"

#include <cstdlib>
#include <cstring>
#include <string>

#include "platform/library.h"

namespace allcores::kernel {
namespace {

// Of CBLAS, as all libraries have them.
constexpr int kRowMajor = 101;
constexpr int kNoTranspose = 111;

// Those that are faster than the kernel of ours, by the names under which systems install them. Not the reference
// implementation, libblas: that is slower.
constexpr const char* kLibraries[] = {
    "libopenblas.so.0", "libblis.so.4", "libmkl_rt.so.2", "/System/Library/Frameworks/Accelerate.framework/Accelerate",
    "libopenblas.dll",
};

bool Load(const char* path, Blas* blas) {
  std::string error;
  void* const library = platform::LoadLibrary(path, &error);
  if (library == nullptr) return false;
  blas->dgemm = reinterpret_cast<decltype(blas->dgemm)>(platform::FindSymbol(library, "cblas_dgemm"));
  blas->sgemm = reinterpret_cast<decltype(blas->sgemm)>(platform::FindSymbol(library, "cblas_sgemm"));
  return blas->dgemm != nullptr && blas->sgemm != nullptr;
}

const Blas* Find() {
  static Blas blas;
  const char* const wanted = std::getenv("ALLCORES_BLAS");
  if (wanted != nullptr && *wanted != '\0') {
    return std::strcmp(wanted, "none") != 0 && Load(wanted, &blas) ? &blas : nullptr;
  }
  for (const char* const path : kLibraries) {
    if (Load(path, &blas)) return &blas;
  }
  return nullptr;
}

template <typename T>
void CallGemm(Blas::Gemm<T> gemm, std::size_t m, std::size_t k, std::size_t n, const T* a, const T* b, T* c) {
  const auto rows = static_cast<int>(m);
  const auto depth = static_cast<int>(k);
  const auto columns = static_cast<int>(n);
  gemm(kRowMajor, kNoTranspose, kNoTranspose, rows, columns, depth, 1, a, depth, b, columns, 0, c, columns);
}

}  // namespace

const Blas* InstalledBlas() {
  static const Blas* const found = Find();
  return found;
}

void Blas::Multiply(std::size_t m, std::size_t k, std::size_t n, const float* a, const float* b, float* c) const {
  CallGemm(sgemm, m, k, n, a, b, c);
}

void Blas::Multiply(std::size_t m, std::size_t k, std::size_t n, const double* a, const double* b, double* c) const {
  CallGemm(dgemm, m, k, n, a, b, c);
}

}  // namespace allcores::kernel
