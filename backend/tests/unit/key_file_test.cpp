#include "adapters/key_file/key_file.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "support/temporary_folder.hpp"

namespace cruddur::key_file {
namespace {

namespace fs = std::filesystem;

class key_files : public ::testing::Test {
 protected:
  key_files() {
    const auto made = key_file::create(path());
    EXPECT_TRUE(made) << made.error().detail;
  }

  fs::path path() const { return folder_.path() / "secrets" / "content.keys"; }

  std::unique_ptr<key_file> open() const {
    auto file = key_file::open(path());
    EXPECT_TRUE(file) << file.error().detail;
    return std::move(*file);
  }

  std::string refusal() const {
    const std::string before = bytes();
    const auto file = key_file::open(path());
    EXPECT_EQ(bytes(), before);
    return file ? "" : file.error().detail;
  }

  std::string bytes() const {
    std::ostringstream content;
    content << std::ifstream{path(), std::ios::binary}.rdbuf();
    return content.str();
  }

  void change(std::size_t offset, std::string_view replacement) const {
    std::fstream file{path(), std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(replacement.data(), static_cast<std::streamsize>(replacement.size()));
  }

 private:
  test::temporary_folder folder_;
};

std::vector<reserved_key> take(key_file& file, std::size_t count, key_term term = key_term::hours) {
  const auto prepared = file.prepare(count, term);
  EXPECT_TRUE(prepared) << prepared.error().detail;
  auto keys = file.take(count, term);
  EXPECT_TRUE(keys);
  EXPECT_EQ(keys->size(), count);
  return std::move(*keys);
}

std::vector<key_slot> slots_of(const std::vector<reserved_key>& keys) {
  std::vector<key_slot> slots;
  for (const auto& each : keys) slots.push_back(each.slot);
  return slots;
}

std::optional<secret> load(const key_file& file, key_slot slot) {
  const auto key = file.load(slot);
  EXPECT_TRUE(key) << key.error().detail;
  return *key;
}

TEST_F(key_files, give_each_content_a_key_and_a_slot_of_its_own) {
  const auto file = open();
  std::set<key_slot> slots;
  std::set<std::string> keys;
  for (const auto term : {key_term::hours, key_term::days, key_term::lasting}) {
    for (const auto& each : take(*file, 1500, term)) {
      slots.insert(each.slot);
      keys.emplace(each.key.view());
      EXPECT_EQ(load(*file, each.slot), each.key);
    }
  }
  EXPECT_EQ(slots.size(), 4500U);
  EXPECT_EQ(keys.size(), 4500U);
  EXPECT_GT(*slots.begin(), 0);
}

TEST_F(key_files, keep_their_keys_when_the_process_ends) {
  std::vector<reserved_key> keys;
  {
    const auto file = open();
    keys = take(*file, 100);
  }
  const auto file = open();
  for (const auto& each : keys) EXPECT_EQ(load(*file, each.slot), each.key);
}

TEST_F(key_files, know_nothing_of_slots_that_were_never_given_out) {
  const auto file = open();
  const auto last = take(*file, 3).back().slot;
  for (const key_slot slot : {key_slot{-1}, key_slot{0}, key_slot{5}, last + 1, last + 100'000,
                              std::numeric_limits<key_slot>::max()}) {
    EXPECT_FALSE(load(*file, slot)) << slot;
    EXPECT_TRUE(file->destroy(std::vector{slot}));
  }
  EXPECT_EQ(take(*file, 1).front().slot, last + 1);
  EXPECT_TRUE(load(*file, last + 1));
}

TEST_F(key_files, hold_no_byte_of_a_destroyed_key) {
  std::vector<reserved_key> keys;
  {
    const auto file = open();
    keys = take(*file, 10);
    ASSERT_NE(bytes().find(keys[3].key.view()), std::string::npos);
    ASSERT_TRUE(file->destroy(std::vector{keys[3].slot, keys[7].slot}));
    EXPECT_FALSE(load(*file, keys[3].slot));
    ASSERT_TRUE(file->destroy(std::vector{keys[3].slot}));
  }
  EXPECT_EQ(bytes().find(keys[3].key.view().substr(0, 8)), std::string::npos);
  EXPECT_EQ(bytes().find(keys[7].key.view().substr(0, 8)), std::string::npos);
  const auto file = open();
  EXPECT_FALSE(load(*file, keys[3].slot));
  EXPECT_EQ(load(*file, keys[4].slot), keys[4].key);
}

TEST_F(key_files, use_the_space_of_ended_keys_again_under_other_slots) {
  const auto file = open();
  std::set<key_slot> seen;
  for (int round = 0; round < 40; ++round) {
    const auto slots = slots_of(take(*file, keys_in_extent));
    for (const key_slot slot : slots) EXPECT_TRUE(seen.insert(slot).second);
    ASSERT_TRUE(file->destroy(slots));
  }
  EXPECT_LE(file->used_space().extents, 16U);
  EXPECT_EQ(file->used_space().keys, 0U);
}

TEST_F(key_files, harm_nobody_when_an_end_is_carried_out_again_later) {
  const auto file = open();
  const auto ended = slots_of(take(*file, keys_in_extent));
  ASSERT_TRUE(file->destroy(ended));
  const auto living = take(*file, 3 * keys_in_extent);
  ASSERT_TRUE(file->destroy(ended));
  for (const auto& each : living) EXPECT_EQ(load(*file, each.slot), each.key);
}

TEST_F(key_files, destroy_after_a_crash_what_no_row_refers_to) {
  std::vector<reserved_key> keys;
  {
    const auto file = open();
    keys = take(*file, 20);
  }
  {
    const auto file = open();
    const auto ranges = file->open_ranges();
    ASSERT_EQ(ranges.size(), 1U);
    EXPECT_LE(ranges[0].first, keys[0].slot);
    EXPECT_EQ(ranges[0].count, keys_in_extent);
    ASSERT_TRUE(file->settle(ranges[0].first, std::vector{keys[5].slot, keys[19].slot}));
    EXPECT_TRUE(file->open_ranges().empty());
  }
  const auto file = open();
  EXPECT_TRUE(file->open_ranges().empty());
  EXPECT_EQ(load(*file, keys[5].slot), keys[5].key);
  EXPECT_EQ(load(*file, keys[19].slot), keys[19].key);
  EXPECT_FALSE(load(*file, keys[6].slot));
  EXPECT_EQ(bytes().find(keys[6].key.view()), std::string::npos);
  EXPECT_EQ(file->used_space().keys, 2U);
}

TEST_F(key_files, give_out_nothing_of_an_extent_that_was_settled) {
  const auto file = open();
  const auto used = take(*file, 1).front();
  const std::vector<key_slot> slots{used.slot};
  for (const open_range& each : file->open_ranges()) ASSERT_TRUE(file->settle(each.first, slots));
  EXPECT_EQ(file->load(used.slot).value(), used.key);
  const auto next = take(*file, 1).front();
  EXPECT_EQ(file->load(next.slot).value(), next.key);
}

TEST_F(key_files, ask_again_only_for_extents_that_were_open) {
  {
    const auto file = open();
    for (int i = 0; i < 103; ++i) take(*file, 100);
  }
  // The one in use, and the one that was used up last.
  EXPECT_LE(open()->open_ranges().size(), 2U);
}

TEST_F(key_files, tell_an_older_copy_by_its_generation) {
  const fs::path copy = path().string() + ".copy";
  fs::copy_file(path(), copy);
  const auto before = open()->self();
  {
    const auto file = open();
    take(*file, 1);
    EXPECT_GT(file->self().generation, before.generation);
  }
  EXPECT_GT(open()->self().generation, before.generation);
  EXPECT_EQ(open()->self().id, before.id);
  const auto older = key_file::open(copy);
  ASSERT_TRUE(older);
  EXPECT_EQ((*older)->self().generation, before.generation);
}

TEST_F(key_files, are_made_once_and_private) {
  EXPECT_FALSE(key_file::create(path()));
  EXPECT_EQ(fs::status(path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(fs::status(path().parent_path()).permissions(), fs::perms::owner_all);
}

TEST_F(key_files, refuse_a_second_holder) {
  const auto file = open();
  EXPECT_THAT(refusal(), ::testing::HasSubstr("another process is using"));
}

TEST_F(key_files, refuse_a_file_that_others_can_read) {
  fs::permissions(path(), fs::perms::group_read, fs::perm_options::add);
  EXPECT_THAT(refusal(), ::testing::HasSubstr("chmod 600"));
}

TEST_F(key_files, refuse_what_is_no_whole_key_file) {
  take(*open(), 1);
  const std::string good = bytes();
  fs::resize_file(path(), good.size() - extent_size);
  EXPECT_THAT(refusal(), ::testing::HasSubstr("shorter than it was"));
  fs::resize_file(path(), 100);
  EXPECT_NE(refusal(), "");
  fs::resize_file(path(), 0);
  EXPECT_THAT(refusal(), ::testing::HasSubstr("no key file"));
  change(0, good);
  change(20, "another id");
  EXPECT_THAT(refusal(), ::testing::HasSubstr("damaged"));
  change(0, good);
  EXPECT_EQ(refusal(), "");
  fs::remove(path());
  EXPECT_FALSE(key_file::open(path()));
}

TEST_F(key_files, lose_with_a_damaged_extent_only_its_own_keys) {
  std::vector<reserved_key> keys;
  {
    const auto file = open();
    keys = take(*file, 2 * keys_in_extent);
  }
  change(page_size + 3, "damage");
  const auto file = open();
  EXPECT_EQ(file->used_space().damaged, 1U);
  EXPECT_FALSE(load(*file, keys.front().slot));
  EXPECT_EQ(load(*file, keys.back().slot), keys.back().key);
  EXPECT_TRUE(load(*file, take(*file, 2 * keys_in_extent).back().slot));
}

TEST_F(key_files, lose_nothing_when_the_disk_is_full) {
  const auto file = open();
  const auto keys = take(*file, 8 * keys_in_extent);
  rlimit former{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &former), 0);
  struct sigaction ignored{};
  struct sigaction kept{};
  ignored.sa_handler = SIG_IGN;
  ::sigaction(SIGXFSZ, &ignored, &kept);
  const rlimit full{bytes().size(), former.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const auto refused = file->prepare(1, key_term::hours);
  const auto destroyed = file->destroy(std::vector{keys[0].slot});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &former), 0);
  ::sigaction(SIGXFSZ, &kept, nullptr);
  EXPECT_FALSE(refused);
  EXPECT_TRUE(destroyed);
  EXPECT_EQ(load(*file, keys[1].slot), keys[1].key);
  EXPECT_FALSE(load(*file, keys[0].slot));
  EXPECT_TRUE(load(*file, take(*file, 1).front().slot));
}

TEST_F(key_files, serve_many_threads) {
  const auto file = open();
  std::vector<std::vector<reserved_key>> kept(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : kept) {
      threads.emplace_back([&file, &mine] {
        for (int round = 0; round < 200; ++round) {
          if (!file->prepare(20, key_term::days)) return;
          auto keys = file->take(20, key_term::days);
          if (!keys || keys->empty()) continue;
          mine.push_back(keys->back());
          keys->pop_back();
          if (!file->load(mine.back().slot) || !file->destroy(slots_of(*keys))) return;
        }
      });
    }
  }
  std::set<key_slot> slots;
  for (const auto& mine : kept) {
    EXPECT_GT(mine.size(), 100U);
    for (const auto& each : mine) {
      EXPECT_TRUE(slots.insert(each.slot).second);
      EXPECT_EQ(load(*file, each.slot), each.key);
    }
  }
}

}  // namespace
}  // namespace cruddur::key_file
