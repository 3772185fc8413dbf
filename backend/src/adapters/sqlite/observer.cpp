#include "adapters/sqlite/observer.hpp"

#include "adapters/sqlite/readers.hpp"

namespace cruddur::sqlite {
namespace {

class observer final : public sql::database {
 public:
  explicit observer(const std::filesystem::path& path) : readers_{path, {}} {}
  ~observer() override { close(); }

  sql::engine kind() const override { return sql::engine::sqlite; }
  sql::statistics counts() const override { return {}; }

  task<sql::driver_result<sql::query_result>> read(const sql::statement& text,
                                                   sql::parameters values) override {
    co_return readers_.run(text, values);
  }
  task<sql::driver_result<std::vector<sql::query_result>>> write(
      std::vector<sql::command>) override {
    co_return sql::refused(sql::driver_fault::read_only);
  }
  result<> rewrite(const std::vector<std::string>&) override {
    return std::unexpected<fault>(sql::driver_error{sql::driver_fault::read_only});
  }
  result<> execute_script(const std::string&) override {
    return std::unexpected<fault>(sql::driver_error{sql::driver_fault::read_only});
  }
  task<sql::driver_result<bool>> purge(std::vector<std::string>) override {
    co_return sql::refused(sql::driver_fault::read_only);
  }

  void end_writes() override {}
  void close() override { readers_.close(); }

 private:
  readers readers_;
};

}  // namespace

result<std::unique_ptr<sql::database>> observe_database(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return fail(fault_kind::unavailable, "database_unavailable",
                "there is no database " + path.string());
  }
  return std::make_unique<observer>(path);
}

}  // namespace cruddur::sqlite
