#pragma once

#include <napi.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "memory/segment.h"

namespace allcores::addon {

// Tells through the first word of a segment that a thread has ended: the only way to somebody who is blocked and whose
// event loop therefore hears of nothing. Both ends have one, on the same segment; the one that is to be waited for
// announces itself.
//
// The word says 0 until then, kRunning, and at last kEnded: once no JavaScript of that thread will run any more,
// however it came to that. A thread that never got as far as to announce itself leaves it at 0.
class ExitNotice : public Napi::ObjectWrap<ExitNotice> {
 public:
  static constexpr std::uint32_t kRunning = 1;
  static constexpr std::uint32_t kEnded = 2;

  static Napi::Function Define(Napi::Env env);
  explicit ExitNotice(const Napi::CallbackInfo& info);
  ~ExitNotice() override;

 private:
  Napi::Value Announce(const Napi::CallbackInfo& info);
  Napi::Value Wait(const Napi::CallbackInfo& info);

  static void OnEnvironmentEnd(void* self);
  void Tell();
  std::atomic<std::uint32_t>& word() const;

  std::shared_ptr<memory::Segment> segment_;
  Napi::Env env_;
  bool announced_ = false;
};

}  // namespace allcores::addon
