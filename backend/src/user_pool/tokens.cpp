#include "user_pool/tokens.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/json_writer.hpp"
#include "base/random.hpp"

namespace cruddur::user_pool {
namespace {

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t tag_bytes = 16;

std::int64_t to_seconds(time_point moment) {
  return std::chrono::floor<std::chrono::seconds>(moment).time_since_epoch().count();
}

std::string sign(const signing_key& key, std::string_view payload) {
  std::string out = to_base64url(json_object{}.text("kid", key.id()).text("alg", "RS256").finish());
  out.append(".").append(to_base64url(payload));
  const std::string signature = key.sign(out);
  return out.append(".").append(to_base64url(signature));
}

json_object common_claims(const token_rules& rules, const token_grant& grant, time_point now) {
  const std::int64_t issued = to_seconds(now);
  json_object out;
  out.text("sub", to_string(grant.account.id))
      .text("iss", rules.issuer)
      .text("origin_jti", to_string(grant.session_id))
      .text("jti", to_string(make_uuid_v4()))
      .number("auth_time", to_seconds(grant.signed_in_at))
      .number("iat", issued)
      .number("exp", issued + rules.lifetime.count());
  return out;
}

std::string keyed_hash(const key_ring& keys, std::string_view label, const refresh_token& token) {
  std::string text{label};
  append_uuid(text, token.session_id);
  text.append(token.secret);
  const auto digest = hmac_sha256(keys.refresh, text);
  return std::string{as_view(digest)};
}

std::string tag_of(const key_ring& keys, const refresh_token& token) {
  return keyed_hash(keys, "tag:", token).substr(0, tag_bytes);
}

}  // namespace

token_pair issue_tokens(const signing_key& key, const token_rules& rules, const token_grant& grant,
                        time_point now) {
  const account& account = grant.account;
  const std::string username = to_string(account.id);

  json_object access = common_claims(rules, grant, now);
  access.text("client_id", rules.client_id)
      .text("token_use", "access")
      .text("scope", "aws.cognito.signin.user.admin")
      .text("username", username);

  json_object id = common_claims(rules, grant, now);
  id.text("aud", rules.client_id)
      .text("token_use", "id")
      .text("cognito:username", username)
      .text("email", account.email)
      .boolean("email_verified", account.email_verified)
      .text("name", account.display_name)
      .text("preferred_username", account.handle);

  return {sign(key, access.finish()), sign(key, id.finish())};
}

refresh_token make_refresh_token(const uuid& session_id) {
  return {session_id, random_bytes(secret_bytes)};
}

refresh_token successor_of(const key_ring& keys, const refresh_token& token) {
  return {token.session_id, keyed_hash(keys, "next:", token)};
}

std::string write_refresh_token(const key_ring& keys, const refresh_token& token) {
  std::string bytes{reinterpret_cast<const char*>(token.session_id.bytes.data()),
                    token.session_id.bytes.size()};
  bytes.append(token.secret).append(tag_of(keys, token));
  return to_base64url(bytes);
}

std::optional<refresh_token> read_refresh_token(const key_ring& keys, std::string_view text) {
  constexpr std::size_t size = 16 + secret_bytes + tag_bytes;
  if (text.size() != (size * 4 + 2) / 3) return std::nullopt;
  const auto bytes = from_base64url(text);
  if (!bytes || bytes->size() != size) return std::nullopt;
  refresh_token out;
  std::memcpy(out.session_id.bytes.data(), bytes->data(), 16);
  out.secret = bytes->substr(16, secret_bytes);
  const auto tag = std::string_view{*bytes}.substr(16 + secret_bytes);
  if (!equal_constant_time(tag, tag_of(keys, out))) return std::nullopt;
  return out;
}

std::string hash_refresh_token(const key_ring& keys, const refresh_token& token) {
  return keyed_hash(keys, "hash:", token);
}

}  // namespace cruddur::user_pool
