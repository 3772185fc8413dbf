#include "main/command.hpp"

#include "adapters/sqlite/observer.hpp"
#include "main/storage.hpp"
#include "telemetry/log.hpp"

namespace cruddur {
namespace {

result<> finish(process& process, std::unique_ptr<sql::database> database,
                const database_work& work) {
  auto done = work(process, *database);
  end_databases(process, *database);
  return done;
}

}  // namespace

result<> run_command(config::settings settings, const std::function<result<>(process&)>& work) {
  settings.event_loops = 1;
  telemetry::program_log log{
      {.format = telemetry::log_format::text, .least = log_level::warning, .sink = {}}};
  process process{std::move(settings), log};
  auto done = work(process);
  process.loops.stop();
  return done;
}

result<> run_on_database(config::settings settings, const database_work& work) {
  return run_command(std::move(settings), [&](process& process) -> result<> {
    auto database = open_database(process);
    if (!database) return std::unexpected(std::move(database.error()));
    return finish(process, std::move(*database), work);
  });
}

result<> run_beside_others(config::settings settings, const database_work& work) {
  return run_command(std::move(settings), [&](process& process) -> result<> {
    auto database = process.settings.uses_sqlite()
                        ? sqlite::observe_database(process.settings.sqlite_file())
                        : open_database(process);
    if (!database) return std::unexpected(std::move(database.error()));
    return finish(process, std::move(*database), work);
  });
}

}  // namespace cruddur
