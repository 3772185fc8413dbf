#include "main/command_line.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "config/env_file.hpp"
#include "config/spelling.hpp"

namespace cruddur {
namespace {

constexpr std::array<std::string_view, 8> commands{"serve",   "seed", "migrate",  "backup",
                                                   "restore", "keys", "settings", "version"};

int misspelt(std::string_view sentence, std::string_view nearest) {
  fmt::print(stderr, "cruddur: {}{} (see cruddur --help)\n", sentence,
             nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest));
  return usage_error;
}

// The second words that a command knows; empty where any will do.
std::vector<std::string_view> words_of(std::string_view command) {
  if (command == "migrate") return {migrate_words.begin(), migrate_words.end()};
  if (command == "keys") return {keys_words.begin(), keys_words.end()};
  return {};
}

}  // namespace

int complain(const fault& fault) {
  fmt::print(stderr, "cruddur: {}\n", fault.detail);
  return fault.kind == fault_kind::invalid ? usage_error : failure;
}

void settings_sources::declare(CLI::App& command) {
  for (const config::declaration& each : config::declarations()) {
    const std::string name{each.name};
    std::string help = fmt::format("{} ({}; {}", each.description, each.name, each.bound);
    help += each.default_text.empty() ? ")" : fmt::format("; default {})", each.default_text);
    command.add_option(config::flag_of(name), flags_[name], help)->type_name("");
  }
}

result<config::settings> settings_sources::read() const {
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

std::optional<std::string> settings_sources::value_of(std::string_view name) const {
  const auto flag = flags_.find(std::string{name});
  if (flag != flags_.end() && !flag->second.empty()) return flag->second;
  return config::environment_value(name);
}

std::vector<std::string> settings_sources::complaints(const config::settings& settings) {
  auto names = config::environment_names();
  if (!settings.env_file.empty()) {
    if (const auto file = config::read_env_file(settings.env_file)) {
      for (const auto& [name, value] : *file) names.push_back(name);
    }
  }
  return config::complain_about(names);
}

std::optional<int> refuse_unknown_words(const std::vector<std::string_view>& words) {
  if (words.empty()) return std::nullopt;
  const std::string_view command = words.front();
  std::vector<std::string> flags{"--help", "--version"};
  for (const config::declaration& each : config::declarations()) {
    flags.push_back(config::flag_of(each.name));
  }
  if (command == "keys") flags.insert(flags.end(), {"--apply", "--yes"});
  const std::vector<std::string_view> known{flags.begin(), flags.end()};
  if (!command.starts_with('-') && std::ranges::find(commands, command) == commands.end()) {
    return misspelt(fmt::format("there is no command {}", command),
                    config::nearest(command, commands));
  }
  const auto seconds = words_of(command);
  if (!seconds.empty() && words.size() > 1 && !words[1].starts_with('-') &&
      std::ranges::find(seconds, words[1]) == seconds.end()) {
    return misspelt(fmt::format("{} knows no {}", command, words[1]),
                    config::nearest(words[1], seconds));
  }
  for (const std::string_view word : words) {
    const auto name = word.substr(0, word.find('='));
    if (!name.starts_with("--") || name.size() < 3) continue;
    if (std::ranges::find(known, name) != known.end()) continue;
    return misspelt(fmt::format("there is no flag {}", name), config::nearest(name, known));
  }
  return std::nullopt;
}

}  // namespace cruddur
