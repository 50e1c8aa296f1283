#if !defined(_WIN32)

#include <pthread.h>

#include <csignal>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "platform/thread.h"

namespace allcores::platform {
namespace {

using Body = std::function<void()>;

void* Run(void* body) {
  const std::unique_ptr<Body> run(static_cast<Body*>(body));
  (*run)();
  return nullptr;
}

// A number on one system, a pointer on another.
pthread_t HandleOf(std::uintptr_t handle) {
  pthread_t thread{};
  std::memcpy(&thread, &handle, sizeof thread);
  return thread;
}

}  // namespace

Thread::Thread(std::function<void()> run) {
  auto body = std::make_unique<Body>(std::move(run));
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  // The new thread begins with this one's mask.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread{};
  const int error = pthread_create(&thread, &attributes, Run, body.get());
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (error != 0) throw std::system_error(error, std::generic_category(), "allcores: no thread");
  [[maybe_unused]] const Body* const taken = body.release();  // the thread's
  static_assert(sizeof thread <= sizeof handle_);
  std::memcpy(&handle_, &thread, sizeof thread);
}

void Thread::Join() { pthread_join(HandleOf(handle_), nullptr); }

void Thread::Detach() { pthread_detach(HandleOf(handle_)); }

}  // namespace allcores::platform

#endif
