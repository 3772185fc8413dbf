// The command line.
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include "config/env_file.hpp"
#include "config/settings.hpp"
#include "config/spelling.hpp"
#include "main/application.hpp"
#include "main/migrate_command.hpp"
#include "runtime/shutdown_signals.hpp"
#include "telemetry/log.hpp"

namespace cruddur {
namespace {

constexpr int usage_error = 2;
constexpr int failure = 1;

// Flags first, then the environment, then CRUDDUR_ENV_FILE.
class settings_sources {
 public:
  void declare(CLI::App& command) {
    for (const config::declaration& each : config::declarations()) {
      const std::string name{each.name};
      std::string help = fmt::format("{} ({}; {}", each.description, each.name, each.bound);
      help += each.default_text.empty() ? ")" : fmt::format("; default {})", each.default_text);
      command.add_option(config::flag_of(name), flags_[name], help)->type_name("");
    }
  }

  // Reads the file anew each time.
  result<config::settings> read() const {
    config::named_values file;
    if (const auto path = value_of("CRUDDUR_ENV_FILE")) {
      auto found = config::read_env_file(*path);
      if (!found) return std::unexpected(std::move(found.error()));
      file = std::move(*found);
    }
    return config::read_settings([&](std::string_view name) -> std::optional<std::string> {
      if (auto value = value_of(name)) return value;
      const auto found = file.find(name);
      return found == file.end() ? std::nullopt : std::optional{found->second};
    });
  }

  // By a flag or the environment.
  std::optional<std::string> value_of(std::string_view name) const {
    const auto flag = flags_.find(std::string{name});
    if (flag != flags_.end() && !flag->second.empty()) return flag->second;
    return config::environment_value(name);
  }

  // What is probably misspelt, in the environment and in the file.
  static std::vector<std::string> complaints(const config::settings& settings) {
    auto names = config::environment_names();
    if (!settings.env_file.empty()) {
      if (const auto file = config::read_env_file(settings.env_file)) {
        for (const auto& [name, value] : *file) names.push_back(name);
      }
    }
    return config::complain_about(names);
  }

 private:
  std::map<std::string, std::string> flags_;
};

int complain(const fault& fault) {
  fmt::print(stderr, "cruddur: {}\n", fault.detail);
  return fault.kind == fault_kind::invalid ? usage_error : failure;
}

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

constexpr std::array<std::string_view, 5> commands{"serve", "seed", "migrate", "settings",
                                                   "version"};
constexpr std::array<std::string_view, 4> migrations{"up", "down", "status", "plan"};

int misspelt(std::string_view sentence, std::string_view nearest) {
  fmt::print(stderr, "cruddur: {}{} (see cruddur --help)\n", sentence,
             nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest));
  return usage_error;
}

// The status of a command line with a word that nobody knows, after telling which was meant.
// Values are not repeated: they may be secrets.
std::optional<int> refuse_unknown_words(const std::vector<std::string_view>& words) {
  if (words.empty()) return std::nullopt;
  std::vector<std::string> flags{"--help", "--version"};
  for (const config::declaration& each : config::declarations()) {
    flags.push_back(config::flag_of(each.name));
  }
  const std::vector<std::string_view> known{flags.begin(), flags.end()};
  const bool is_flag = words.front().starts_with('-');
  if (!is_flag && std::ranges::find(commands, words.front()) == commands.end()) {
    return misspelt(fmt::format("there is no command {}", words.front()),
                    config::nearest(words.front(), commands));
  }
  if (words.front() == "migrate" && words.size() > 1 && !words[1].starts_with('-') &&
      std::ranges::find(migrations, words[1]) == migrations.end()) {
    return misspelt(fmt::format("migrate knows no {}", words[1]),
                    config::nearest(words[1], migrations));
  }
  for (const std::string_view word : words) {
    const auto name = word.substr(0, word.find('='));
    if (!name.starts_with("--") || name.size() < 3) continue;
    if (std::ranges::find(known, name) != known.end()) continue;
    return misspelt(fmt::format("there is no flag {}", name), config::nearest(name, known));
  }
  return std::nullopt;
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
      ->check(CLI::IsMember({"up", "down", "status", "plan"}));
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
  if (*migrating) {
    return with_settings([&](const config::settings& settings) {
      const auto done = migrate(settings, direction);
      return done ? 0 : complain(done.error());
    });
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
  try {
    return cruddur::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "cruddur: {}\n", error.what());
    return cruddur::failure;
  }
}
