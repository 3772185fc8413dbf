#include <utility>

#include <boost/asio/ip/address.hpp>

#include "base/ascii.hpp"
#include "base/encoding.hpp"
#include "config/readers.hpp"
#include "config/settings.hpp"
#include "config/url.hpp"
#include "config/write_limits.hpp"

namespace cruddur::config {
namespace {

std::string read_environment(settings& target, std::string_view value) {
  const std::string word = ascii::lower_case(value);
  if (word != "development" && word != "production") return "must be development or production";
  target.production = word == "production";
  return {};
}

std::string read_host(settings& target, std::string_view value) {
  boost::system::error_code error;
  std::string address{value};
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  if (!address.empty()) address = boost::asio::ip::make_address(address, error).to_string();
  if (error) return "must be an IP address";
  target.host = address;
  return {};
}

std::string read_connections_per_address(settings& target, std::string_view value) {
  static const reader read_number = bounded(&settings::max_connections_per_address, 1, 1'000'000);
  return value.empty() ? std::string{} : read_number(target, value);
}

std::string read_metrics_address(settings& target, std::string_view value) {
  target.metrics_address = value;
  if (value.empty()) return {};
  const auto colon = value.rfind(':');
  const auto port = parse_number(value.substr(std::min(value.size(), colon + 1)));
  std::string host{value.substr(0, colon)};
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  if (error || colon == std::string_view::npos || !port || *port < 0 || *port > 65535) {
    return "must be an IP address and a port, such as 127.0.0.1:9100";
  }
  return {};
}

std::string read_metrics_token(settings& target, std::string_view value) {
  const bool is_visible = std::ranges::all_of(value, [](char c) { return c > ' ' && c <= '~'; });
  if (!value.empty() && (value.size() < 16 || value.size() > 512 || !is_visible)) {
    return "must be 16 to 512 visible characters";
  }
  target.metrics_token = value;
  return {};
}

std::string read_trusted_proxies(settings& target, std::string_view value) {
  target.trusted_proxies.clear();
  for (const std::string& each : parse_list(value)) {
    const auto block = address_block::parse(each);
    if (!block) return "must be IP addresses or CIDR blocks, with commas between";
    target.trusted_proxies.push_back(*block);
  }
  return {};
}

std::string read_user_pool_secret(settings& target, std::string_view value) {
  constexpr std::size_t secret_bytes = 32;
  const auto raw = from_base64(value);
  if (!value.empty() && (!raw || raw->size() != secret_bytes)) return "must be base64 of 32 bytes";
  target.user_pool_secret = value;
  return {};
}

std::string read_log_level(settings& target, std::string_view value) {
  static const reader named = one_of(&settings::log_level, {"debug", "info", "warning", "error"});
  return named(target, ascii::lower_case(value) == "warn" ? "warning" : value);
}

reader path(std::filesystem::path settings::* member) {
  return [member](settings& target, std::string_view value) -> std::string {
    target.*member = value;
    return {};
  };
}

std::string read_data_dir(settings& target, std::string_view value) {
  if (value.empty()) return "must name a folder";
  target.data_dir = value;
  return {};
}

const std::vector<declaration>& table() {
  static const std::vector<declaration> all{
      {"CRUDDUR_ENV", "development", "development, production",
       "Development shows mail at /dev/outbox and fills an empty database with a small community. "
       "Production does neither and "
       "refuses settings that are only safe in development.",
       read_environment},
      {"HOST", "", "an IP address",
       "The address to listen on: 127.0.0.1 by default in development, 0.0.0.0 in production.",
       read_host},
      {"PORT", "4567", "0 to 65535", "The port to listen on; 0 takes a free one.",
       bounded(&settings::port, 0, 65535)},
      {"BACKEND_URL", "", "an origin",
       "Where browsers reach this server: http://localhost:PORT by default in development, needed "
       "in production.",
       parsed(&settings::backend_url, parse_origin)},
      {"FRONTEND_URL", "", "an origin",
       "Where the web client is served, when that is elsewhere; its calls are allowed by CORS.",
       parsed(&settings::frontend_url, parse_origin)},
      {"TRUSTED_PROXIES", "", "addresses or CIDR blocks, with commas between",
       "Proxies whose X-Forwarded-For header is trusted.", read_trusted_proxies},
      {"EVENT_LOOPS", "0", "0 to 256", "Threads that serve requests; 0 is one per core.",
       bounded(&settings::event_loops, 0, 256)},
      {"MAX_CONNECTIONS", "10000", "16 to 1000000", "Connections open at once.",
       bounded(&settings::max_connections, 16, 1'000'000)},
      {"MAX_CONNECTIONS_PER_ADDRESS", "", "1 to 1000000",
       "Connections open at once from one IPv4 address or one IPv6 /64: a twentieth of "
       "MAX_CONNECTIONS by default, at least 16. Trusted proxies are not counted, nor is this "
       "machine in development unless the setting is given.",
       read_connections_per_address},
      {"HSTS_INCLUDE_SUBDOMAINS", "false", "true, false",
       "Whether browsers are told to use TLS for all subdomains of BACKEND_URL too.",
       flag(&settings::hsts_include_subdomains)},
      {"METRICS_ADDRESS", "", "HOST:PORT",
       "Serves /metrics there, to whoever reaches it, such as 127.0.0.1:9100. Production has "
       "/metrics only there or behind METRICS_TOKEN; development shows it to this machine too.",
       read_metrics_address},
      {"METRICS_TOKEN", "", "16 to 512 characters",
       "Whoever sends `Authorization: Bearer METRICS_TOKEN` may read /metrics.", read_metrics_token,
       secrecy::secret},
      {"SHUTDOWN_DEADLINE", "10", "0 to 300 seconds",
       "How long requests under way may take to finish when the server is told to stop.",
       bounded(&settings::shutdown_deadline, 0, 300)},
      {"ALLOW_PLAIN_HTTP", "false", "true, false",
       "In production, lets BACKEND_URL, FRONTEND_URL and IDENTITY_URL be http: on another host "
       "than this one, where tokens and keys can be read and changed on their way.",
       flag(&settings::allow_plain_http)},
      {"CRUDDUR_ENV_FILE", "", "a file",
       "Settings as lines of NAME=VALUE, for what neither a flag nor the environment gives. At "
       "SIGHUP it is read anew for LOG_LEVEL.",
       path(&settings::env_file)},
      {"CRUDDUR_DATA_DIR", "data", "a folder",
       "Holds all that this server keeps. Don't copy it: `cruddur backup` does, without keeping "
       "what "
       "has ended.",
       read_data_dir},
      {"DATABASE_URL", "", "sqlite:PATH or postgres://…",
       "The database: sqlite:CRUDDUR_DATA_DIR/cruddur.db by default.",
       parsed(&settings::database_url, parse_database_url), secrecy::secret},
      {"KEYS_URL", "", "file:, database: or postgres://…",
       "Where the keys are kept under which posts are sealed: in CRUDDUR_DATA_DIR/keys, for one "
       "server; in the PostgreSQL database, for several that share it; or in a PostgreSQL database "
       "of their own, of which only the newest backup need be kept. By default file: with SQLite "
       "and database: with PostgreSQL.",
       parsed(&settings::keys_url, parse_keys_url), secrecy::secret},
      {"DATABASE_CONNECTIONS", "0", "0 to 1024",
       "PostgreSQL connections in all, which all event loops share; 0 is two for each event loop. "
       "A KEYS_URL of postgres:// has as many. One "
       "more is for notifications, and one at times for a vacuum.",
       bounded(&settings::database_connections, 0, 1024)},
      {"IDENTITY_URL", "local:", "local: or an issuer's address",
       "Who signs people in: the user pool inside this server, or a Cognito user pool "
       "(https://cognito-idp.REGION.amazonaws.com/POOL_ID).",
       parsed(&settings::identity_url, parse_identity_url)},
      {"IDENTITY_CLIENT_ID", "cruddur-web", "a client id",
       "The app client that tokens must have been made for.",
       identifier(&settings::identity_client_id)},
      {"USER_POOL_SECRET", "", "base64 of 32 bytes",
       "The key that seals passwords' verifiers and signing keys. By default it is made at the "
       "first start and kept in "
       "CRUDDUR_DATA_DIR/secrets; several servers on one database must be given the same.",
       read_user_pool_secret, secrecy::secret},
      {"ACCESS_TOKEN_LIFETIME", "60", "5 to 1440 minutes", "How long an access token is good.",
       bounded(&settings::access_token_lifetime, 5, 1440)},
      {"REFRESH_TOKEN_LIFETIME", "30", "1 to 3650 days",
       "How long a sign-in lasts, however much it is used.",
       bounded(&settings::refresh_token_lifetime, 1, 3650)},
      {"PASSWORD_THREADS", "1", "1 to 64",
       "Threads that check passwords; kept few so that a flood of sign-ins leaves room for "
       "readers.",
       bounded(&settings::password_threads, 1, 64)},
      {"WRITE_LIMITS", "posts:30/min,500/day;replies:60/min;likes:120/min;deletions:60/min",
       "off, or numbers per min, hour or day; each kind may be off",
       "How much one account may write, on each server; a kind that isn't named keeps its default.",
       read_write_limits},
      {"SMTP_URL", "", "smtp://USER:PASSWORD@HOST:PORT or smtps://…",
       "The mail server. Without one, development keeps mail in /dev/outbox; production with the "
       "local user pool needs one. It is spoken to with TLS when it offers that, and only then "
       "when "
       "there is a password.",
       parsed(&settings::smtp_url, parse_smtp_url), secrecy::secret},
      {"MAIL_FROM", "Cruddur <no-reply@localhost>", "an address", "The sender of mail.",
       parsed(&settings::mail_from, parse_sender)},
      {"SMTP_CA_FILE", "", "a PEM file",
       "The certificate authorities that the mail server's certificate may come from, instead of "
       "the system's. Read anew for each mail.",
       path(&settings::smtp_ca_file)},
      {"SMTP_EHLO_NAME", "", "a host's name",
       "The name by which this server greets the mail server: BACKEND_URL's host by default.",
       parsed(&settings::smtp_ehlo_name, parse_host_name)},
      {"LOG_LEVEL", "info", "debug, info, warning, error",
       "The least level that is logged. In CRUDDUR_ENV_FILE it can be changed while the server "
       "runs.",
       read_log_level},
      {"SEED", "true", "true, false",
       "In development, fill an empty database with a small community at the first start.",
       flag(&settings::seed)},
      {"CLOCK_MOVABLE", "false", "true, false",
       "In development, POST /dev/clock may move the server's clock forward, to see posts expire "
       "without waiting.",
       flag(&settings::clock_movable)},
  };
  return all;
}

}  // namespace

std::span<const declaration> declarations() {
  return table();
}

}  // namespace cruddur::config
