#include "adapters/postgres/postgres_database.hpp"

#include <future>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "adapters/postgres/connection_group.hpp"
#include "adapters/sql/run_blocking.hpp"

namespace cruddur::postgres {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::minutes vacuum_limit{10};

// $1: tables, with commas between. What it gives is SQL.
const sql::statement select_dead{
    "select_tables_with_dead_rows",
    "SELECT string_agg(quote_ident(relname), ', ') FROM pg_stat_user_tables "
    "WHERE relname = ANY (string_to_array($1, ',')) AND pg_table_is_visible(relid) "
    "AND n_dead_tup > 0"};

// Whether the loop has stopped, so that nothing posted to it will run.
bool is_stopped(const asio::any_io_executor& loop) {
  const auto* context = loop.target<asio::io_context::executor_type>();
  return context && context->context().stopped();
}

class postgres_database final : public sql::database {
 public:
  postgres_database(options settings, std::vector<asio::any_io_executor> loops)
      : common_{std::make_shared<common_state>(
            std::move(settings.url), std::move(settings.on_error), std::move(settings.on_refusal))},
        queue_limit_{settings.queue_limit} {
    const int count = static_cast<int>(loops.size());
    const int connections = settings.connections > 0 ? settings.connections : 2 * count;
    for (auto& loop : loops) {
      groups_.push_back(std::make_shared<connection_group>(common_, std::move(loop)));
    }
    common_->join({groups_.begin(), groups_.end()}, connections);
    for (int i = 0; i < count; ++i) {
      const bool has_one_more = i < connections % count;
      groups_[static_cast<std::size_t>(i)]->start(connections / count + (has_one_more ? 1 : 0));
    }
  }

  ~postgres_database() override { close(); }

  sql::engine kind() const override { return sql::engine::postgres; }

  sql::statistics counts() const override {
    return {.reads = counted_.reads.load(),
            .writes = counted_.writes.load(),
            .statements = counted_.statements.load(),
            .rows = counted_.rows.load(),
            .commits = counted_.writes.load()};
  }

  task<sql::driver_result<sql::query_result>> read(const sql::statement& text,
                                                   sql::parameters values) override {
    ++counted_.reads;
    std::vector<sql::command> commands;
    commands.push_back({text, std::move(values)});
    sql::outcome answered = co_await submit(request_kind::read, std::move(commands));
    auto results = std::move(answered).take();
    if (!results) co_return std::unexpected(std::move(results.error()));
    co_return std::move(results->front());
  }

  task<sql::driver_result<std::vector<sql::query_result>>> write(
      std::vector<sql::command> commands) override {
    sql::outcome answered = co_await submit(request_kind::write, std::move(commands));
    auto results = std::move(answered).take();
    if (results) count(*results);
    co_return results;
  }

  result<> execute_script(const std::string& script) override {
    const auto opened = sql::run_blocking(session::connect(common_->url, std::chrono::seconds{5}));
    if (!opened) {
      common_->report("PostgreSQL is out of reach (" + opened.error() + ").");
      return std::unexpected<fault>(sql::driver_error{});
    }
    const result_handle result{PQexec((*opened)->handle(), script.c_str())};
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
      return {};
    }
    auto error = interpret(result.get());
    if (error.is_forbidden()) {
      return fail(fault_kind::unavailable, "database_forbidden",
                  "PostgreSQL does not let this role change the schema (" + error.sentence + ").");
    }
    if (error.action == error_action::report_bug || error.action == error_action::prepare_again) {
      throw std::logic_error(error.sentence);
    }
    return std::unexpected(std::move(error.error));
  }

  result<> rewrite(const std::vector<std::string>& tables) override {
    for (const std::string& each : tables) {
      check_name(each);
      if (auto done = execute_script("VACUUM FULL " + each); !done) return done;
    }
    return {};
  }

  task<sql::driver_result<bool>> purge(std::vector<std::string> tables) override {
    const auto found = co_await read(select_dead, {fmt::format("{}", fmt::join(tables, ","))});
    if (!found) co_return std::unexpected(found.error());
    if (found->rows.front().is_null(0)) co_return true;
    const std::string names = found->rows.front().text(0);
    auto opened = co_await session::connect(common_->url, std::chrono::seconds{5});
    if (!opened) co_return sql::refused(sql::driver_fault::unreachable);
    auto vacuumed = co_await (*opened)->execute("VACUUM (SKIP_LOCKED) " + names,
                                                std::chrono::steady_clock::now() + vacuum_limit);
    if (!vacuumed) {
      common_->report("PostgreSQL could not vacuum " + names + " (" + vacuumed.error() + ").");
      co_return sql::refused(sql::driver_fault::unreachable);
    }
    co_return true;
  }

  // Writes need no thread but the loops themselves, so there is nothing to end.
  void end_writes() override {}

  void close() override {
    for (auto& each : std::exchange(groups_, {})) {
      if (is_stopped(each->loop())) continue;
      auto closed = std::make_shared<std::promise<void>>();
      auto future = closed->get_future();
      each->close([closed] { closed->set_value(); });
      future.wait_for(std::chrono::seconds{10});
    }
  }

 private:
  static void check_name(const std::string& table) {
    const bool is_name = std::ranges::all_of(
        table, [](char each) { return (each >= 'a' && each <= 'z') || each == '_'; });
    if (table.empty() || !is_name) throw std::logic_error("not a table: " + table);
  }

  // Each write is a transaction of its opened, and counted as a commit, though those that are sent
  // together share one wait for the disk (pipeline.hpp).
  void count(const std::vector<sql::query_result>& results) {
    ++counted_.writes;
    counted_.statements += results.size();
    for (const auto& each : results) {
      counted_.rows += static_cast<std::uint64_t>(each.affected_rows);
    }
  }

  // The connections of the caller's loop; for a caller from elsewhere those of each loop in turn.
  // Null after close().
  connection_group* group_of(const asio::any_io_executor& caller) {
    if (groups_.empty()) return nullptr;
    for (const auto& each : groups_) {
      if (each->loop() == caller) return each.get();
    }
    return groups_[next_++ % groups_.size()].get();
  }

  void refuse(request_ptr next, sql::driver_fault reason) {
    common_->report_refusal(reason, {});
    answer(std::move(next), {nullptr, sql::refused(reason)});
  }

  task<sql::outcome> submit(request_kind kind, std::vector<sql::command> commands) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(sql::outcome)>(
        [this, kind](auto handler, std::vector<sql::command> work) {
          auto next = std::make_unique<request>();
          next->kind = kind;
          next->commands = std::move(work);
          next->executor = asio::get_associated_executor(handler);
          next->completion = std::move(handler);
          auto* group = group_of(next->executor);
          if (!group) return refuse(std::move(next), sql::driver_fault::unreachable);
          if (common_->waiting++ >= queue_limit_) {
            --common_->waiting;
            return refuse(std::move(next), sql::driver_fault::busy);
          }
          group->submit(std::move(next));
        },
        asio::use_awaitable, std::move(commands));
  }

  const std::shared_ptr<common_state> common_;
  const std::size_t queue_limit_;
  std::vector<std::shared_ptr<connection_group>> groups_;
  std::atomic<std::size_t> next_{0};
  struct {
    std::atomic<std::uint64_t> reads{0};
    std::atomic<std::uint64_t> writes{0};
    std::atomic<std::uint64_t> statements{0};
    std::atomic<std::uint64_t> rows{0};
  } counted_;
};

}  // namespace

std::unique_ptr<sql::database> open_database(options settings,
                                             std::vector<asio::any_io_executor> loops) {
  return std::make_unique<postgres_database>(std::move(settings), std::move(loops));
}

}  // namespace cruddur::postgres
