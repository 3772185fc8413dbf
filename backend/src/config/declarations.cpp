#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "config/settings.hpp"

namespace cruddur::config {
namespace {

using reader = std::function<std::string(settings&, std::string_view)>;

reader text(std::string settings::* into) {
  return [into](settings& to, std::string_view value) {
    to.*into = value;
    return std::string{};
  };
}

std::optional<std::int64_t> number(std::string_view value) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out);
  if (error != std::errc{} || end != value.data() + value.size()) return std::nullopt;
  return out;
}

template <class T>
reader bounded(T settings::* into, std::int64_t least, std::int64_t most) {
  return [=](settings& to, std::string_view value) -> std::string {
    const auto given = number(value);
    if (!given || *given < least || *given > most) {
      return fmt::format("must be a number from {} to {}", least, most);
    }
    to.*into = T(*given);
    return {};
  };
}

reader flag(bool settings::* into) {
  return [into](settings& to, std::string_view value) -> std::string {
    if (value != "true" && value != "false") return "must be true or false";
    to.*into = value == "true";
    return {};
  };
}

reader one_of(std::string settings::* into, std::vector<std::string> allowed) {
  return [=](settings& to, std::string_view value) -> std::string {
    if (std::ranges::find(allowed, value) == allowed.end()) {
      return fmt::format("must be one of {}", fmt::join(allowed, ", "));
    }
    to.*into = value;
    return {};
  };
}

bool is_origin(std::string_view value) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!value.starts_with(scheme)) continue;
    const std::string_view host = value.substr(scheme.size());
    return !host.empty() && host.find_first_of("/?# @\\") == std::string_view::npos;
  }
  return false;
}

reader origin(std::string settings::* into) {
  return [into](settings& to, std::string_view value) -> std::string {
    if (value.ends_with('/')) value.remove_suffix(1);
    if (!value.empty() && !is_origin(value)) {
      return "must be an origin such as https://cruddur.example, without a path";
    }
    to.*into = value;
    return {};
  };
}

reader list(std::vector<std::string> settings::* into) {
  return [into](settings& to, std::string_view value) -> std::string {
    while (!value.empty()) {
      const auto comma = value.find(',');
      if (const auto each = value.substr(0, comma); !each.empty()) (to.*into).emplace_back(each);
      value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
    }
    return {};
  };
}

std::string read_environment(settings& to, std::string_view value) {
  if (value != "development" && value != "production") return "must be development or production";
  to.production = value == "production";
  return {};
}

std::string read_database_url(settings& to, std::string_view value) {
  const bool known = value.empty() || (value.starts_with("sqlite:") && value.size() > 7) ||
                     value.starts_with("postgres://") || value.starts_with("postgresql://");
  if (!known) return "must begin with sqlite: or postgres://";
  to.database_url = value;
  return {};
}

std::string read_host(settings& to, std::string_view value) {
  boost::system::error_code error;
  if (!value.empty()) boost::asio::ip::make_address(std::string{value}, error);
  if (error) return "must be an IP address";
  to.host = value;
  return {};
}

std::string read_connections_per_address(settings& to, std::string_view value) {
  static const reader given = bounded(&settings::max_connections_per_address, 1, 1'000'000);
  return value.empty() ? std::string{} : given(to, value);
}

std::string read_metrics_address(settings& to, std::string_view value) {
  to.metrics_address = value;
  if (value.empty()) return {};
  const auto colon = value.rfind(':');
  const auto port = number(value.substr(std::min(value.size(), colon + 1)));
  std::string host{value.substr(0, colon)};
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  boost::asio::ip::make_address(host, error);
  if (error || colon == std::string_view::npos || !port || *port < 0 || *port > 65535) {
    return "must be an IP address and a port, such as 127.0.0.1:9100";
  }
  return {};
}

std::string read_metrics_token(settings& to, std::string_view value) {
  const bool is_visible = std::ranges::all_of(value, [](char c) { return c > ' ' && c <= '~'; });
  if (!value.empty() && (value.size() < 16 || value.size() > 512 || !is_visible)) {
    return "must be 16 to 512 visible characters";
  }
  to.metrics_token = value;
  return {};
}

bool is_address_block(const std::string& text) {
  boost::system::error_code error;
  if (text.find('/') == std::string::npos) {
    boost::asio::ip::make_address(text, error);
  } else if (text.find(':') == std::string::npos) {
    boost::asio::ip::make_network_v4(text, error);
  } else {
    boost::asio::ip::make_network_v6(text, error);
  }
  return !error;
}

std::string read_trusted_proxies(settings& to, std::string_view value) {
  static const reader split = list(&settings::trusted_proxies);
  split(to, value);
  if (std::ranges::all_of(to.trusted_proxies, is_address_block)) return {};
  return "must be IP addresses or CIDR blocks, with commas between";
}

std::string read_user_pool_secret(settings& to, std::string_view value) {
  constexpr std::size_t secret_bytes = 32;
  const auto raw = from_base64(value);
  if (!value.empty() && (!raw || raw->size() != secret_bytes)) return "must be base64 of 32 bytes";
  to.user_pool_secret = value;
  return {};
}

std::string read_identity_url(settings& to, std::string_view value) {
  if (value != "local:" && !value.starts_with("https://") && !value.starts_with("http://")) {
    return "must be local: or the address of a Cognito user pool's issuer";
  }
  to.identity_url = value;
  return {};
}

std::string read_smtp_url(settings& to, std::string_view value) {
  const bool plain = value.starts_with("smtp://") && value.size() > 7;
  const bool tls = value.starts_with("smtps://") && value.size() > 8;
  if (!value.empty() && !plain && !tls) return "must begin with smtp:// or smtps://";
  to.smtp_url = value;
  return {};
}

std::string read_data_dir(settings& to, std::string_view value) {
  if (value.empty()) return "must name a folder";
  to.data_dir = value;
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
       origin(&settings::backend_url)},
      {"FRONTEND_URL", "", "an origin",
       "Where the web client is served, when that is elsewhere; its calls are allowed by CORS.",
       origin(&settings::frontend_url)},
      {"TRUSTED_PROXIES", "", "addresses or CIDR blocks, with commas between",
       "Proxies whose X-Forwarded-For header is believed.", read_trusted_proxies},
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
      {"CRUDDUR_DATA_DIR", "data", "a folder", "Holds everything that must be backed up.",
       read_data_dir},
      {"DATABASE_URL", "", "sqlite:PATH or postgres://…",
       "The database: sqlite:CRUDDUR_DATA_DIR/cruddur.db by default.", read_database_url,
       secrecy::secret},
      {"DATABASE_CONNECTIONS", "2", "1 to 64", "PostgreSQL connections per event loop.",
       bounded(&settings::database_connections, 1, 64)},
      {"IDENTITY_URL", "local:", "local: or an issuer's address",
       "Who signs people in: the user pool inside this server, or a Cognito user pool "
       "(https://cognito-idp.REGION.amazonaws.com/POOL_ID).",
       read_identity_url},
      {"IDENTITY_CLIENT_ID", "cruddur-web", "a client id",
       "The app client that tokens must have been made for.", text(&settings::identity_client_id)},
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
       "local user pool needs one.",
       read_smtp_url, secrecy::secret},
      {"MAIL_FROM", "Cruddur <no-reply@localhost>", "an address", "Whom mail comes from.",
       text(&settings::mail_from)},
      {"LOG_LEVEL", "info", "debug, info, warning, error", "The least level that is logged.",
       one_of(&settings::log_level, {"debug", "info", "warning", "error"})},
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
