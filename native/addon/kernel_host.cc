#include "addon/kernel_host.h"

#include <cstring>

#include "addon/arguments.h"
#include "addon/segment_store.h"
#include "kernel/kernel_table.h"
#include "platform/cpu.h"

namespace allcores::addon {
namespace {

using executor::ThreadPool;
using kernel::Scalar;

// The one of this process, as long as somebody holds it.
std::shared_ptr<ThreadPool> NativeThreads() {
  // Never unmade: an environment may end after the process has begun to unmake such objects.
  static auto* const mutex = new std::mutex;
  static auto* const current = new std::weak_ptr<ThreadPool>;
  const std::lock_guard lock(*mutex);
  std::shared_ptr<ThreadPool> pool = current->lock();
  if (pool == nullptr) {
    pool = std::make_shared<ThreadPool>(platform::CpuCount());
    *current = pool;
  }
  return pool;
}

constexpr std::size_t kElementBytes[kernel::kDTypes] = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8};

}  // namespace

Napi::Value KernelNames(Napi::Env env) {
  Napi::Array names = Napi::Array::New(env);
  std::uint32_t number = 0;
  for (const kernel::NamedKernel& each : kernel::Kernels()) names.Set(number++, Napi::String::New(env, each.name));
  return names;
}

Napi::Function KernelHost::Define(Napi::Env env) {
  return DefineClass(env, "KernelHost",
                     {
                         InstanceMethod<&KernelHost::Buffer>("buffer"),
                         InstanceMethod<&KernelHost::RunHere>("runHere"),
                         InstanceMethod<&KernelHost::Start>("start"),
                         InstanceMethod<&KernelHost::Abort>("abort"),
                         InstanceMethod<&KernelHost::Next>("next"),
                         InstanceMethod<&KernelHost::Message>("message"),
                         InstanceMethod<&KernelHost::Load>("load"),
                         InstanceMethod<&KernelHost::Stats>("stats"),
                     });
}

// (key, onFinished): the number by which others know this thread; called on the event loop when there is something to
// be had by `next`
KernelHost::KernelHost(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<KernelHost>(info),
      env_(info.Env()),
      blocking_(static_cast<std::uint64_t>(NumberArgument(info, 0))),
      pool_(NativeThreads()) {
  finished_->waker = std::make_unique<LoopWaker>(info.Env(), info[1].As<Napi::Function>());
  auto buffer = Napi::ArrayBuffer::New(info.Env(), kWords * sizeof(double));
  words_ = static_cast<double*>(buffer.Data());
  buffer_ = Napi::Persistent(buffer);
  napi_add_env_cleanup_hook(env_, OnEnvironmentEnd, this);
}

KernelHost::~KernelHost() {
  napi_remove_env_cleanup_hook(env_, OnEnvironmentEnd, this);
  Detach();
}

void KernelHost::OnEnvironmentEnd(void* self) { static_cast<KernelHost*>(self)->Detach(); }

void KernelHost::Detach() {
  for (const auto& [number, run] : runs_) run->abort.store(1, std::memory_order_relaxed);
  runs_.clear();
  {
    const std::lock_guard lock(finished_->mutex);
    finished_->waker.reset();
    finished_->runs.clear();
  }
  pool_.reset();
}

Napi::Value KernelHost::Buffer(const Napi::CallbackInfo& /*info*/) { return buffer_.Value(); }

void KernelHost::ReadViews(Napi::Env env, std::uint32_t first, std::uint32_t count, KernelRun& run,
                           std::vector<kernel::View>& views) {
  for (std::uint32_t i = first; i < first + count; ++i) {
    const double* const vector = words_ + kVectors + 4 * std::size_t{i};
    std::shared_ptr<memory::Segment> segment = SegmentStore::Hold(static_cast<std::uint32_t>(vector[0]));
    const auto dtype = static_cast<std::uint32_t>(vector[1]);
    const auto begin = static_cast<std::size_t>(vector[2]);
    const auto length = static_cast<std::size_t>(vector[3]);
    if (segment == nullptr || dtype >= kernel::kDTypes || begin > segment->size() ||
        length > (segment->size() - begin) / kElementBytes[dtype]) {
      throw Napi::RangeError::New(env, "native: no such memory, or it is too small");
    }
    views.push_back({static_cast<kernel::DType>(dtype), segment->data() + begin, length});
    run.segments.push_back(std::move(segment));
  }
}

// (kernel): what the buffer says it is called with
std::shared_ptr<KernelRun> KernelHost::Read(const Napi::CallbackInfo& info) {
  const auto kernels = kernel::Kernels();
  auto run = std::make_shared<KernelRun>();
  const std::uint32_t number = IndexArgument(info, 0, static_cast<std::uint32_t>(kernels.size() + loaded_.size()));
  if (number < kernels.size()) {
    run->body = kernels[number].kernel;
  } else {
    run->body = [user = loaded_[number - kernels.size()]](const executor::Parallel& parallel, kernel::Call& call) {
      return user->Run(parallel, call);
    };
  }
  const auto inputs = static_cast<std::uint32_t>(words_[kInputs]);
  const auto outputs = static_cast<std::uint32_t>(words_[kOutputs]);
  const auto arguments = static_cast<std::uint32_t>(words_[kArguments]);
  if (inputs + outputs > (kNumbers - kVectors) / 4 || arguments > (kWords - kNumbers) / 2) {
    throw Napi::RangeError::New(info.Env(), "native: too many vectors or numbers");
  }
  ReadViews(info.Env(), 0, inputs, *run, run->inputs);
  ReadViews(info.Env(), inputs, outputs, *run, run->outputs);
  for (std::uint32_t i = 0; i < arguments; ++i) {
    const double* const number = words_ + kNumbers + 2 * std::size_t{i};
    Scalar scalar;
    scalar.kind = static_cast<Scalar::Kind>(number[0]);
    std::memcpy(&scalar.as_uint, number + 1, sizeof(scalar.as_uint));
    run->arguments.push_back(scalar);
  }
  return run;
}

void KernelHost::Write(KernelRun& run) {
  message_ = std::move(run.message);
  words_[kStatus] = static_cast<double>(run.status);
  for (std::size_t i = 0; i < run.results.size(); ++i) {
    words_[kResults + 2 * i] = static_cast<double>(run.results[i].kind);
    std::memcpy(words_ + kResults + 2 * i + 1, &run.results[i].as_uint, sizeof(double));
  }
}

// (kernel): blocks this thread, which takes part, until the run is over or the thread is to end
Napi::Value KernelHost::RunHere(const Napi::CallbackInfo& info) {
  const std::shared_ptr<KernelRun> run = Read(info);
  blocking_.Begin(run);
  run->Run(*pool_);
  blocking_.End();
  Write(*run);
  return info.Env().Undefined();
}

// (kernel): a number for `abort` and `next`
Napi::Value KernelHost::Start(const Napi::CallbackInfo& info) {
  std::shared_ptr<KernelRun> run = Read(info);
  run->number = ++last_number_;
  if (runs_.empty()) finished_->waker->Ref();
  runs_.emplace(run->number, run);
  const std::uint32_t number = run->number;
  // Not the pool: it goes with its last environment, and joins this very thread then.
  pool_->Submit([run = std::move(run), finished = finished_, pool = pool_.get()]() mutable {
    run->Run(*pool);
    run->body = nullptr;
    const std::lock_guard lock(finished->mutex);
    if (finished->waker == nullptr) return;
    finished->runs.push_back(std::move(run));
    if (finished->runs.size() == 1) finished->waker->Wake();
  });
  return Napi::Number::New(info.Env(), number);
}

// (run)
Napi::Value KernelHost::Abort(const Napi::CallbackInfo& info) {
  const auto found = runs_.find(IndexArgument(info, 0, UINT32_MAX));
  // Relaxed: it says nothing but "stop".
  if (found != runs_.end()) found->second->abort.store(1, std::memory_order_relaxed);
  return info.Env().Undefined();
}

// The number of a run that is over, whose results are in the buffer from now on; 0: there is none.
Napi::Value KernelHost::Next(const Napi::CallbackInfo& info) {
  std::shared_ptr<KernelRun> run;
  {
    const std::lock_guard lock(finished_->mutex);
    if (finished_->runs.empty()) return Napi::Number::New(info.Env(), 0);
    run = std::move(finished_->runs.front());
    finished_->runs.pop_front();
  }
  runs_.erase(run->number);
  if (runs_.empty()) finished_->waker->Unref();
  Write(*run);
  return Napi::Number::New(info.Env(), run->number);
}

Napi::Value KernelHost::Message(const Napi::CallbackInfo& info) { return Napi::String::New(info.Env(), message_); }

namespace {

Napi::Array ParametersOf(Napi::Env env, const allcores_parameter* parameters, std::uint32_t count) {
  Napi::Array out = Napi::Array::New(env);
  for (std::uint32_t i = 0; i < count; ++i) {
    Napi::Object parameter = Napi::Object::New(env);
    parameter.Set("name", Napi::String::New(env, parameters[i].name));
    parameter.Set("dtype", Napi::Number::New(env, parameters[i].dtype));
    parameter.Set("each", Napi::Boolean::New(env, parameters[i].length == ALLCORES_EACH));
    out.Set(i, parameter);
  }
  return out;
}

}  // namespace

// (path of a library): what it declares, and the number of its kernel; or why there is none, as a string
Napi::Value KernelHost::Load(const Napi::CallbackInfo& info) {
  std::string error;
  const kernel::UserKernel* const user = kernel::UserKernel::Load(info[0].As<Napi::String>().Utf8Value(), &error);
  if (user == nullptr) return Napi::String::New(info.Env(), error);
  loaded_.push_back(user);
  Napi::Object out = Napi::Object::New(info.Env());
  const allcores_kernel& declared = user->declared();
  out.Set("number", Napi::Number::New(info.Env(), static_cast<double>(kernel::Kernels().size() + loaded_.size() - 1)));
  out.Set("name", Napi::String::New(info.Env(), declared.name));
  out.Set("args", Napi::Number::New(info.Env(), declared.args));
  out.Set("inputs", ParametersOf(info.Env(), declared.inputs, user->inputs()));
  out.Set("outputs", ParametersOf(info.Env(), declared.outputs, user->outputs()));
  return out;
}

// The pool's figures to the buffer: threads, idle, queued, running, completed.
Napi::Value KernelHost::Stats(const Napi::CallbackInfo& info) {
  const ThreadPool::Stats stats = pool_->GetStats();
  const double figures[] = {static_cast<double>(stats.threads), static_cast<double>(stats.idle),
                            static_cast<double>(stats.queued), static_cast<double>(stats.running),
                            static_cast<double>(stats.completed)};
  std::memcpy(words_, figures, sizeof(figures));
  return info.Env().Undefined();
}

}  // namespace allcores::addon
