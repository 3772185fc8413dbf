#include "config/env_file.hpp"

#include <fstream>

#include <fmt/format.h>

#include "config/values.hpp"

namespace cruddur::config {
namespace {

constexpr std::size_t largest_file = 1024UL * 1024;

std::unexpected<fault> wrong(std::string sentence) {
  return fail(fault_kind::invalid, "setting_invalid", std::move(sentence));
}

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_of(" \t\"'") == std::string_view::npos;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == text.back() &&
                      (text.front() == '"' || text.front() == '\'');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

result<named_values> read_env_file(const std::filesystem::path& file) {
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(file, error);
  std::ifstream input{file};
  if (error || !is_file || !input) {
    return wrong(fmt::format("CRUDDUR_ENV_FILE can't be read: {}.", file.string()));
  }
  if (std::filesystem::file_size(file, error) > largest_file || error) {
    return wrong("CRUDDUR_ENV_FILE must not be larger than a megabyte.");
  }
  named_values out;
  std::string raw;
  for (int number = 1; std::getline(input, raw); ++number) {
    auto line = trimmed(raw);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("export ")) line = trimmed(line.substr(7));
    const auto equals = line.find('=');
    const auto name = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(name)) {
      return wrong(fmt::format(
          "CRUDDUR_ENV_FILE must hold NAME=VALUE on each line, but line {} of {} does not.", number,
          file.string()));
    }
    out.insert_or_assign(std::string{name},
                         std::string{unquoted(trimmed(line.substr(equals + 1)))});
  }
  return out;
}

}  // namespace cruddur::config
