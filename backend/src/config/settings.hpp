// Every setting of the server, declared once: name, default, bound and description. The only place
// that reads the environment.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address_block.hpp"
#include "base/fault.hpp"
#include "base/write_limits.hpp"

namespace cruddur::config {

struct settings {
  bool production = false;
  std::filesystem::path env_file;

  // Network
  std::string host;
  std::uint16_t port = 0;
  std::string backend_url;   // no slash at the end
  std::string frontend_url;  // likewise
  bool allow_plain_http = false;
  std::vector<address_block> trusted_proxies;
  std::size_t event_loops = 0;
  std::size_t max_connections = 0;
  std::size_t max_connections_per_address = 0;
  bool loopback_is_counted = true;  // by max_connections_per_address
  bool hsts_include_subdomains = false;
  std::string metrics_address;  // HOST:PORT, "" for none
  std::string metrics_token;
  std::chrono::seconds shutdown_deadline{};

  // Storage
  std::filesystem::path data_dir;
  std::string database_url;
  std::string keys_url;          // "file:", "database:" or "postgres://…"
  int database_connections = 0;  // of PostgreSQL, in all; 0 = two for each event loop

  // Identity
  std::string identity_url;
  std::string identity_client_id;
  std::string user_pool_secret;
  std::chrono::minutes access_token_lifetime{};
  std::chrono::days refresh_token_lifetime{};
  std::size_t password_threads = 0;

  // Limits
  write_limits writing;  // per account

  // Mail
  std::string smtp_url;
  std::string mail_from;
  std::filesystem::path smtp_ca_file;
  std::string smtp_ehlo_name;

  // Logs, demonstration and tests
  std::string log_level;
  bool seed = false;
  bool clock_movable = false;

  bool uses_sqlite() const { return database_url.starts_with("sqlite:"); }
  // Only with SQLite.
  std::filesystem::path sqlite_file() const { return database_url.substr(sizeof "sqlite:" - 1); }
  bool keeps_keys_in_file() const { return keys_url == "file:"; }
  bool has_key_database() const { return !keeps_keys_in_file() && keys_url != "database:"; }
  bool uses_local_pool() const { return identity_url == "local:"; }
  std::filesystem::path key_file() const { return data_dir / "keys" / "content.keys"; }
  std::filesystem::path pool_secret_file() const { return data_dir / "secrets" / "user_pool.key"; }
};

// A secret's value is never printed.
enum class secrecy { open, secret };

struct declaration {
  // Of the environment variable. The flag is its kebab case: PORT, --port.
  std::string_view name;
  std::string_view default_text;  // "" where it depends; the description says on what
  std::string_view bound;         // what is allowed, for people
  std::string_view description;
  // Reads the text into the settings; gives what is wrong with it, or "".
  std::function<std::string(settings&, std::string_view)> read;
  secrecy kept = secrecy::open;
};

std::span<const declaration> declarations();

// "--port" for "PORT".
std::string flag_of(std::string_view name);

// Gives the text of a setting: its flag's or, without one, the environment's. Nothing, or a blank
// text, stands for the default.
using lookup = std::function<std::optional<std::string>(std::string_view name)>;

// Reads one value for each declaration, then checks the whole. Fault: invalid (setting_invalid),
// one sentence that names the setting.
result<settings> read_settings(const lookup& value_of);

// From the process's environment.
std::optional<std::string> environment_value(std::string_view name);

// Sentences for the log about settings that are allowed and dangerous.
std::vector<std::string> warnings_about(const settings& all);

// The text of docs/configuration.md.
std::string settings_as_markdown();

}  // namespace cruddur::config
