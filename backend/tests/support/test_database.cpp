#include "support/test_database.hpp"

#include <mutex>

#include "adapters/postgres/postgres_database.hpp"
#include "adapters/sql/clear_texts.hpp"
#include "adapters/sql/migrations.hpp"
#include "adapters/sqlite/sqlite_database.hpp"
#include "support/postgres_cluster.hpp"

namespace cruddur::test {

struct test_database::error_list {
  mutable std::mutex mutex;
  std::vector<std::string> sentences;

  void add(const std::string& sentence) {
    const std::lock_guard lock{mutex};
    sentences.push_back(sentence);
  }
};

namespace {

// The name of the database that has every migration; made at the first call.
const std::string& migrated_database() {
  static const std::string name = [] {
    const test_database made{postgres_cluster::instance(), schema::migrated};
    return postgres_cluster::name_in(made.url());
  }();
  return name;
}

std::string url_for(sql::engine kind, schema with) {
  if (kind == sql::engine::sqlite) return {};
  auto& cluster = postgres_cluster::instance();
  return with == schema::none ? cluster.create_database()
                              : cluster.create_database(migrated_database());
}

}  // namespace

// On PostgreSQL the migrations come with the copy, and there are none to apply.
test_database::test_database(sql::engine kind, schema with)
    : test_database{kind, url_for(kind, with), with} {}

test_database::test_database(postgres_cluster& cluster, schema with)
    : test_database{sql::engine::postgres, cluster.create_database(), with} {}

test_database::test_database(sql::engine kind, std::string url, schema with)
    : kind_{kind}, url_{std::move(url)}, errors_{std::make_shared<error_list>()} {
  const auto keys = key_folder_.path() / "content.keys";
  if (!key_file::key_file::create(keys)) throw std::runtime_error("no key file can be made");
  key_file_ = std::move(*key_file::key_file::open(keys));
  keys_ = key_file::create_content_keys(*key_file_, key_pool_);
  vault_ = std::make_unique<sql::content_vault>(*keys_);
  db_ = open();
  if (with == schema::none) return;
  const auto applied = migrate();
  if (!applied) throw std::runtime_error(applied.error().detail);
}

test_database::~test_database() {
  db_->close();
  key_pool_.close();
  loops_.stop();
}

result<std::vector<std::string>> test_database::migrate() {
  return sql::migrate_up(*db_, [this](const sql::migration& next) -> result<> {
    const auto done = [](std::size_t) {};
    if (next.number == sql::clear_texts_end) {
      return run_on(loops_.loop(0), sql::seal_clear_texts(*db_, *vault_, done));
    }
    if (next.number == sql::clear_names_end && has_people()) {
      return run_on(loops_.loop(0), sql::seal_clear_names(*db_, *vault_, index(), done));
    }
    return {};
  });
}

// The key of the index would be that of all databases that are copied from this one.
bool test_database::has_people() {
  static const sql::statement any{
      "any_people", "SELECT 1 FROM users UNION ALL SELECT 1 FROM pool_accounts LIMIT 1"};
  return !run_on(loops_.loop(0), db_->read(any, {}))->rows.empty();
}

sql::blind_index& test_database::index() {
  if (!index_) {
    index_ = std::make_unique<sql::blind_index>(*db_, *vault_);
    const auto opened = run_on(loops_.loop(0), index_->open(system_clock{}.now()));
    if (!opened) throw std::runtime_error(opened.error().detail);
  }
  return *index_;
}

std::unique_ptr<sql::database> test_database::open() {
  const auto on_error = [list = errors_](const std::string& sentence) { list->add(sentence); };
  if (kind_ == sql::engine::postgres) {
    postgres::options settings;
    settings.url = url_;
    settings.on_error = on_error;
    return postgres::open_database(std::move(settings), loops_.executors());
  }
  sqlite::options settings;
  settings.path = file();
  settings.on_error = on_error;
  auto opened = sqlite::open_database(std::move(settings));
  if (!opened) throw std::runtime_error(opened.error().detail);
  return std::move(*opened);
}

std::unique_ptr<sql::database> test_database::second_process() {
  return open();
}

void test_database::reopen() {
  index_.reset();
  db_->close();
  db_.reset();
  db_ = open();
}

std::vector<std::string> test_database::errors() const {
  const std::lock_guard lock{errors_->mutex};
  return errors_->sentences;
}

}  // namespace cruddur::test
