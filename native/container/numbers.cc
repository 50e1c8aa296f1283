#include "container/numbers.h"

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
  numbers.lock = lock;
  if (lock != 0) program.Retain(lock);
  return offset;
}

object::ObjectType NumbersObjectType() {
  return {.destroy =
              [](Program& program, Offset offset, ParticipantId me) {
                Numbers& numbers = *program.At<Numbers>(offset);
                if (numbers.segment != 0) program.segments().Release(numbers.segment, me);
                if (numbers.lock != 0) program.Release(numbers.lock, me);
              },
          .recover = nullptr,
          .close = nullptr,
          .repair = nullptr};
}

}  // namespace allcores::container
