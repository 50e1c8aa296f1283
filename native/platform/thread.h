#pragma once

#include <functional>
#include <thread>

namespace allcores::platform {

// Starts a thread that goes on until the process ends. It takes no signals: those of the process are for its main
// thread.
void StartDaemonThread(std::function<void()> run);

// The same, to be joined.
std::thread StartThread(std::function<void()> run);

}  // namespace allcores::platform
