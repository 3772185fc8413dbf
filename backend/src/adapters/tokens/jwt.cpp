#include "adapters/tokens/jwt.hpp"

#include <algorithm>
#include <array>

#include <boost/json/parser.hpp>

#include "adapters/tokens/json_member.hpp"
#include "base/encoding.hpp"

namespace cruddur::tokens {
namespace {

namespace json = boost::json;

std::optional<json::object> parse_object(std::string_view text) {
  json::parse_options bounds;
  bounds.max_depth = max_claims_depth;
  json::parser parser{json::storage_ptr{}, bounds};
  boost::system::error_code error;
  parser.write(text, error);
  if (error) return std::nullopt;
  auto value = parser.release();
  if (!value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

}  // namespace

std::optional<unverified_jwt> split_jwt(std::string_view token) {
  if (token.size() > max_token_bytes || std::ranges::count(token, '.') != 2) return std::nullopt;
  const auto first = token.find('.');
  const auto second = token.find('.', first + 1);
  const auto header_bytes = from_base64url(token.substr(0, first));
  auto signature = from_base64url(token.substr(second + 1));
  if (!header_bytes || !signature || signature->empty()) return std::nullopt;

  const auto header = parse_object(*header_bytes);
  if (!header || text_member(*header, "alg") != "RS256") return std::nullopt;
  constexpr std::array forbidden = {"crit", "jwk", "jku", "x5u", "x5c", "b64", "enc", "zip"};
  for (const char* const name : forbidden) {
    if (header->contains(name)) return std::nullopt;
  }
  if (header->contains("typ") && text_member(*header, "typ") != "JWT") return std::nullopt;
  const auto key_id = text_member(*header, "kid");
  if (key_id.empty()) return std::nullopt;
  return unverified_jwt{.key_id = std::string{key_id},
                        .signed_text = token.substr(0, second),
                        .signature = std::move(*signature),
                        .payload = token.substr(first + 1, second - first - 1)};
}

std::optional<json::object> read_claims(const unverified_jwt& jwt) {
  const auto bytes = from_base64url(jwt.payload);
  if (!bytes) return std::nullopt;
  return parse_object(*bytes);
}

}  // namespace cruddur::tokens
