// Counts what reads cost in the engine's own units, not in time: on SQLite the steps of its virtual
// machine, on PostgreSQL the pages touched by the dearer of the generic and the custom plan.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "support/test_database.hpp"

namespace cruddur::test {

// Passes everything on to the database under test. Each read is run a second time on a connection
// of its own, where it is measured.
class metered_database : public sql::database {
 public:
  explicit metered_database(test_database& under_test);
  ~metered_database() override;

  // The work of all reads since the last call.
  std::int64_t take_work() { return work_.exchange(0); }

  sql::engine kind() const override { return db_.kind(); }
  sql::statistics counts() const override { return db_.counts(); }
  task<sql::driver_result<sql::query_result>> read(const sql::statement& text,
                                                   sql::parameters values) override;
  task<sql::driver_result<std::vector<sql::query_result>>> write(
      std::vector<sql::command> commands) override {
    return db_.write(std::move(commands));
  }
  result<> rewrite(const std::vector<std::string>& tables) override { return db_.rewrite(tables); }
  result<> execute_script(const std::string& sql) override { return db_.execute_script(sql); }
  task<sql::driver_result<bool>> purge(std::vector<std::string> tables) override {
    return db_.purge(std::move(tables));
  }
  void end_writes() override { db_.end_writes(); }
  void close() override { db_.close(); }

  class meter {
   public:
    virtual ~meter() = default;
    virtual std::int64_t measure(const sql::statement& text, const sql::parameters& values) = 0;
  };

 private:
  sql::database& db_;
  std::unique_ptr<meter> meter_;
  std::atomic<std::int64_t> work_{0};
};

}  // namespace cruddur::test
