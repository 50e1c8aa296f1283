#pragma once

#if defined(_WIN32)

#include <windows.h>

#include <string>

namespace allcores::platform {

// UTF-8 as the system's calls take it. Empty when it is none.
inline std::wstring Wide(const std::string& text) {
  const auto length = static_cast<int>(text.size());
  const int wide_length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), length, nullptr, 0);
  std::wstring wide(static_cast<std::size_t>(wide_length), L'\0');
  MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), length, wide.data(), wide_length);
  return wide;
}

}  // namespace allcores::platform

#endif
