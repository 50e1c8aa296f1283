#include "container/numbers.h"

#include <gtest/gtest.h>

#include "support/program_fixture.h"
#include "sync/lock_object.h"
#include "sync/sync_types.h"

namespace allcores::container {
namespace {

class NumbersTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::uint32_t References(Offset object) const {
    return shared.program.Header(object).references.load();
  }

  testing::SharedProgram shared{[](object::Program::Types& types, sync::WaitTypes& wait_types) {
    sync::AddSyncTypes(types, wait_types);
    types[static_cast<std::size_t>(object::ObjectKind::kValue)] = NumbersObjectType();
    types[static_cast<std::size_t>(object::ObjectKind::kArray)] = NumbersObjectType();
  }};
  Program& program = shared.program;
  const ParticipantId me = shared.Join();
  const Offset lock = program.Create(object::ObjectKind::kLock, sizeof(sync::LockObject), 0, me);
};

TEST_F(NumbersTest, AVectorHoldsItsSegmentAndItsLock) {
  const std::uint32_t segment = program.segments().Create(8000, true, me);
  const std::uint64_t before = program.Stats().blocks;
  const Offset vector = CreateNumbers(program, 9, 1000, segment, lock, 0, me);
  ASSERT_NE(vector, 0U);
  EXPECT_EQ(program.At<Numbers>(vector)->segment, segment);
  EXPECT_EQ(References(lock), 2U);
  EXPECT_EQ(program.Header(vector).kind.load(), static_cast<std::uint32_t>(object::ObjectKind::kArray));
  // Others may hold it as well, and then outlive the vector.
  ASSERT_TRUE(program.segments().Retain(segment));
  program.Release(vector, me);
  EXPECT_EQ(References(lock), 1U);
  EXPECT_NE(program.segments().Find(segment).begin, 0U);
  EXPECT_EQ(program.Stats().blocks, before);
  program.segments().Release(segment, me);
  EXPECT_EQ(program.segments().Find(segment).begin, 0U);
  EXPECT_EQ(program.Stats().blocks, before - 1);
}

TEST_F(NumbersTest, TheSegmentGoesWithTheVector) {
  const std::uint32_t segment = program.segments().Create(8000, true, me);
  program.Release(CreateNumbers(program, 9, 1000, segment, 0, 0, me), me);
  EXPECT_EQ(program.segments().Find(segment).begin, 0U);
  EXPECT_EQ(program.Stats().blocks, 1U);
}

TEST_F(NumbersTest, AValueHasNoSegment) {
  const Offset value = CreateNumbers(program, 9, 1, 0, lock, 0, me);
  EXPECT_EQ(program.Header(value).kind.load(), static_cast<std::uint32_t>(object::ObjectKind::kValue));
  EXPECT_EQ(program.At<Numbers>(value)->number.load(), 0U);
  program.Release(value, me);
  EXPECT_EQ(References(lock), 1U);
  EXPECT_EQ(program.Stats().blocks, 1U);
}

}  // namespace
}  // namespace allcores::container
