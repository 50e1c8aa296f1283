#include "kernel/matmul.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstddef>
#include <memory>
#include <new>

#include "kernel/blas.h"

namespace allcores::kernel {
namespace {

constexpr std::size_t kRows = 4;             // of a tile: what stays in registers
constexpr std::size_t kDepth = 256;          // of a block of b: a panel of it fits into the first cache
constexpr std::size_t kColumns = 1024;       // of a block of b
constexpr std::size_t kRowsOfTask = 64;      // a's part of a task fits into the second cache
constexpr std::size_t kColumnsOfTask = 256;  // so that a few rows are work for several threads as well
constexpr std::size_t kGrainElements = 4096;

constexpr std::size_t RoundUp(std::size_t value, std::size_t unit) { return (value + unit - 1) / unit * unit; }

// Scheme: blocks of b are packed into panels of kWidth columns, and tiles of kRows × kWidth elements of c summed over a
// panel (Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008). a is read as it is.
template <typename T>
class Product {
 public:
  Product(const executor::Parallel& parallel, Call& call)
      : parallel_(parallel),
        rows_(call.arguments[0].To<std::size_t>()),
        depth_(call.arguments[1].To<std::size_t>()),
        columns_(call.arguments[2].To<std::size_t>()),
        a_(call.inputs[0].As<T>()),
        b_(call.inputs[1].As<T>()),
        c_(call.outputs[0].As<T>()) {}

  Status Run() {
    if (rows_ == 0 || columns_ == 0) return Status::kDone;
    if (depth_ == 0) {
      parallel_.For(rows_ * columns_, kGrainElements,
                    [this](std::size_t begin, std::size_t end) { std::fill(c_ + begin, c_ + end, T{0}); });
      return parallel_.aborted() ? Status::kAborted : Status::kDone;
    }
    panels_.reset(new (std::nothrow) T[std::min(depth_, kDepth) * RoundUp(std::min(columns_, kColumns), kWidth)]);
    if (!panels_) return Status::kNoMemory;
    for (std::size_t column = 0; column < columns_; column += kColumns) {
      for (std::size_t k = 0; k < depth_; k += kDepth) {
        if (parallel_.aborted()) return Status::kAborted;
        Block(k, std::min(kDepth, depth_ - k), column, std::min(kColumns, columns_ - column));
      }
    }
    return parallel_.aborted() ? Status::kAborted : Status::kDone;
  }

 private:
  // Two vectors of 16 bytes: a tile has 8 of them, which leaves half of 16 registers for a and b.
  static constexpr std::size_t kWidth = 32 / sizeof(T);

  // Adds what the rows [k, k + depth) of b give to the columns [column, column + width) of c.
  void Block(std::size_t k, std::size_t depth, std::size_t column, std::size_t width) {
    const std::size_t panels = (width - 1) / kWidth + 1;
    parallel_.For(panels, std::max<std::size_t>(kGrainElements / (depth * kWidth), 1),
                  [&](std::size_t begin, std::size_t end) {
                    for (std::size_t panel = begin; panel < end; ++panel) Pack(k, depth, column, width, panel);
                  });
    if (parallel_.aborted()) return;
    const std::size_t across = (width - 1) / kColumnsOfTask + 1;
    const std::size_t down = (rows_ - 1) / kRowsOfTask + 1;
    parallel_.For(across * down, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t task = begin; task < end; ++task) {
        const std::size_t first_row = task / across * kRowsOfTask;
        const std::size_t last_row = std::min(rows_, first_row + kRowsOfTask);
        const std::size_t first = task % across * kColumnsOfTask;
        const std::size_t last = std::min(width, first + kColumnsOfTask);
        for (std::size_t at = first; at < last; at += kWidth) {
          const T* const panel = panels_.get() + at * depth;
          const std::size_t wide = std::min(kWidth, last - at);
          for (std::size_t row = first_row; row < last_row; row += kRows) {
            Tile(panel, k, depth, row, std::min(kRows, last_row - row), column + at, wide);
          }
        }
      }
    });
  }

  // A panel has kWidth columns of b, row by row, filled up with zeroes.
  void Pack(std::size_t k, std::size_t depth, std::size_t column, std::size_t width, std::size_t panel) {
    const std::size_t wide = std::min(kWidth, width - panel * kWidth);
    T* to = panels_.get() + panel * kWidth * depth;
    const T* from = b_ + k * columns_ + column + panel * kWidth;
    for (std::size_t i = 0; i < depth; ++i, to += kWidth, from += columns_) {
      std::fill(std::copy_n(from, wide, to), to + kWidth, T{0});
    }
  }

  // Rows and columns that do not exist are summed as well, of what does, and not stored: all elements are summed alike.
  void Tile(const T* panel, std::size_t k, std::size_t depth, std::size_t row, std::size_t high, std::size_t column,
            std::size_t wide) {
    std::array<const T*, kRows> a;
    for (std::size_t i = 0; i < kRows; ++i) a[i] = a_ + (row + std::min(i, high - 1)) * depth_ + k;
    T sums[kRows][kWidth];
    Sum(a, panel, depth, sums);
    for (std::size_t i = 0; i < high; ++i) {
      T* const c = c_ + (row + i) * columns_ + column;
      for (std::size_t j = 0; j < wide; ++j) c[j] = k == 0 ? sums[i][j] : c[j] + sums[i][j];
    }
  }

#if defined(__GNUC__)
  // Vectors as the compiler knows them on every processor; it does not keep plain arrays in registers reliably.
  static void Sum(const std::array<const T*, kRows>& a, const T* panel, std::size_t depth, T (&sums)[kRows][kWidth]) {
    using Vector __attribute__((vector_size(16))) = T;
    constexpr std::size_t kLanes = sizeof(Vector) / sizeof(T);
    Vector acc[kRows][2] = {};
    for (std::size_t p = 0; p < depth; ++p, panel += kWidth) {
      Vector b[2];
      __builtin_memcpy(b, panel, sizeof(b));
      for (std::size_t i = 0; i < kRows; ++i) {
        acc[i][0] += a[i][p] * b[0];
        acc[i][1] += a[i][p] * b[1];
      }
    }
    static_assert(2 * kLanes == kWidth);
    __builtin_memcpy(sums, acc, sizeof(sums));
  }
#else
  static void Sum(const std::array<const T*, kRows>& a, const T* panel, std::size_t depth, T (&sums)[kRows][kWidth]) {
    for (auto& line : sums) std::fill(line, line + kWidth, T{0});
    for (std::size_t p = 0; p < depth; ++p, panel += kWidth) {
      for (std::size_t i = 0; i < kRows; ++i) {
        for (std::size_t j = 0; j < kWidth; ++j) sums[i][j] += a[i][p] * panel[j];
      }
    }
  }
#endif

  const executor::Parallel& parallel_;
  const std::size_t rows_;
  const std::size_t depth_;
  const std::size_t columns_;
  const T* const a_;
  const T* const b_;
  T* const c_;
  std::unique_ptr<T[]> panels_;
};

// For so many multiplications it is worth it to wake the threads of a library, and to load one at first.
constexpr double kLarge = 1 << 21;

template <typename T>
bool Multiplied(const executor::Parallel& parallel, Call& call) {
  const auto rows = call.arguments[0].To<std::size_t>();
  const auto depth = call.arguments[1].To<std::size_t>();
  const auto columns = call.arguments[2].To<std::size_t>();
  const double work = static_cast<double>(rows) * static_cast<double>(depth) * static_cast<double>(columns);
  if (work < kLarge || std::max({rows, depth, columns}) > INT_MAX || parallel.aborted()) return false;
  const Blas* const blas = InstalledBlas();
  if (blas == nullptr) return false;
  blas->Multiply(rows, depth, columns, call.inputs[0].As<T>(), call.inputs[1].As<T>(), call.outputs[0].As<T>());
  return true;
}

}  // namespace

Status MatMul(const executor::Parallel& parallel, Call& call) {
  const bool is_float = call.outputs[0].dtype == DType::kFloat32;
  if (!(is_float ? Multiplied<float>(parallel, call) : Multiplied<double>(parallel, call))) {
    return MatMulBlocked(parallel, call);
  }
  return parallel.aborted() ? Status::kAborted : Status::kDone;
}

Status MatMulBlocked(const executor::Parallel& parallel, Call& call) {
  return call.outputs[0].dtype == DType::kFloat32 ? Product<float>(parallel, call).Run()
                                                  : Product<double>(parallel, call).Run();
}

}  // namespace allcores::kernel
