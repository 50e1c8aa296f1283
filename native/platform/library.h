#pragma once

#include <string>

namespace allcores::platform {

// A shared library, loaded for as long as the process lives: code of it may be running on any thread.
// Null when that fails; then `error` is the system's message.
void* LoadLibrary(const std::string& path, std::string* error);
// Null when it exports no such symbol.
void* FindSymbol(void* library, const char* name);

}  // namespace allcores::platform
