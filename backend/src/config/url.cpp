#include "config/url.hpp"

#include <algorithm>
#include <memory>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <unicode/idna.h>

#include "base/ascii.hpp"

namespace cruddur::config {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t longest_host = 253;
constexpr std::size_t longest_label = 63;
constexpr std::string_view unreserved = "-._~";

// ICU has nothing to say of it: its tables stay out of memory where hosts have plain names.
bool is_plain(std::string_view name) {
  return !name.contains("--") && std::ranges::all_of(name, [](char c) {
    return ascii::is_alphanumeric(c) || c == '-' || c == '.';
  });
}

// In ASCII, as the domain name system has it; empty when it is not a name.
std::string to_ascii(std::string_view name) {
  if (is_plain(name)) return std::string{name};
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna{icu::IDNA::createUTS46Instance(
      UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, status)};
  if (U_FAILURE(status)) return {};
  std::string out;
  icu::StringByteSink<std::string> sink{&out};
  icu::IDNAInfo info;
  idna->nameToASCII_UTF8({name.data(), static_cast<std::int32_t>(name.size())}, sink, info, status);
  return U_FAILURE(status) || info.hasErrors() ? std::string{} : out;
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= longest_label && !label.starts_with('-') &&
         !label.ends_with('-') && std::ranges::all_of(label, [](char c) {
           return ascii::is_alphanumeric(c) || c == '-' || c == '_';
         });
}

bool is_name(std::string_view name) {
  if (name.size() > longest_host) return false;
  for (std::size_t start = 0; start <= name.size();) {
    const auto end = std::min(name.find('.', start), name.size());
    if (!is_label(name.substr(start, end - start))) return false;
    start = end + 1;
  }
  // A name that ends in a number is a misspelt address to browsers.
  const auto last = name.substr(name.rfind('.') + 1);
  return !std::ranges::all_of(last, ascii::is_digit);
}

struct endpoint {
  std::string host;
  std::string port;  // "" when none is given
};

reading<endpoint> parse_endpoint(std::string_view text) {
  const auto after_host = text.starts_with('[') ? text.find(']') : 0;
  if (after_host == std::string_view::npos) return std::unexpected("must name a host");
  const auto colon = text.find(':', after_host);
  auto host = parse_host(text.substr(0, colon));
  if (!host) return std::unexpected(std::move(host.error()));
  endpoint out{std::move(*host), {}};
  if (colon == std::string_view::npos || colon + 1 == text.size()) return out;
  const auto digits = text.substr(colon + 1);
  const auto number =
      std::ranges::all_of(digits, ascii::is_digit) ? parse_number(digits) : std::nullopt;
  if (!number || *number < 1 || *number > 65535) {
    return std::unexpected("must have a port from 1 to 65535");
  }
  out.port = std::to_string(*number);
  return out;
}

// The scheme in lower case, and what follows "://"; the scheme is empty when there is none.
struct split_url {
  std::string scheme;
  std::string_view rest;
};

split_url split(std::string_view text) {
  const auto end = text.find("://");
  if (end == std::string_view::npos) return {};
  return {ascii::lower_case(text.substr(0, end)), text.substr(end + 3)};
}

std::string_view own_port(std::string_view scheme) {
  return scheme == "https" ? "443" : scheme == "http" ? "80" : "";
}

// Percent-encoded, with the escapes that it has kept; nothing when a '%' begins no escape or one
// stands for a control character.
std::optional<std::string> encode_part(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !ascii::is_hex_digit(text[i + 1]) ||
          !ascii::is_hex_digit(text[i + 2]))
        return std::nullopt;
      const bool is_control = text[i + 1] < '2' || ascii::lower_case(text.substr(i + 1, 2)) == "7f";
      if (is_control) return std::nullopt;
      out += text.substr(i, 3);
      i += 2;
    } else if (ascii::is_alphanumeric(c) || unreserved.contains(c)) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

// "user:password" percent-encoded, with the colon between them kept.
std::optional<std::string> encode_login(std::string_view text) {
  const auto colon = text.find(':');
  auto user = encode_part(text.substr(0, colon));
  if (!user || colon == std::string_view::npos) return user;
  const auto password = encode_part(text.substr(colon + 1));
  if (!password) return std::nullopt;
  return *user + ":" + *password;
}

struct conninfo_deleter {
  void operator()(PQconninfoOption* list) const { PQconninfoFree(list); }
};

reading<std::string> check_postgres_url(std::string url) {
  const std::unique_ptr<PQconninfoOption, conninfo_deleter> options{
      PQconninfoParse(url.c_str(), nullptr)};
  if (!options) {
    return std::unexpected(
        "must be postgres://USER:PASSWORD@HOST:PORT/DATABASE, with other characters than letters, "
        "digits and -._~ percent-encoded");
  }
  for (const auto* each = options.get(); each->keyword != nullptr; ++each) {
    if (std::string_view{each->keyword} != "port" || each->val == nullptr) continue;
    for (const std::string& port : parse_list(each->val)) {
      const auto number = parse_number(port);
      if (!number || *number < 1 || *number > 65535) {
        return std::unexpected("must have a port from 1 to 65535");
      }
    }
  }
  return url;
}

reading<std::string> parse_postgres_url(std::string_view scheme, std::string_view rest) {
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  const auto separator = authority.rfind('@');
  std::string out = fmt::format("{}://", scheme);
  if (separator != std::string_view::npos) {
    const auto login = encode_login(authority.substr(0, separator));
    if (!login) return std::unexpected("must have a '%' in its user or password written %25");
    out += *login + "@";
    rest.remove_prefix(separator + 1);
  }
  out += rest;
  return check_postgres_url(std::move(out));
}

reading<std::string> parse_sqlite_path(std::string_view path) {
  if (path == ":memory:") {
    return std::unexpected("must name a file: sqlite::memory: would be forgotten at each end");
  }
  if (path.starts_with("///")) path.remove_prefix(2);  // sqlite:///absolute, an empty host
  if (path.empty() || path.starts_with("//") || path.ends_with('/') || path.contains('?') ||
      path.starts_with("file:")) {
    return std::unexpected("must be sqlite:PATH with the path of a file, without options");
  }
  return fmt::format("sqlite:{}", path);
}

}  // namespace

reading<std::string> parse_host(std::string_view text) {
  const auto wrong = std::unexpected("must name a host");
  boost::system::error_code error;
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return wrong;
    const auto address = ip::make_address_v6(std::string{text.substr(1, text.size() - 2)}, error);
    if (error || address.scope_id() != 0) return wrong;
    return fmt::format("[{}]", address.to_string());
  }
  const auto address = ip::make_address_v4(std::string{text}, error);
  if (!error) return address.to_string();
  std::string name = ascii::lower_case(to_ascii(text));
  if (name.ends_with('.')) name.pop_back();
  if (!is_name(name)) return wrong;
  return name;
}

reading<std::string> parse_host_name(std::string_view text) {
  boost::system::error_code error;
  const auto address = ip::make_address(std::string{text}, error);
  if (!error) return address.to_string();
  auto host = parse_host(text);
  if (!host || host->starts_with('[')) return std::unexpected("must be a host's name");
  return host;
}

reading<std::string> parse_origin(std::string_view text) {
  constexpr auto wrong = "must be an origin such as https://cruddur.example, without a path";
  auto [scheme, rest] = split(text);
  if (scheme != "http" && scheme != "https") return std::unexpected(wrong);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const auto endpoint = parse_endpoint(rest);
  if (!endpoint) return std::unexpected(wrong);
  if (endpoint->port.empty() || endpoint->port == own_port(scheme))
    return scheme + "://" + endpoint->host;
  return fmt::format("{}://{}:{}", scheme, endpoint->host, endpoint->port);
}

reading<std::string> parse_identity_url(std::string_view text) {
  if (ascii::lower_case(text) == "local:") return "local:";
  constexpr auto wrong = "must be local: or the address of a Cognito user pool's issuer";
  const auto rest = split(text).rest;
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return std::unexpected(wrong);
  const auto origin = parse_origin(text.substr(0, text.size() - rest.size() + slash));
  auto path = rest.substr(slash);
  if (path.ends_with('/')) path.remove_suffix(1);
  const bool is_path =
      path.size() > 1 && !path.contains("//") && std::ranges::all_of(path, [](char c) {
        return ascii::is_alphanumeric(c) || c == '/' || unreserved.contains(c);
      });
  if (!origin || !is_path) return std::unexpected(wrong);
  return *origin + std::string{path};
}

reading<std::string> parse_smtp_url(std::string_view text) {
  auto [scheme, rest] = split(text);
  if (scheme != "smtp" && scheme != "smtps") {
    return std::unexpected("must begin with smtp:// or smtps://");
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::string out = scheme + "://";
  const auto separator = rest.rfind('@');
  if (separator != std::string_view::npos) {
    const auto login = encode_login(rest.substr(0, separator));
    if (!login) return std::unexpected("must have a '%' in its user or password written %25");
    if (login->empty() || login->starts_with(':')) {
      return std::unexpected("must name a user before the '@'");
    }
    out += *login + "@";
    rest.remove_prefix(separator + 1);
  }
  const auto server = parse_endpoint(rest);
  if (!server) return std::unexpected(server.error() + ", as in smtp://USER:PASSWORD@HOST:PORT");
  out += server->host;
  if (!server->port.empty()) out += ":" + server->port;
  return out;
}

reading<std::string> parse_keys_url(std::string_view text) {
  for (const std::string_view word : {"file:", "database:"}) {
    if (ascii::lower_case(text) == word) return std::string{word};
  }
  const auto [scheme, rest] = split(text);
  if (scheme != "postgres" && scheme != "postgresql") {
    return std::unexpected("must be file:, database: or begin with postgres://");
  }
  return parse_postgres_url(scheme, rest);
}

reading<std::string> parse_database_url(std::string_view text) {
  if (ascii::lower_case(text.substr(0, 7)) == "sqlite:") return parse_sqlite_path(text.substr(7));
  const auto [scheme, rest] = split(text);
  if (scheme != "postgres" && scheme != "postgresql") {
    return std::unexpected("must begin with sqlite: or postgres://");
  }
  return parse_postgres_url(scheme, rest);
}

std::string host_of(std::string_view origin) {
  const auto endpoint = parse_endpoint(split(origin).rest);
  if (!endpoint) return {};
  return endpoint->host.starts_with('[') ? endpoint->host.substr(1, endpoint->host.size() - 2)
                                         : endpoint->host;
}

bool is_plain_to_elsewhere(std::string_view url) {
  const auto [scheme, rest] = split(url);
  if (scheme != "http" && scheme != "smtp") return false;
  const auto authority = rest.substr(0, rest.find('/'));
  const auto endpoint = parse_endpoint(authority.substr(authority.rfind('@') + 1));
  if (!endpoint) return true;
  std::string host = endpoint->host;
  if (host == "localhost" || host.ends_with(".localhost")) return false;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto address = ip::make_address(host, error);
  return error || !address.is_loopback();
}

}  // namespace cruddur::config
