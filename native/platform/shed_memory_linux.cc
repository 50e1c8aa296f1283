#if defined(__linux__)

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "platform/shed_memory.h"

// A sanitizer's runtime needs the memory that it has set aside.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ALLCORES_KEEP_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define ALLCORES_KEEP_MEMORY 1
#endif
#endif

namespace allcores::platform {
namespace {

struct Range {
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;

  [[nodiscard]] bool Holds(std::uintptr_t address) const { return begin <= address && address < end; }
};

// A line of /proc/self/maps: "begin-end perms offset device inode   path".
struct Line {
  Range range;
  bool shared = false;
  bool file = false;
  bool system = false;  // vdso and the like
};

std::uintptr_t ReadNumber(const char** at, int base) {
  std::uintptr_t value = 0;
  for (;; ++*at) {
    const char c = **at;
    if (c >= '0' && c <= '9') {
      value = value * base + static_cast<std::uintptr_t>(c - '0');
    } else if (base == 16 && c >= 'a' && c <= 'f') {
      value = value * base + static_cast<std::uintptr_t>(c - 'a' + 10);
    } else {
      return value;
    }
  }
}

void SkipField(const char** at) {
  while (**at != ' ' && **at != '\0') ++*at;
  while (**at == ' ') ++*at;
}

Line ParseLine(const char* at) {
  Line line;
  line.range.begin = ReadNumber(&at, 16);
  if (*at == '-') ++at;
  line.range.end = ReadNumber(&at, 16);
  SkipField(&at);
  line.shared = at[0] != '\0' && at[1] != '\0' && at[2] != '\0' && at[3] == 's';
  for (int field = 0; field < 3; ++field) SkipField(&at);
  line.file = ReadNumber(&at, 10) != 0;
  SkipField(&at);
  line.system = at[0] == '[' && at[1] == 'v';
  return line;
}

class Shedder {
 public:
  Shedder(std::uintptr_t stack, Range kept) : stack_(stack), kept_(kept) {}

  void See(const Line& line) {
    const Range range = line.range;
    if (range.begin >= range.end) return;
    // The variables of a library that begin as zero follow its file, as memory without one.
    const bool library = !line.shared && (line.file || range.begin == library_end_);
    if (library) library_end_ = line.file ? range.end : 0;
    if (library || line.system || range.Holds(stack_) || range.Holds(kept_.begin)) return;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): that is what the system tells
    munmap(reinterpret_cast<void*>(range.begin), range.end - range.begin);
  }

 private:
  const std::uintptr_t stack_;
  const Range kept_;
  std::uintptr_t library_end_ = 0;
};

}  // namespace

void ShedMemory([[maybe_unused]] const void* kept, [[maybe_unused]] std::size_t kept_bytes) {
#if !defined(ALLCORES_KEEP_MEMORY)
  const int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  char text[8192];
  const auto kept_at = reinterpret_cast<std::uintptr_t>(kept);
  Shedder shedder(reinterpret_cast<std::uintptr_t>(text), {kept_at, kept_at + kept_bytes});
  // The system goes on at an address, not at a line: that what was before is gone does not matter. It gives whole
  // lines.
  std::size_t rest = 0;
  for (;;) {
    const ssize_t length = read(file, text + rest, sizeof text - 1 - rest);
    if (length <= 0) break;
    text[rest + static_cast<std::size_t>(length)] = '\0';
    char* line = text;
    for (char* end = std::strchr(line, '\n'); end != nullptr; end = std::strchr(line, '\n')) {
      *end = '\0';
      shedder.See(ParseLine(line));
      line = end + 1;
    }
    rest = std::strlen(line);
    std::memmove(text, line, rest);
    if (rest == sizeof text - 1) break;  // longer than any path can be
  }
  close(file);
#endif
}

}  // namespace allcores::platform

#endif
