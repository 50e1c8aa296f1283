#if defined(_WIN32)

#include <windows.h>

#include <process.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include "platform/thread.h"

namespace allcores::platform {
namespace {

using Body = std::function<void()>;

unsigned __stdcall Run(void* body) {
  const std::unique_ptr<Body> run(static_cast<Body*>(body));
  (*run)();
  return 0;
}

}  // namespace

Thread::Thread(std::function<void()> run) {
  auto body = std::make_unique<Body>(std::move(run));
  handle_ = _beginthreadex(nullptr, kStackBytes, Run, body.get(), STACK_SIZE_PARAM_IS_A_RESERVATION, nullptr);
  if (handle_ == 0) throw std::system_error(errno, std::generic_category(), "allcores: no thread");
  [[maybe_unused]] const Body* const taken = body.release();  // the thread's
}

void Thread::Join() {
  const auto thread = reinterpret_cast<HANDLE>(handle_);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
}

void Thread::Detach() { CloseHandle(reinterpret_cast<HANDLE>(handle_)); }

}  // namespace allcores::platform

#endif
