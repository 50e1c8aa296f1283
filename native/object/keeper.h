#pragma once

#include "object/program.h"

namespace allcores::object {

// A thread that is awake for this process while its event loops sleep: it passes on what other processes have to tell
// them and, in the process that began the program, gives back what processes that were killed held. Started when a
// program comes to have several processes. While nothing happens it wakes nobody, and looks every 20 ms.
class Keeper {
 public:
  // `me` stands for the process: the thread sleeps where that one is woken. Never ends before the process does.
  static void Start(Program& program, ParticipantId me, bool looks_after_dead);
};

}  // namespace allcores::object
