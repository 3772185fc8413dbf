#include "support/read_work.hpp"

#include <algorithm>
#include <cstdlib>

#include <libpq-fe.h>
#include <sqlite3.h>

namespace cruddur::test {
namespace {

class sqlite_meter : public metered_database::meter {
 public:
  explicit sqlite_meter(const std::filesystem::path& file) {
    if (sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) {
      throw std::runtime_error("the database could not be opened a second time");
    }
  }
  ~sqlite_meter() override { sqlite3_close(handle_); }

  std::int64_t measure(const sql::statement& text, const sql::parameters& values) override {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(handle_, text.sqlite().c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(handle_));
    }
    for (int i = 1; i <= sqlite3_bind_parameter_count(prepared); ++i) {
      const auto number =
          static_cast<std::size_t>(std::atoi(sqlite3_bind_parameter_name(prepared, i) + 1));
      bind(prepared, i, values.at(number - 1));
    }
    while (sqlite3_step(prepared) == SQLITE_ROW) {
    }
    const std::int64_t steps = sqlite3_stmt_status(prepared, SQLITE_STMTSTATUS_VM_STEP, 0);
    sqlite3_finalize(prepared);
    return steps;
  }

 private:
  static void bind(sqlite3_stmt* to, int at, const sql::value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(to, at, *number);
    } else if (const auto* id = std::get_if<uuid>(&value)) {
      sqlite3_bind_blob(to, at, id->bytes.data(), 16, SQLITE_TRANSIENT);  // NOLINT
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      sqlite3_bind_text(to, at, text->data(), static_cast<int>(text->size()),
                        SQLITE_TRANSIENT);  // NOLINT
    }
  }

  sqlite3* handle_ = nullptr;
};

class postgres_meter : public metered_database::meter {
 public:
  explicit postgres_meter(const std::string& url)
      : connection_{PQconnectdb(url.c_str()), &PQfinish} {
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
      throw std::runtime_error(PQerrorMessage(connection_.get()));
    }
  }

  std::int64_t measure(const sql::statement& text, const sql::parameters& values) override {
    std::string types;
    std::string literals;
    for (const sql::value& each : values) {
      const auto [type, literal] = literal_of(each);
      types += (types.empty() ? "" : ", ") + type;
      literals += (literals.empty() ? "" : ", ") + literal;
    }
    // As the first connection after the rows came: plans by what the table is like.
    run("ANALYZE activities; ANALYZE likes");
    run("DEALLOCATE ALL");
    run("PREPARE measured (" + types + ") AS " + text.postgres());
    std::int64_t most = 0;
    for (const char* plan : {"force_generic_plan", "force_custom_plan"}) {
      run(std::string{"SET plan_cache_mode = "} + plan);
      most = std::max(most,
                      pages(run("EXPLAIN (ANALYZE, BUFFERS) EXECUTE measured (" + literals + ")")));
    }
    return most;
  }

 private:
  static std::pair<std::string, std::string> literal_of(const sql::value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      return {"bigint", std::to_string(*number)};
    }
    if (const auto* id = std::get_if<uuid>(&value)) return {"uuid", "'" + to_string(*id) + "'"};
    if (const auto* text = std::get_if<std::string>(&value)) return {"text", "'" + *text + "'"};
    return {"uuid", "NULL"};
  }

  std::string run(const std::string& sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> got{PQexec(connection_.get(), sql.c_str()),
                                                            &PQclear};
    const auto status = PQresultStatus(got.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      throw std::runtime_error(PQerrorMessage(connection_.get()));
    }
    std::string lines;
    for (int i = 0; i < PQntuples(got.get()); ++i) {
      lines += std::string{PQgetvalue(got.get(), i, 0)} + "\n";
    }
    return lines;
  }

  // The first "Buffers:" line is that of the whole plan.
  static std::int64_t pages(const std::string& plan) {
    const auto begin = plan.find("Buffers: shared");
    if (begin == std::string::npos) return 0;
    const std::string line = plan.substr(begin, plan.find('\n', begin) - begin);
    std::int64_t sum = 0;
    for (const char* name : {"hit=", "read="}) {
      const auto at = line.find(name);
      if (at != std::string::npos) sum += std::atoll(line.c_str() + at + std::string{name}.size());
    }
    return sum;
  }

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

}  // namespace

metered_database::metered_database(test_database& under_test) : db_{under_test.db()} {
  if (db_.kind() == sql::engine::sqlite) {
    meter_ = std::make_unique<sqlite_meter>(under_test.file());
  } else {
    meter_ = std::make_unique<postgres_meter>(under_test.url());
  }
}

metered_database::~metered_database() = default;

task<sql::driver_result<sql::query_result>> metered_database::read(const sql::statement& text,
                                                                   sql::parameters values) {
  work_ += meter_->measure(text, values);
  co_return co_await db_.read(text, std::move(values));
}

}  // namespace cruddur::test
