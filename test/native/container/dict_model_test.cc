#include <gtest/gtest.h>

#include <list>
#include <random>

#include "container/dict.h"
#include "support/containers.h"

namespace allcores::container {
namespace {

using testing::Bytes;
using testing::Containers;
using testing::Reading;
using testing::Text;
using testing::Value;

// Entries in the order of their insertion, found by looking.
class Model {
 public:
  using Entry = std::pair<std::string, std::string>;

  std::list<Entry>::iterator Find(const std::string& key) { return std::ranges::find(entries, key, &Entry::first); }
  bool Has(const std::string& key) { return Find(key) != entries.end(); }
  void Set(const std::string& key, const std::string& value) {
    const auto at = Find(key);
    if (at == entries.end()) {
      entries.emplace_back(key, value);
    } else {
      at->second = value;
    }
  }

  std::list<Entry> entries;
};

class DictModelTest : public ::testing::TestWithParam<std::uint32_t> {
 protected:
  std::uint32_t Below(std::uint32_t limit) { return static_cast<std::uint32_t>(random() % limit); }
  std::string Key() { return std::string(Below(3) == 0 ? 20 : 0, 'k') + std::to_string(Below(keys)); }
  std::string Text() {
    const std::uint32_t lengths[] = {0, 3, 7, 8, 100, 4096, 4097, 20'000};
    return std::string(lengths[Below(Below(20) == 0 ? 8 : 5)], static_cast<char>('a' + Below(26)));
  }

  void Compare() {
    DictSnapshot all(shared.program, me);
    ASSERT_EQ(DictSnapshotAll(shared.program, dict, me, true, &all), Outcome::kDone);
    std::uint64_t size = 0;
    ASSERT_EQ(DictSize(shared.program, dict, me, &size), Outcome::kDone);
    ASSERT_EQ(size, model.entries.size());
    ASSERT_EQ(all.entries.size(), model.entries.size());
    std::size_t i = 0;
    for (const auto& [key, value] : model.entries) {
      ASSERT_EQ(testing::Text(all.Key(i)), key);
      ASSERT_EQ(object::SlotLength(shared.program, all.values.slots()[i]), value.size());
      Reading read(shared);
      ASSERT_EQ(DictGet(shared.program, dict, me, Bytes(key), &read), Outcome::kDone);
      ASSERT_EQ(read.Text(), value);
      ASSERT_EQ(read.version(), all.entries[i].version);
      ++i;
    }
  }

  void Step() {
    const std::string key = Key();
    const std::string text = Text();
    const bool present = model.Has(key);
    Reading read(shared);
    switch (Below(12)) {
      case 0:
        ASSERT_EQ(DictDelete(shared.program, dict, me, Bytes(key)), present ? Outcome::kDone : Outcome::kNotPresent);
        std::erase_if(model.entries, [&](const auto& entry) { return entry.first == key; });
        break;
      case 1:
        ASSERT_EQ(DictPop(shared.program, dict, me, Bytes(key), &read),
                  present ? Outcome::kDone : Outcome::kNotPresent);
        if (!present) break;
        ASSERT_EQ(read.Text(), model.Find(key)->second);
        model.entries.erase(model.Find(key));
        break;
      case 2: {
        std::vector<std::byte> last;
        const bool empty = model.entries.empty();
        ASSERT_EQ(DictPopItem(shared.program, dict, me, &last, &read), empty ? Outcome::kNotPresent : Outcome::kDone);
        if (empty) break;
        ASSERT_EQ(testing::Text(last), model.entries.back().first);
        ASSERT_EQ(read.Text(), model.entries.back().second);
        model.entries.pop_back();
        break;
      }
      case 3:
        ASSERT_EQ(DictSetDefault(shared.program, dict, me, Bytes(key), Value(text), &read),
                  present ? Outcome::kConflict : Outcome::kDone);
        if (present) {
          ASSERT_EQ(read.Text(), model.Find(key)->second);
        } else {
          model.Set(key, text);
        }
        break;
      case 4: {
        std::vector<Model::Entry> some;
        std::vector<DictItem> items;
        for (std::uint32_t i = Below(20); i > 0; --i) some.emplace_back(Key(), Text());
        for (const auto& [a, b] : some) items.push_back({Bytes(a), Value(b)});
        ASSERT_EQ(DictSetMany(shared.program, dict, me, items), Outcome::kDone);
        for (const auto& [a, b] : some) model.Set(a, b);
        break;
      }
      case 5:
        if (Below(100) != 0) break;
        ASSERT_EQ(DictClear(shared.program, dict, me), Outcome::kDone);
        model.entries.clear();
        break;
      default:
        ASSERT_EQ(DictSet(shared.program, dict, me, Bytes(key), Value(text)), Outcome::kDone);
        model.Set(key, text);
    }
  }

  Containers shared;
  const ParticipantId me = shared.me;
  const std::uint64_t before = shared.Blocks();
  const Offset dict = CreateDict(shared.program, 0, 0, me);
  const std::uint32_t keys = GetParam();
  std::minstd_rand random{GetParam()};
  Model model;
};

TEST_P(DictModelTest, DoesAsAListOfPairsDoes) {
  for (int step = 0; step < 3000; ++step) {
    Step();
    if (step % 100 == 0) Compare();
    if (HasFatalFailure()) return;
  }
  Compare();
  shared.program.Release(dict, me);
  EXPECT_EQ(shared.Blocks(), before);
}

INSTANTIATE_TEST_SUITE_P(Keys, DictModelTest, ::testing::Values(3U, 30U, 400U, 2000U));

}  // namespace
}  // namespace allcores::container
