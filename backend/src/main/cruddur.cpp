// The command line.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include "config/settings.hpp"
#include "main/application.hpp"
#include "main/migrate_command.hpp"
#include "runtime/shutdown_signals.hpp"
#include "telemetry/log.hpp"

namespace cruddur {
namespace {

constexpr int usage_error = 2;
constexpr int failure = 1;

// Flags first, then the environment.
class given_settings {
 public:
  void declare(CLI::App& command) {
    for (const config::declaration& each : config::declarations()) {
      const std::string name{each.name};
      std::string help = fmt::format("{} ({}; {}", each.description, each.name, each.bound);
      help += each.default_text.empty() ? ")" : fmt::format("; default {})", each.default_text);
      command.add_option(config::flag_of(name), flags_[name], help)->type_name("");
    }
  }

  result<config::settings> read() const {
    return config::read_settings([this](std::string_view name) -> std::optional<std::string> {
      const auto flag = flags_.find(std::string{name});
      if (flag != flags_.end() && !flag->second.empty()) return flag->second;
      return config::environment_value(name);
    });
  }

 private:
  std::map<std::string, std::string> flags_;
};

int complain(const fault& what) {
  fmt::print(stderr, "cruddur: {}\n", what.detail);
  return what.kind == fault_kind::invalid ? usage_error : failure;
}

telemetry::log_options log_options(const config::settings& from) {
  const std::map<std::string_view, log_level> levels{{"debug", log_level::debug},
                                                     {"info", log_level::info},
                                                     {"warning", log_level::warning},
                                                     {"error", log_level::error}};
  return {.format = from.production ? telemetry::log_format::json : telemetry::log_format::text,
          .least = levels.at(from.log_level),
          .sink = {}};
}

int serve(const config::settings& from) {
  runtime::shutdown_signals signals;
  telemetry::program_log log{log_options(from)};
  auto started = application::start(from, log);
  if (!started) return complain(started.error());
  log.write(
      log_level::info, "serving",
      {{"url", from.backend_url}, {"host", from.host}, {"port", std::int64_t{(*started)->port()}}});
  signals.wait();
  log.write(log_level::info, "stopping");
  (*started)->stop();
  return 0;
}

int seed(const config::settings& from) {
  telemetry::program_log log{log_options(from)};
  const auto seeded = application::seed(from, log);
  return seeded ? 0 : complain(seeded.error());
}

int run(int argc, char** argv) {
  CLI::App app{"Cruddur: posts that live from one hour to thirty days, and are then gone."};
  app.require_subcommand(1);
  given_settings given;
  const auto with_settings = [&given](const std::function<int(const config::settings&)>& work) {
    const auto settings = given.read();
    return settings ? work(*settings) : complain(settings.error());
  };

  auto* serving = app.add_subcommand("serve", "Serve the API, the web client and the user pool");
  given.declare(*serving);
  auto* seeding =
      app.add_subcommand("seed", "Fill the database with a small demonstration community");
  given.declare(*seeding);
  auto* migrating = app.add_subcommand("migrate", "Change or show the database's schema");
  given.declare(*migrating);
  std::string direction;
  migrating->add_option("what", direction, "up, down (undoes the newest), status or plan")
      ->required()
      ->check(CLI::IsMember({"up", "down", "status", "plan"}));
  auto* documenting = app.add_subcommand("settings", "Print docs/configuration.md");
  auto* version = app.add_subcommand("version", "Print the version");

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "cruddur: {} (see cruddur --help)\n", error.what());
    return usage_error;
  }

  if (*serving) return with_settings(serve);
  if (*seeding) return with_settings(seed);
  if (*migrating) {
    return with_settings([&](const config::settings& from) {
      const auto done = migrate(from, direction);
      return done ? 0 : complain(done.error());
    });
  }
  if (*documenting) fmt::print("{}", config::settings_as_markdown());
  if (*version) fmt::print("cruddur {}\n", CRUDDUR_VERSION);
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
