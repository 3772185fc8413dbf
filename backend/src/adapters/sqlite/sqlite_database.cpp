#include "adapters/sqlite/sqlite_database.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <future>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "adapters/sqlite/lock_file.hpp"
#include "adapters/sqlite/readers.hpp"
#include "adapters/sqlite/writer.hpp"

namespace cruddur::sqlite {
namespace {

namespace asio = boost::asio;

class sqlite_database final : public sql::database {
 public:
  sqlite_database(lock_file lock, const options& settings)
      : lock_{std::move(lock)},
        on_refusal_{settings.on_refusal},
        writer_{settings},
        readers_{settings.path, settings.on_error} {}

  ~sqlite_database() override { close(); }

  sql::engine kind() const override { return sql::engine::sqlite; }

  task<sql::driver_result<sql::query_result>> read(const sql::statement& text,
                                                   sql::parameters values) override {
    reads_.fetch_add(1, std::memory_order_relaxed);
    auto found = readers_.run(text, values);
    if (!found) report_refusal(found.error());
    co_return found;
  }

  task<sql::driver_result<std::vector<sql::query_result>>> write(
      std::vector<sql::command> commands) override {
    std::vector<std::size_t> overwriting;
    for (std::size_t i = 0; i < commands.size(); ++i) {
      if (commands[i].text->leaves_traces()) overwriting.push_back(i);
    }
    outcome answer = co_await submit(std::move(commands));
    auto results = std::move(answer).take();
    if (!results) report_refusal(results.error());
    const bool has_traces = std::ranges::any_of(overwriting, [&](std::size_t each) {
      return !results || (*results)[each].affected_rows > 0;
    });
    if (has_traces) log_has_traces_ = true;
    co_return results;
  }

  result<> execute_script(const std::string& script) override {
    return run_alone([this, &script](connection& opened) {
      log_has_traces_ = true;
      return run_script(opened, script);
    });
  }

  result<> rewrite(const std::vector<std::string>&) override {
    return run_alone([](connection& opened) {
      auto ran = opened.run_script("VACUUM");
      if (ran) opened.empty_log();
      return ran;
    });
  }

  task<sql::driver_result<bool>> purge(std::vector<std::string>) override {
    if (!log_has_traces_.exchange(false)) co_return true;
    auto emptied = co_await submit_purge();
    if (!emptied || !*emptied) log_has_traces_ = true;
    co_return emptied;
  }

  void end_writes() override { writer_.finish(); }

  void close() override {
    readers_.close();
    writer_.close();
  }

  sql::statistics counts() const override {
    auto counted = writer_.counts();
    counted.reads = reads_.load(std::memory_order_relaxed);
    return counted;
  }

 private:
  // On the writer's thread, while nothing else writes.
  result<> run_alone(const std::function<sql::driver_result<>(connection&)>& work) {
    std::promise<result<>> promise;
    auto future = promise.get_future();
    const bool queued = writer_.submit(exclusive_job{[&](connection* opened) {
      try {
        promise.set_value(opened ? result<>{work(*opened)}
                                 : std::unexpected<fault>(sql::driver_error{}));
      } catch (const engine_error&) {
        throw;
      } catch (...) {
        promise.set_exception(std::current_exception());
      }
    }});
    if (!queued) return std::unexpected<fault>(sql::driver_error{});
    return future.get();
  }

  void report_refusal(const sql::driver_error& error) const {
    if (on_refusal_ && is_refusal(error.kind)) on_refusal_(error.kind, {});
  }

  static sql::driver_result<> run_script(connection& opened, const std::string& script) {
    const auto undo = [&] {
      if (!opened.in_transaction()) return;
      // A transaction left open would be committed together with the next batch.
      if (!opened.run_script("ROLLBACK")) throw engine_error(0, "a rollback was refused");
    };
    try {
      auto ran = opened.run_script("BEGIN IMMEDIATE; " + script + "\n; COMMIT");
      if (!ran) undo();
      return ran;
    } catch (const std::logic_error&) {
      undo();
      throw;
    }
  }

  task<outcome> submit(std::vector<sql::command> commands) {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(outcome)>(
        [this](auto handler, std::vector<sql::command> work) {
          unit next{std::move(work), asio::get_associated_executor(handler), std::move(handler)};
          if (writer_.submit(next)) return;
          auto target = next.executor;
          asio::post(target, [completion = std::move(next.completion)]() mutable {
            completion({nullptr, sql::refused(sql::driver_fault::busy)});
          });
        },
        asio::use_awaitable, std::move(commands));
  }

  task<sql::driver_result<bool>> submit_purge() {
    return asio::async_initiate<const asio::use_awaitable_t<>&, void(sql::driver_result<bool>)>(
        [this](auto handler) {
          asio::any_io_executor target = asio::get_associated_executor(handler);
          auto shared = std::make_shared<decltype(handler)>(std::move(handler));
          const auto answer = [target, shared](sql::driver_result<bool> emptied) {
            asio::post(target, [shared, emptied = std::move(emptied)]() mutable {
              (*shared)(std::move(emptied));
            });
          };
          const bool queued = writer_.submit(exclusive_job{[answer](connection* opened) {
            answer(opened ? sql::driver_result<bool>{opened->empty_log()}
                          : sql::refused(sql::driver_fault::unreachable));
          }});
          if (!queued) answer(sql::refused(sql::driver_fault::unreachable));
        },
        asio::use_awaitable);
  }

  // Declared first, so that it is released when everything else is closed.
  lock_file lock_;
  const sql::refusal_hook on_refusal_;
  writer writer_;
  readers readers_;
  std::atomic<std::uint64_t> reads_{0};
  // Something was deleted or overwritten since the log was emptied; an earlier process may have
  // left such a log.
  std::atomic<bool> log_has_traces_{true};
};

}  // namespace

result<std::unique_ptr<sql::database>> open_database(options settings) {
  auto lock = lock_file::take(settings.path);
  if (!lock) return std::unexpected(std::move(lock.error()));
  try {
    return std::make_unique<sqlite_database>(std::move(*lock), settings);
  } catch (const engine_error& error) {
    return fail(fault_kind::unavailable, "database_unavailable", error.what());
  }
}

}  // namespace cruddur::sqlite
