#include "kernel/kernel_table.h"

#include "kernel/compare.h"
#include "kernel/elementwise.h"
#include "kernel/extremes.h"
#include "kernel/hash.h"
#include "kernel/histogram.h"
#include "kernel/matmul.h"
#include "kernel/moments.h"
#include "kernel/move.h"
#include "kernel/reduce.h"
#include "kernel/scan.h"
#include "kernel/sort.h"

namespace allcores::kernel {
namespace {

constexpr NamedKernel kKernels[] = {
    {"sum", Sum},
    {"mean", Mean},
    {"variance", Variance},
    {"dot", Dot},
    {"min", Min},
    {"max", Max},
    {"argmin", ArgMin},
    {"argmax", ArgMax},
    {"prefixSum", PrefixSum},
    {"histogram", Histogram},
    {"sort", Sort},
    {"argsort", ArgSort},
    {"map", Map},
    {"compare", Compare},
    {"count", Count},
    {"filter", Filter},
    {"gather", Gather},
    {"scatter", Scatter},
    {"copy", Copy},
    {"fill", Fill},
    {"matmul", MatMul},
    {"hashXxh3", HashXxh3},
    {"hashCrc32", HashCrc32},
    {"hashSha256", HashSha256},
    {"hashRowsXxh3", HashRowsXxh3},
    {"hashRowsCrc32", HashRowsCrc32},
    {"hashRowsSha256", HashRowsSha256},
};

}  // namespace

std::span<const NamedKernel> Kernels() { return kKernels; }

}  // namespace allcores::kernel
