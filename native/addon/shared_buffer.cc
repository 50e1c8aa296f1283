#include "addon/shared_buffer.h"

#include <memory>

namespace allcores::addon {
namespace {

void Release(napi_env /*env*/, void* /*data*/, void* hint) {
  const std::unique_ptr<std::function<void()>> release(static_cast<std::function<void()>*>(hint));
  (*release)();
}

}  // namespace

Napi::Value ShareBuffer(Napi::Env env, std::byte* data, std::size_t size, std::function<void()> release) {
  auto* const hint = new std::function<void()>(std::move(release));
  napi_value buffer = nullptr;
  const napi_status status = napi_create_external_arraybuffer(env, data, size, Release, hint, &buffer);
  if (status == napi_ok) return {env, buffer};
  Release(env, data, hint);
  throw Napi::Error::New(env);
}

bool BuffersRefused(Napi::Env env) {
  static std::byte sample{};
  napi_value buffer = nullptr;
  return napi_create_external_arraybuffer(env, &sample, sizeof(sample), nullptr, nullptr, &buffer) ==
         napi_no_external_buffers_allowed;
}

}  // namespace allcores::addon
