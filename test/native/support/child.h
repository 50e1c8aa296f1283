#pragma once

#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

namespace allcores::testing {

// A forked process that runs `body` and ends. What it does shows in memory that it shares with this one: GoogleTest's
// assertions do not reach here from there. Killed and waited for at the latest when the scope ends.
class Child {
 public:
  template <typename Body>
  explicit Child(Body body) : process_(fork()) {
    if (process_ != 0) return;
    std::move(body)();
    _exit(0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    Kill();
    Wait();
  }

  [[nodiscard]] pid_t process() const { return process_; }
  // Ends it between two instructions. It stays a zombie until Wait.
  void Kill() const {
    if (process_ > 0 && !waited_) kill(process_, SIGKILL);
  }
  // True when it came to the end of its body.
  bool Wait() {
    if (process_ <= 0 || waited_) return finished_;
    int status = 0;
    waited_ = true;
    finished_ = waitpid(process_, &status, 0) == process_ && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return finished_;
  }

 private:
  pid_t process_;
  bool waited_ = false;
  bool finished_ = false;
};

}  // namespace allcores::testing
