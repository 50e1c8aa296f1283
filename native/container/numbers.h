#pragma once

#include "object/program.h"

namespace allcores::container {

using object::Offset;
using object::ParticipantId;
using object::Program;

// Numbers in shared memory, which everybody reads and writes directly: a single one lies in the object (Value), many in
// a segment of their own (SharedArray), of which the object is a holder. It holds a reference on its lock, too.
struct Numbers {
  object::ObjectHeader header;
  // All constant.
  std::uint32_t dtype;    // lib/memory/dtype.ts numbers them
  std::uint32_t segment;  // a shared one; 0: the one number is here
  std::uint64_t length;
  Offset lock;  // 0: none
  std::uint64_t reserved;
  std::atomic<std::uint64_t> number;
};

// `segment` comes with a holder, which goes over to the object; with 0 it is a Value. Retains `lock`. 0 when the heap
// is full: the holder is still the caller's then.
Offset CreateNumbers(Program&, std::uint32_t dtype, std::uint64_t length, std::uint32_t segment, Offset lock,
                     Offset manager, ParticipantId me);

object::ObjectType NumbersObjectType();

}  // namespace allcores::container
