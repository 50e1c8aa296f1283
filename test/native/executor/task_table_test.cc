#include <gtest/gtest.h>

#include <vector>

#include "executor/task_record.h"

namespace allcores::executor {
namespace {

class TaskTableTest : public ::testing::Test {
 protected:
  std::vector<TaskRecord> records = std::vector<TaskRecord>(4);
  TaskTable tasks{records.data(), 4};
};

TEST(TaskEntry, PacksIndexAndGeneration) {
  const std::uint32_t entry = TaskEntry::Pack(0xffff, 0xabcd);
  EXPECT_EQ(TaskEntry::Index(entry), 0xffffU);
  EXPECT_EQ(TaskEntry::Generation(entry), 0xabcdU);
}

TEST(TaskState, PartsDoNotOverlap) {
  EXPECT_EQ(TaskState::Pack(0, Phase::kRunning, TaskState::kSlotMask), (0x1fffU << 3) | 2U);
  EXPECT_EQ(TaskState::Pack(0xffff, Phase::kFree), 0xffff0000U);
  EXPECT_EQ(TaskState::Pack(0x10000, Phase::kReady), TaskState::Pack(0, Phase::kReady));  // generations wrap around
}

TEST_F(TaskTableTest, AFreeRecordCannotBeBegun) {
  EXPECT_FALSE(tasks.TryBegin(TaskEntry::Pack(1, 0), 0));
  EXPECT_FALSE(tasks.IsReady(TaskEntry::Pack(1, 0)));
}

TEST_F(TaskTableTest, IsBegunOnce) {
  const std::uint32_t entry = tasks.Publish(2);
  EXPECT_TRUE(tasks.IsReady(entry));
  EXPECT_TRUE(tasks.TryBegin(entry, 5));
  EXPECT_EQ(records[2].state.load(), TaskState::Pack(0, Phase::kRunning, 5));
  EXPECT_FALSE(tasks.TryBegin(entry, 6));
  EXPECT_FALSE(tasks.IsReady(entry));
  EXPECT_FALSE(tasks.TryCancel(entry));
}

TEST_F(TaskTableTest, ACancelledTaskIsNeverBegun) {
  const std::uint32_t entry = tasks.Publish(0);
  EXPECT_TRUE(tasks.TryCancel(entry));
  EXPECT_FALSE(tasks.TryCancel(entry));
  EXPECT_FALSE(tasks.TryBegin(entry, 0));
}

TEST_F(TaskTableTest, AStaleHintNeverTouchesALaterTask) {
  const std::uint32_t first = tasks.Publish(3);
  ASSERT_TRUE(tasks.TryBegin(first, 0));
  tasks.Free(first);
  const std::uint32_t second = tasks.Publish(3);
  EXPECT_NE(first, second);
  EXPECT_FALSE(tasks.IsReady(first));
  EXPECT_FALSE(tasks.TryBegin(first, 1));
  EXPECT_FALSE(tasks.TryCancel(first));
  EXPECT_TRUE(tasks.TryBegin(second, 1));
}

TEST_F(TaskTableTest, GenerationsWrapAround) {
  for (std::uint32_t i = 0; i < 0x10002; ++i) {
    const std::uint32_t entry = tasks.Publish(1);
    ASSERT_EQ(TaskEntry::Generation(entry), i & 0xffff);
    ASSERT_EQ(TaskEntry::Index(entry), 1U);
    if (i % 2 == 0) {
      ASSERT_TRUE(tasks.TryCancel(entry));
    } else {
      ASSERT_TRUE(tasks.TryBegin(entry, 1));
      tasks.Free(entry);
    }
  }
}

}  // namespace
}  // namespace allcores::executor
