#if !defined(_WIN32)

#include <dlfcn.h>

#include "platform/library.h"

namespace allcores::platform {

void* LoadLibrary(const std::string& path, std::string* error) {
  // Local: two libraries may have functions of one name.
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const message = dlerror();
    *error = message == nullptr ? "it cannot be loaded" : message;
  }
  return library;
}

void* FindSymbol(void* library, const char* name) { return dlsym(library, name); }

}  // namespace allcores::platform

#endif
