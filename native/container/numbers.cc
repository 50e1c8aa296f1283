#include "container/numbers.h"

#include <utility>

namespace allcores::container {

using object::ObjectKind;

Offset CreateNumbers(Program& program, std::uint32_t dtype, std::uint64_t length, std::uint32_t segment, Offset lock,
                     Offset manager, ParticipantId me) {
  const ObjectKind kind = segment == 0 ? ObjectKind::kValue : ObjectKind::kArray;
  const Offset offset = program.Create(kind, sizeof(Numbers), manager, me);
  if (offset == 0) return 0;
  Numbers& numbers = *program.At<Numbers>(offset);
  numbers.dtype = dtype;
  numbers.length = length;
  numbers.segment = segment;
  if (lock != 0) program.Retain(lock);  // before the object has it to give back
  numbers.lock = lock;
  return offset;
}

object::ObjectType NumbersObjectType() {
  return {.destroy =
              [](Program& program, Offset offset, ParticipantId me) {
                Numbers& numbers = *program.At<Numbers>(offset);
                // Each is given up before it is released: what a kill interrupts is done again.
                if (numbers.segment != 0) program.segments().Release(std::exchange(numbers.segment, 0), me);
                if (numbers.lock != 0) program.Release(std::exchange(numbers.lock, 0), me);
              },
          .recover = nullptr,
          .close = nullptr,
          .repair = nullptr};
}

}  // namespace allcores::container
