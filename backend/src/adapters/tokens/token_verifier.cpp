#include "adapters/tokens/token_verifier.hpp"

#include <cmath>

#include "adapters/tokens/json_member.hpp"
#include "adapters/tokens/jwt.hpp"
#include "adapters/tokens/token_cache.hpp"

namespace cruddur::tokens {
namespace {

namespace json = boost::json;
using verified = result<verified_token>;

std::unexpected<fault> invalid() {
  return fail(fault_kind::unauthenticated, "token_invalid", "The access token is not valid.");
}

std::unexpected<fault> expired() {
  return fail(fault_kind::unauthenticated, "token_expired", "The access token has expired.");
}

std::unexpected<fault> revoked() {
  return fail(fault_kind::unauthenticated, "token_revoked", "The session has ended.");
}

// A NumericDate (RFC 7519, section 2) between 1970 and the year 9999; nothing when it is absent or
// something else.
std::optional<time_point> time_claim(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  boost::system::error_code error;
  const double seconds = value->to_number<double>(error);
  if (error || !(seconds >= 0) || seconds > 253'402'300'799.0) return std::nullopt;
  return from_unix_ms(static_cast<std::int64_t>(std::floor(seconds * 1000)));
}

class cognito_verifier : public token_verifier {
 public:
  cognito_verifier(verifier_options settings, std::shared_ptr<key_source> keys,
                   std::shared_ptr<session_watch> sessions)
      : settings_{std::move(settings)},
        keys_{std::move(keys)},
        sessions_{std::move(sessions)},
        cache_{settings_.cache_capacity} {}

  task<verified> verify(std::string_view token, time_point now) override {
    if (token.size() > max_token_bytes) co_return invalid();
    const auto digest = token_digest(token);
    if (auto known = cache_.find(digest, now)) {
      if (!sessions_) co_return std::move(known->token);
      auto state = sessions_->state(known->session);
      if (state == session_state::unknown) {
        const auto alive = co_await sessions_->is_alive(known->session);
        if (!alive) co_return std::unexpected(alive.error());
        if (!*alive) state = session_state::revoked;
      }
      if (state != session_state::revoked) co_return std::move(known->token);
      cache_.forget(digest);
      co_return revoked();
    }
    verified checked = co_await check(std::string{token}, now);
    if (!checked) co_return checked;
    const auto session = parse_uuid(checked->session);
    if (sessions_) {
      if (!session) co_return revoked();
      const auto alive = co_await sessions_->is_alive(*session);
      if (!alive) co_return std::unexpected(alive.error());
      if (!*alive) co_return revoked();
    }
    cache_.put(digest, {*checked, session.value_or(uuid{})}, now);
    co_return checked;
  }

 private:
  task<verified> check(std::string token, time_point now) {
    const auto jwt = split_jwt(token);
    if (!jwt) co_return invalid();
    const auto key = co_await keys_->find(jwt->key_id, now);
    if (!key) co_return std::unexpected(key.error());
    if (!*key || !(*key)->verify(jwt->signed_text, jwt->signature)) co_return invalid();
    const auto claims = read_claims(*jwt);
    if (!claims) co_return invalid();
    co_return check_claims(*claims, now);
  }

  verified check_claims(const json::object& claims, time_point now) const {
    if (text_member(claims, "iss") != settings_.issuer ||
        text_member(claims, "client_id") != settings_.client_id ||
        text_member(claims, "token_use") != "access") {
      return invalid();
    }
    const auto subject = parse_uuid(text_member(claims, "sub"));
    const auto expires_at = time_claim(claims, "exp");
    const auto issued_at = time_claim(claims, "iat");
    const auto not_before = time_claim(claims, "nbf");
    const time_point latest = now + settings_.clock_leeway;
    if (!subject || !expires_at || !issued_at || *issued_at > latest) return invalid();
    if (claims.contains("nbf") && (!not_before || *not_before > latest)) return invalid();
    if (*expires_at <= now) return expired();
    return verified_token{*subject, std::string{text_member(claims, "origin_jti")}, *expires_at};
  }

  verifier_options settings_;
  std::shared_ptr<key_source> keys_;
  std::shared_ptr<session_watch> sessions_;
  token_cache cache_;
};

}  // namespace

std::shared_ptr<token_verifier> create_token_verifier(verifier_options settings,
                                                      std::shared_ptr<key_source> keys,
                                                      std::shared_ptr<session_watch> sessions) {
  return std::make_shared<cognito_verifier>(std::move(settings), std::move(keys),
                                            std::move(sessions));
}

}  // namespace cruddur::tokens
