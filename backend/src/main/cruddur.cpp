// The command line.
#include <csignal>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include "config/settings.hpp"
#include "main/application.hpp"
#include "main/backup_command.hpp"
#include "main/command_line.hpp"
#include "main/keys_command.hpp"
#include "main/migrate_command.hpp"
#include "main/restore_command.hpp"
#include "runtime/shutdown_signals.hpp"
#include "telemetry/log.hpp"

namespace cruddur {
namespace {

log_level level_of(const config::settings& settings) {
  const std::map<std::string_view, log_level> levels{{"debug", log_level::debug},
                                                     {"info", log_level::info},
                                                     {"warning", log_level::warning},
                                                     {"error", log_level::error}};
  return levels.at(settings.log_level);
}

telemetry::log_options log_options(const config::settings& settings) {
  return {.format = settings.production ? telemetry::log_format::json : telemetry::log_format::text,
          .least = level_of(settings),
          .sink = {}};
}

void read_log_level_anew(const settings_sources& sources, telemetry::program_log& log) {
  if (sources.value_of("LOG_LEVEL")) {
    log.write(log_level::warning,
              "SIGHUP changes nothing: LOG_LEVEL is given by a flag or the environment");
    return;
  }
  const auto settings = sources.read();
  if (!settings) {
    log.write(log_level::error, "SIGHUP changes nothing: the settings can't be read",
              {{"reason", settings.error().detail}});
    return;
  }
  if (settings->env_file.empty()) {
    log.write(log_level::warning, "SIGHUP changes nothing: there is no CRUDDUR_ENV_FILE");
    return;
  }
  log.set_least(std::min(level_of(*settings), log_level::info));
  log.write(log_level::info, "log level read anew", {{"level", settings->log_level}});
  log.set_least(level_of(*settings));
}

int serve(const config::settings& settings, const settings_sources& sources) {
  runtime::shutdown_signals signals;
  telemetry::program_log log{log_options(settings)};
  signals.on_hangup([&] { read_log_level_anew(sources, log); });
  for (const std::string& sentence : settings_sources::complaints(settings)) {
    log.write(log_level::warning, sentence);
  }
  for (const std::string& sentence : config::warnings_about(settings)) {
    log.write(log_level::warning, sentence);
  }
  auto started = application::start(settings, log);
  signals.started();
  int status = 0;
  if (started) {
    log.write(log_level::info, "serving",
              {{"url", settings.backend_url},
               {"host", settings.host},
               {"port", std::int64_t{(*started)->port()}}});
    signals.wait();
    log.write(log_level::info, "stopping");
    (*started)->stop();
  } else if (!signals.asked()) {
    status = complain(started.error());
  }
  signals.release();
  return status;
}

int seed(const config::settings& settings) {
  telemetry::program_log log{log_options(settings)};
  const auto seeded = application::seed(settings, log);
  return seeded ? 0 : complain(seeded.error());
}

int run(int argc, char** argv) {
  if (const auto refused = refuse_unknown_words({argv + 1, argv + argc})) return *refused;
  CLI::App app{"Cruddur: posts that live from one hour to thirty days, and are then gone."};
  app.require_subcommand(1);
  app.set_version_flag("--version,-V", "cruddur " CRUDDUR_VERSION);
  settings_sources sources;
  const auto with_settings = [&sources](const std::function<int(const config::settings&)>& work) {
    const auto settings = sources.read();
    return settings ? work(*settings) : complain(settings.error());
  };

  auto* serving = app.add_subcommand("serve", "Serve the API, the web client and the user pool");
  sources.declare(*serving);
  auto* seeding =
      app.add_subcommand("seed", "Fill the database with a small demonstration community");
  sources.declare(*seeding);
  auto* migrating = app.add_subcommand("migrate", "Change or show the database's schema");
  sources.declare(*migrating);
  std::string direction;
  migrating->add_option("what", direction, "up, down (undoes the newest), status or plan")
      ->required()
      ->check(CLI::IsMember(migrate_words));
  std::string backup_place;
  auto* backing =
      app.add_subcommand("backup",
                         "Copy the database and the newest keys into a folder, also while "
                         "servers run (docs/backup.md)");
  sources.declare(*backing);
  backing->add_option("folder", backup_place, "where the backups of this database are")->required();
  std::string archive_name;
  auto* restoring = app.add_subcommand(
      "restore", "Fill an empty data folder or database from a backup (docs/backup.md)");
  sources.declare(*restoring);
  restoring->add_option("folder", backup_place, "as backup was given it")->required();
  restoring->add_option("archive", archive_name, "the archive's name; the newest by default");
  keys_request keys_request;
  auto* keeping = app.add_subcommand("keys", "Look after the keys under which posts are sealed");
  sources.declare(*keeping);
  keeping
      ->add_option("what", keys_request.what,
                   "status: where they are and how many. collect: after a restore, those that "
                   "nothing refers to. move: into the other store. abandon: go on without keys "
                   "that are lost")
      ->required()
      ->check(CLI::IsMember(keys_words));
  keeping->add_option("to", keys_request.target, "move: file:, database: or postgres://…");
  keeping->add_flag("--apply", keys_request.apply, "collect: destroy them, and not only count");
  keeping->add_flag("--yes", keys_request.yes, "abandon: give up what is lost, for good");
  auto* documenting = app.add_subcommand("settings", "Print docs/configuration.md");
  auto* versioning = app.add_subcommand("version", "Print the version");

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForVersion& version) {
    return app.exit(version);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "cruddur: {} (see cruddur --help)\n", error.what());
    return usage_error;
  }

  if (*serving) {
    return with_settings(
        [&](const config::settings& settings) { return serve(settings, sources); });
  }
  if (*seeding) return with_settings(seed);
  const auto with_result = [&](const std::function<result<>(const config::settings&)>& work) {
    return with_settings([&](const config::settings& settings) {
      const auto done = work(settings);
      return done ? 0 : complain(done.error());
    });
  };
  if (*migrating) {
    return with_result([&](const auto& settings) { return migrate(settings, direction); });
  }
  if (*backing) {
    return with_result([&](const auto& settings) { return back_up(settings, backup_place); });
  }
  if (*restoring) {
    return with_result(
        [&](const auto& settings) { return restore(settings, backup_place, archive_name); });
  }
  if (*keeping) {
    return with_result([&](const auto& settings) { return keep_keys(settings, keys_request); });
  }
  if (*documenting) fmt::print("{}", config::settings_as_markdown());
  if (*versioning) fmt::print("cruddur {}\n", CRUDDUR_VERSION);
  return 0;
}

}  // namespace
}  // namespace cruddur

int main(int argc, char** argv) {
  // What it writes is for its own user alone.
  ::umask(077);
  // A file that may not grow is a fault of what writes it.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return cruddur::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "cruddur: {}\n", error.what());
    return cruddur::failure;
  }
}
