#if defined(_WIN32)

#include <windows.h>
#undef LoadLibrary

#include "platform/library.h"
#include "platform/wide.h"

namespace allcores::platform {
namespace {

std::string MessageOf(DWORD error) {
  char text[512];
  constexpr DWORD kFlags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
  DWORD length = FormatMessageA(kFlags, nullptr, error, 0, text, sizeof text, nullptr);
  while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) --length;
  return length > 0 ? std::string(text, length) : "error " + std::to_string(error);
}

}  // namespace

void* LoadLibrary(const std::string& path, std::string* error) {
  // What it needs itself is looked for beside it.
  const HMODULE library = LoadLibraryExW(Wide(path).c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (library == nullptr) *error = MessageOf(GetLastError());
  return library;
}

void* FindSymbol(void* library, const char* name) {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), name));
}

}  // namespace allcores::platform

#endif
