// The words of the command line: which there are, and the settings among them.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/fault.hpp"
#include "config/settings.hpp"

namespace cruddur {

inline constexpr int usage_error = 2;
inline constexpr int failure = 1;

inline const std::vector<std::string> migrate_words{"up", "down", "status", "plan"};
inline const std::vector<std::string> keys_words{"status", "collect", "move", "abandon"};

// Tells the operator, and gives the program's exit code.
int complain(const fault& fault);

// Flags first, then the environment, then CRUDDUR_ENV_FILE.
class settings_sources {
 public:
  void declare(CLI::App& command);

  // Reads the file anew each time.
  result<config::settings> read() const;

  // By a flag or the environment.
  std::optional<std::string> value_of(std::string_view name) const;

  // What is probably misspelt, in the environment and in the file.
  static std::vector<std::string> complaints(const config::settings& settings);

 private:
  std::map<std::string, std::string> flags_;
};

// The exit code for a command line with a word that nobody knows, after telling which was meant.
// Values are not repeated: they may be secrets.
std::optional<int> refuse_unknown_words(const std::vector<std::string_view>& words);

}  // namespace cruddur
