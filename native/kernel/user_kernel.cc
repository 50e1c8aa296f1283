#include "kernel/user_kernel.h"

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <vector>

#include "platform/library.h"

namespace allcores::kernel {
namespace {

constexpr const char* kSymbol = "allcores_kernel_of_library";
constexpr std::size_t kMessageBytes = 512;

// How many there are before the one without a name; kMostVectors + 1: too many.
std::uint32_t CountParameters(const allcores_parameter* parameters) {
  std::uint32_t count = 0;
  while (parameters != nullptr && count <= UserKernel::kMostVectors && parameters[count].name != nullptr) ++count;
  return count;
}

std::vector<allcores_view> ViewsOf(std::span<const View> views) {
  std::vector<allcores_view> out;
  for (const View& view : views) {
    out.push_back({static_cast<std::uint32_t>(view.dtype), 0, view.data, view.length});
  }
  return out;
}

}  // namespace

const UserKernel* UserKernel::Load(const std::string& path, std::string* error) {
  void* const library = platform::LoadLibrary(path, error);
  if (library == nullptr) return nullptr;
  void* const symbol = platform::FindSymbol(library, kSymbol);
  if (symbol == nullptr) {
    *error = "it has no kernel: ALLCORES_KERNEL of allcores.h is missing";
    return nullptr;
  }
  const allcores_kernel* const declared = reinterpret_cast<const allcores_kernel* (*)()>(symbol)();
  if (declared == nullptr || declared->abi != ALLCORES_KERNEL_ABI) {
    *error = "it was built for version " + std::to_string(declared == nullptr ? 0 : declared->abi) +
             " of allcores.h, and this is version " + std::to_string(ALLCORES_KERNEL_ABI) + ": build it again";
    return nullptr;
  }
  const std::uint32_t inputs = CountParameters(declared->inputs);
  const std::uint32_t outputs = CountParameters(declared->outputs);
  if (declared->function == nullptr || declared->name == nullptr || inputs + outputs > kMostVectors) {
    *error = "its kernel has no name, no function or more than " + std::to_string(kMostVectors) + " vectors";
    return nullptr;
  }
  // Never unmade: threads may run it until the process ends. The system gives a library that it has loaded again.
  static auto* const mutex = new std::mutex;
  static auto* const known = new std::map<const allcores_kernel*, UserKernel>;
  const std::lock_guard lock(*mutex);
  return &known->try_emplace(declared, UserKernel(declared, inputs, outputs)).first->second;
}

Status UserKernel::Run(const executor::Parallel& parallel, Call& call) const {
  const std::vector<allcores_view> inputs = ViewsOf(call.inputs);
  const std::vector<allcores_view> outputs = ViewsOf(call.outputs);
  std::vector<double> args;
  for (const Scalar& number : call.arguments.subspan(1)) args.push_back(number.To<double>());
  const auto n = call.arguments[0].To<std::uint64_t>();
  std::atomic<bool> failed{false};
  std::mutex mutex;  // over the message
  static constexpr std::uint32_t kNever = 0;
  parallel.For(n, declared_->grain, [&](std::size_t begin, std::size_t end) {
    if (failed.load(std::memory_order_relaxed)) return;  // relaxed: a part more or less
    std::array<char, kMessageBytes> message{};
    const allcores_call part{
        .begin = begin,
        .end = end,
        .n = n,
        .inputs = inputs.data(),
        .outputs = outputs.data(),
        .args = args.data(),
        .abort = parallel.abort() == nullptr ? &kNever : reinterpret_cast<const std::uint32_t*>(parallel.abort()),
        .message = message.data(),
        .message_size = message.size()};
    const int number = declared_->function(&part);
    if (number == 0) return;
    const std::lock_guard lock(mutex);
    if (failed.exchange(true, std::memory_order_relaxed)) return;
    message.back() = '\0';
    call.message = message.data();
    call.results[0] = Scalar::Int(number);
  });
  if (failed.load(std::memory_order_relaxed)) return Status::kFailed;
  return parallel.aborted() ? Status::kAborted : Status::kDone;
}

}  // namespace allcores::kernel
