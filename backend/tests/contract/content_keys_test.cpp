// What every store of content keys promises.
#include "ports/content_keys.hpp"

#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "adapters/key_file/file_content_keys.hpp"
#include "adapters/sql/ended_keys.hpp"
#include "adapters/sql/key_table.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/event_loops.hpp"
#include "support/sql_literal.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_database.hpp"

namespace cruddur {
namespace {

// A store that a test can close and open again, as a restart of the program does.
class key_store_fixture {
 public:
  virtual ~key_store_fixture() = default;
  virtual content_keys& open() = 0;
  virtual runtime::event_loops& loops() = 0;
};

class key_file_fixture : public key_store_fixture {
 public:
  explicit key_file_fixture(runtime::blocking_pool& pool) : pool_{pool} {
    EXPECT_TRUE(key_file::key_file::create(path()));
  }
  content_keys& open() override {
    keys_.reset();
    file_.reset();
    file_ = std::move(*key_file::key_file::open(path()));
    keys_ = key_file::create_content_keys(*file_, pool_);
    return *keys_;
  }
  runtime::event_loops& loops() override { return loops_; }

 private:
  std::filesystem::path path() const { return folder_.path() / "keys" / "content.keys"; }

  test::temporary_folder folder_;
  runtime::event_loops loops_{2};
  runtime::blocking_pool& pool_;
  std::unique_ptr<key_file::key_file> file_;
  std::unique_ptr<content_keys> keys_;
};

class key_table_fixture : public key_store_fixture {
 public:
  content_keys& open() override {
    table_ = std::make_unique<sql::key_table>(database_.db(), clock_);
    return *table_;
  }
  runtime::event_loops& loops() override { return database_.loops(); }

 private:
  test::test_database database_{sql::engine::postgres, test::schema::migrated};
  system_clock clock_;
  std::unique_ptr<sql::key_table> table_;
};

struct adapter {
  const char* name;
  std::unique_ptr<key_store_fixture> (*make)(runtime::blocking_pool& pool);
};

class content_keys_contract : public ::testing::TestWithParam<adapter> {
 protected:
  template <class T>
  T run(task<T> work, std::size_t loop = 0) {
    return test::run_on(fixture_->loops().loop(loop), std::move(work));
  }

  std::vector<reserved_key> reserve(std::size_t count, key_term term = key_term::hours) {
    auto keys = run(store_->reserve(count, term));
    EXPECT_TRUE(keys) << keys.error().detail;
    return keys ? std::move(*keys) : std::vector<reserved_key>{};
  }

  std::vector<std::optional<secret>> load(std::vector<key_slot> slots) {
    auto keys = run(store_->load(std::move(slots)));
    EXPECT_TRUE(keys) << keys.error().detail;
    return keys ? std::move(*keys) : std::vector<std::optional<secret>>{};
  }

  void restart() { store_ = &fixture_->open(); }

  runtime::blocking_pool pool_{2, 64};
  std::unique_ptr<key_store_fixture> fixture_ = GetParam().make(pool_);
  content_keys* store_ = &fixture_->open();
};

INSTANTIATE_TEST_SUITE_P(
    on, content_keys_contract,
    ::testing::Values(
        adapter{"key_file",
                [](runtime::blocking_pool& pool) -> std::unique_ptr<key_store_fixture> {
                  return std::make_unique<key_file_fixture>(pool);
                }},
        adapter{"key_table",
                [](runtime::blocking_pool&) -> std::unique_ptr<key_store_fixture> {
                  return std::make_unique<key_table_fixture>();
                }}),
    [](const auto& each) { return std::string{each.param.name}; });

TEST_P(content_keys_contract, keys_are_found_by_their_slots_in_their_order) {
  const auto keys = reserve(50);
  ASSERT_EQ(keys.size(), 50U);
  const auto found = load({keys[7].slot, keys[3].slot, keys[7].slot});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0], keys[7].key);
  EXPECT_EQ(found[1], keys[3].key);
  EXPECT_EQ(found[2], keys[7].key);
}

TEST_P(content_keys_contract, a_reserved_key_outlives_the_process) {
  const auto keys = reserve(1, key_term::lasting);
  restart();
  EXPECT_EQ(load({keys[0].slot})[0], keys[0].key);
}

TEST_P(content_keys_contract, a_destroyed_key_is_never_given_again) {
  const auto keys = reserve(3);
  ASSERT_TRUE(run(store_->destroy({keys[1].slot})));
  EXPECT_FALSE(load({keys[1].slot})[0]);
  ASSERT_TRUE(run(store_->destroy({keys[1].slot}))) << "twice is harmless";
  restart();
  const auto found = load({keys[0].slot, keys[1].slot, keys[2].slot});
  EXPECT_EQ(found[0], keys[0].key);
  EXPECT_FALSE(found[1]);
  EXPECT_EQ(found[2], keys[2].key);
}

TEST_P(content_keys_contract, nobody_else_is_harmed_by_slots_that_were_never_given_out) {
  const auto last = reserve(1)[0].slot;
  ASSERT_TRUE(run(store_->destroy({0, -5, last + 1, last + 5'000})));
  EXPECT_FALSE(load({last + 1})[0]);
  const auto more = reserve(content_keys::batch_limit);
  for (const auto& each : more) EXPECT_EQ(load({each.slot})[0], each.key);
}

TEST_P(content_keys_contract, many_at_once_get_keys_of_their_own) {
  std::vector<std::future<result<std::vector<reserved_key>>>> answers;
  for (int i = 0; i < 200; ++i) {
    answers.push_back(boost::asio::co_spawn(fixture_->loops().loop(static_cast<std::size_t>(i % 2)),
                                            store_->reserve(17, key_term::days),
                                            boost::asio::use_future));
  }
  std::set<key_slot> slots;
  std::size_t refused = 0;
  for (auto& each : answers) {
    const auto keys = each.get();
    // The pool is bounded: who finds it full is told so.
    if (!keys) {
      EXPECT_EQ(keys.error().kind, fault_kind::unavailable);
      ++refused;
      continue;
    }
    EXPECT_EQ(keys->size(), 17U);
    for (const auto& key : *keys) EXPECT_TRUE(slots.insert(key.slot).second);
  }
  EXPECT_EQ(slots.size(), (200 - refused) * 17);
  EXPECT_GT(slots.size(), 0U);
}

class key_table_blocks : public test::database_test {};

INSTANTIATE_TEST_SUITE_P(on, key_table_blocks, ::testing::Values(sql::engine::postgres),
                         test::engine_name);

TEST_P(key_table_blocks, that_are_old_lose_the_keys_that_nothing_is_stored_under) {
  movable_clock clock;
  const auto ended = sql::create_ended_keys(db());
  sql::key_table table{db(), clock};
  const auto keys = run(table.reserve(2, key_term::hours)).value();
  const auto insert = [&](key_slot slot) {
    return run(db().write_one(
        "INSERT INTO activities (uuid, created_at, expires_at, slot) VALUES ($1, 0, 0, $2)"_sql,
        {make_uuid_v4(), slot}));
  };
  ASSERT_TRUE(insert(keys[0].slot));
  ASSERT_TRUE(run(table.settle(*ended)));
  EXPECT_TRUE(run(table.load({keys[1].slot})).value()[0]) << "it may still be written";
  clock.advance(std::chrono::minutes{61});
  ASSERT_TRUE(run(table.settle(*ended)));
  const auto found = run(table.load({keys[0].slot, keys[1].slot})).value();
  EXPECT_EQ(found[0], keys[0].key);
  EXPECT_FALSE(found[1]);
  EXPECT_EQ(run(db().read("SELECT count(*) FROM content_keys"_sql, {}))->rows.at(0).integer(0), 1);
  // What is left in memory of that block is given to nobody.
  EXPECT_GE(run(table.reserve(1, key_term::hours)).value()[0].slot,
            keys[0].slot + static_cast<key_slot>(sql::key_table::block));
}

}  // namespace
}  // namespace cruddur
