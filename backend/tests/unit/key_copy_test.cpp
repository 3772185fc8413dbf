// Copies of key files, taken while others use them.
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "adapters/key_file/key_file.hpp"
#include "adapters/key_file/key_reader.hpp"
#include "adapters/key_file/key_writer.hpp"
#include "support/temporary_folder.hpp"

namespace cruddur::key_file {
namespace {

namespace fs = std::filesystem;

class key_copies : public ::testing::Test {
 protected:
  key_copies() { EXPECT_TRUE(key_file::create(path())); }

  fs::path path() const { return folder_.path() / "content.keys"; }
  fs::path copy_path() const { return folder_.path() / "copy.keys"; }

  std::unique_ptr<key_file> open(const fs::path& path) const {
    auto file = key_file::open(path);
    EXPECT_TRUE(file) << file.error().detail;
    return std::move(*file);
  }

  void copy(std::string_view note = {}) const {
    const auto reader = key_reader::open(path());
    ASSERT_TRUE(reader) << reader.error().detail;
    auto writer = key_writer::create(copy_path());
    ASSERT_TRUE(writer) << writer.error().detail;
    for (std::size_t index = 0; index < reader->extents(); ++index) {
      const auto extent = reader->read(index);
      ASSERT_TRUE(extent) << extent.error().detail;
      if (*extent) ASSERT_TRUE(writer->append(**extent));
    }
    ASSERT_TRUE(writer->finish(*reader->self(), note));
  }

  static std::string bytes(const fs::path& path) {
    std::ostringstream content;
    content << std::ifstream{path, std::ios::binary}.rdbuf();
    return content.str();
  }

 private:
  test::temporary_folder folder_;
};

std::vector<reserved_key> take(key_file& file, std::size_t count) {
  EXPECT_TRUE(file.prepare(count, key_term::hours));
  auto keys = file.take(count, key_term::hours);
  EXPECT_TRUE(keys);
  return std::move(*keys);
}

TEST_F(key_copies, hold_every_key_under_its_slot_and_none_that_has_ended) {
  const auto file = open(path());
  const auto keys = take(*file, 3000);
  ASSERT_TRUE(file->destroy(std::vector{keys[7].slot, keys[2000].slot}));
  copy();
  const auto copied = open(copy_path());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto key = copied->load(keys[i].slot);
    ASSERT_TRUE(key);
    if (i == 7 || i == 2000) {
      EXPECT_FALSE(*key);
    } else {
      EXPECT_EQ(*key, keys[i].key);
    }
  }
  EXPECT_EQ(bytes(copy_path()).find(keys[7].key.view()), std::string::npos);
  EXPECT_EQ(copied->self().id, file->self().id);
  EXPECT_EQ(copied->self().generation, file->self().generation);
}

TEST_F(key_copies, taken_while_keys_are_given_out_and_destroyed_hold_each_old_or_new) {
  const auto file = open(path());
  const auto lasting = take(*file, 1500);
  std::map<key_slot, secret> ended_before;
  for (const auto& each : take(*file, 500)) ended_before.emplace(each.slot, each.key);
  {
    std::vector<key_slot> slots;
    for (const auto& [slot, key] : ended_before) slots.push_back(slot);
    ASSERT_TRUE(file->destroy(slots));
  }
  std::atomic<bool> stopping{false};
  std::jthread busy{[&] {
    while (!stopping) {
      std::vector<key_slot> slots;
      for (const auto& each : take(*file, 700)) slots.push_back(each.slot);
      EXPECT_TRUE(file->destroy(slots));
    }
  }};
  for (int round = 0; round < 25; ++round) {
    copy();
    const auto copied = open(copy_path());
    for (const auto& each : lasting) {
      const auto key = copied->load(each.slot);
      ASSERT_TRUE(key);
      ASSERT_EQ(*key, each.key) << "of a content that lived all the time";
    }
    for (const auto& [slot, key] : ended_before) ASSERT_FALSE(*copied->load(slot));
    ASSERT_EQ(copied->used_space().damaged, 0U);
  }
  stopping = true;
}

TEST_F(key_copies, give_out_no_slot_that_was_given_out_before) {
  std::set<key_slot> seen;
  {
    const auto file = open(path());
    for (const auto& each : take(*file, 2048)) seen.insert(each.slot);
    ASSERT_TRUE(file->destroy(std::vector(seen.begin(), seen.end())));
    ASSERT_TRUE(file->pass(50));
  }
  copy();
  EXPECT_LE(fs::file_size(copy_path()), page_size) << "nothing lives in it";
  const auto copied = open(copy_path());
  const auto more = take(*copied, 1);
  EXPECT_GE(more.front().slot, static_cast<key_slot>(51 * keys_in_extent));
  EXPECT_FALSE(seen.contains(more.front().slot));
}

TEST_F(key_copies, keep_a_note_that_is_whole_or_nothing) {
  take(*open(path()), 1);
  copy("whose keys these are");
  EXPECT_EQ(*key_reader::open(copy_path())->note(), "whose keys these are");
  EXPECT_EQ(*key_reader::open(path())->note(), "");
  std::fstream file{copy_path(), std::ios::binary | std::ios::in | std::ios::out};
  file.seekp(header_size + 10);
  file.put('!');
  file.close();
  EXPECT_EQ(*key_reader::open(copy_path())->note(), "");
}

TEST_F(key_copies, of_a_file_with_a_damaged_extent_lack_only_that) {
  std::vector<reserved_key> keys;
  {
    const auto file = open(path());
    keys = take(*file, 2 * keys_in_extent);
  }
  std::fstream file{path(), std::ios::binary | std::ios::in | std::ios::out};
  file.seekp(page_size + 3);
  file << "damage";
  file.close();
  copy();
  const auto copied = open(copy_path());
  EXPECT_FALSE(*copied->load(keys.front().slot));
  EXPECT_EQ(*copied->load(keys.back().slot), keys.back().key);
}

TEST_F(key_copies, take_the_place_of_the_former_one_which_is_overwritten) {
  const auto keys = take(*open(path()), 5);
  copy();
  // A second name shows what becomes of the former file's bytes.
  const fs::path witness = path().string() + ".witness";
  fs::create_hard_link(path(), witness);
  ASSERT_NE(bytes(witness).find(keys[0].key.view()), std::string::npos);
  ASSERT_TRUE(put_in_place(copy_path(), path()));
  EXPECT_EQ(bytes(witness).find(keys[0].key.view()), std::string::npos);
  EXPECT_FALSE(fs::exists(copy_path()));
  EXPECT_EQ(*open(path())->load(keys[0].slot), keys[0].key);
}

TEST_F(key_copies, are_discarded_under_the_other_name_where_what_a_crash_left_is_cleared_first) {
  const auto keys = take(*open(path()), 5);
  copy();
  const fs::path witness = path().string() + ".witness";
  const fs::path left = path().string() + ".left";
  fs::create_hard_link(path(), witness);
  fs::create_hard_link(copy_path(), left);
  ASSERT_TRUE(discard(path(), copy_path()));
  for (const fs::path& each : {path(), copy_path()}) EXPECT_FALSE(fs::exists(each)) << each;
  for (const fs::path& each : {witness, left}) {
    EXPECT_EQ(bytes(each).find(keys[0].key.view()), std::string::npos) << each;
  }
  EXPECT_FALSE(discard(path(), copy_path())) << "there is none";
}

TEST_F(key_copies, are_no_key_file_before_they_are_finished) {
  auto writer = key_writer::create(copy_path());
  ASSERT_TRUE(writer);
  const auto opened = key_file::open(copy_path());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().detail, ::testing::HasSubstr("no key file"));
}

TEST_F(key_copies, for_which_the_disk_has_no_room_say_so_and_harm_nothing) {
  take(*open(path()), 3 * keys_in_extent);
  const std::string before = bytes(path());
  rlimit former{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &former), 0);
  struct sigaction ignored{};
  struct sigaction kept{};
  ignored.sa_handler = SIG_IGN;
  ::sigaction(SIGXFSZ, &ignored, &kept);
  const rlimit full{page_size + 2 * extent_size, former.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const auto reader = key_reader::open(path());
  auto writer = key_writer::create(copy_path());
  std::string said;
  for (std::size_t index = 0; index < reader->extents() && said.empty(); ++index) {
    const auto extent = reader->read(index);
    if (!*extent) continue;
    if (const auto done = writer->append(**extent); !done) said = done.error().detail;
  }
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &former), 0);
  ::sigaction(SIGXFSZ, &kept, nullptr);
  EXPECT_THAT(said, ::testing::HasSubstr("can't write " + copy_path().string()));
  EXPECT_EQ(bytes(path()), before);
  EXPECT_FALSE(key_file::open(copy_path())) << "half a copy is none";
}

TEST_F(key_copies, know_whether_a_server_holds_the_file) {
  EXPECT_FALSE(is_held(path()));
  {
    const auto file = open(path());
    EXPECT_TRUE(is_held(path()));
  }
  EXPECT_FALSE(is_held(path()));
}

// Its number would be given out again, and its slots stand in rows.
TEST_F(key_copies, do_not_follow_a_damaged_newest_extent_with_the_same_slots) {
  std::vector<reserved_key> keys;
  {
    const auto file = open(path());
    keys = take(*file, 10);
  }
  std::fstream file{path(), std::ios::binary | std::ios::in | std::ios::out};
  file.seekp(page_size + 3);
  file << "damage";
  file.close();
  EXPECT_GT(take(*open(path()), 1).front().slot, keys.back().slot);
}

}  // namespace
}  // namespace cruddur::key_file
