#include "config/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <thread>

#include <fmt/format.h>

#include "base/ascii.hpp"
#include "config/url.hpp"

namespace cruddur::config {
namespace {

std::unexpected<fault> wrong(std::string sentence) {
  return fail(fault_kind::invalid, "setting_invalid", std::move(sentence));
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, is_control);
}

// On one line, and not longer than a person reads.
std::string printable(std::string_view text) {
  constexpr std::size_t longest = 200;
  std::string out{text.substr(0, longest)};
  std::ranges::replace_if(out, is_control, '?');
  return out;
}

// Defaults that depend on other settings.
void complete(settings& target) {
  if (target.host.empty()) target.host = target.production ? "0.0.0.0" : "127.0.0.1";
  if (target.backend_url.empty() && !target.production) {
    target.backend_url = fmt::format("http://localhost:{}", target.port);
  }
  if (target.event_loops == 0) {
    target.event_loops = std::max<std::size_t>(1, std::thread::hardware_concurrency());
  }
  if (target.max_connections_per_address == 0) {
    target.max_connections_per_address = std::max<std::size_t>(16, target.max_connections / 20);
    target.loopback_is_counted = target.production;
  }
  if (target.smtp_ehlo_name.empty()) target.smtp_ehlo_name = host_of(target.backend_url);
  if (target.database_url.empty())
    target.database_url = "sqlite:" + (target.data_dir / "cruddur.db").string();
  if (target.keys_url.empty()) target.keys_url = target.uses_sqlite() ? "file:" : "database:";
}

// Faults of settings that are good each by itself.
result<> check(const settings& all) {
  if (all.uses_sqlite() && !all.keeps_keys_in_file()) {
    return wrong("KEYS_URL must be file: with SQLite: a database: for keys is a PostgreSQL one.");
  }
  if (all.keys_url == all.database_url) {
    return wrong(
        "KEYS_URL must be database: and not the address of DATABASE_URL to keep keys and posts in "
        "one database.");
  }
  if (!all.production) return {};
  if (all.backend_url.empty()) {
    return wrong(
        "BACKEND_URL is needed in production: the origin at which browsers reach this server.");
  }
  const std::pair<std::string_view, const std::string&> travelled[] = {
      {"BACKEND_URL", all.backend_url},
      {"FRONTEND_URL", all.frontend_url},
      {"IDENTITY_URL", all.identity_url}};
  for (const auto& [name, url] : travelled) {
    if (all.allow_plain_http || !is_plain_to_elsewhere(url)) continue;
    return wrong(
        fmt::format("{} must be https: in production, not \"{}\": tokens and keys travel there. "
                    "ALLOW_PLAIN_HTTP=true lets it pass.",
                    name, url));
  }
  if (all.clock_movable) return wrong("CLOCK_MOVABLE is for development only.");
  if (all.uses_local_pool() && all.smtp_url.empty()) {
    return wrong(
        "SMTP_URL is needed in production with the local user pool: without mail nobody can "
        "confirm an account.");
  }
  return {};
}

}  // namespace

std::string flag_of(std::string_view name) {
  std::string out = "--";
  for (const char c : name) {
    out += c == '_' ? '-' : ascii::to_lower(c);
  }
  return out;
}

result<settings> read_settings(const lookup& value_of) {
  settings out;
  for (const declaration& each : declarations()) {
    const auto text = value_of(each.name);
    std::string value{trimmed(text.value_or(std::string{}))};
    if (value.empty()) value = each.default_text;
    const std::string problem =
        has_control(value) ? "must not hold control characters" : each.read(out, value);
    if (problem.empty()) continue;
    if (each.kept == secrecy::secret) return wrong(fmt::format("{} {}.", each.name, problem));
    return wrong(fmt::format("{} {}, not \"{}\".", each.name, problem, printable(value)));
  }
  complete(out);
  if (auto checked = check(out); !checked) return std::unexpected(std::move(checked.error()));
  return out;
}

std::vector<std::string> warnings_about(const settings& all) {
  std::vector<std::string> out;
  if (!all.production) return out;
  if (is_plain_to_elsewhere(all.smtp_url)) {
    out.emplace_back(
        "SMTP_URL is smtp: to another host; codes travel in the clear when that host offers no "
        "STARTTLS. smtps: always encrypts.");
  }
  if (all.allow_plain_http) {
    out.emplace_back("ALLOW_PLAIN_HTTP is on; tokens and keys may travel where others read them.");
  }
  return out;
}

std::optional<std::string> environment_value(std::string_view name) {
  const char* value = std::getenv(std::string{name}.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::string settings_as_markdown() {
  std::string out =
      "# Configuration\n\n"
      "Made from the settings that the server declares (`cruddur settings`); a test keeps it so. "
      "Each is an environment "
      "variable and, in lower case with dashes, a flag of `cruddur serve`; the flag wins. Blanks "
      "around a value don't matter; lengths of time may have a unit (s, m, h, d).\n\n"
      "| setting | default | allowed | meaning |\n| --- | --- | --- | --- |\n";
  for (const declaration& each : declarations()) {
    fmt::format_to(std::back_inserter(out), "| `{}` | {} | {} | {} |\n", each.name,
                   each.default_text.empty() ? "" : fmt::format("`{}`", each.default_text),
                   each.bound, each.description);
  }
  return out;
}

}  // namespace cruddur::config
