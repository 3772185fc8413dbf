#include "user_pool/refresh.hpp"

#include "user_pool/session_start.hpp"

namespace cruddur::user_pool {
namespace {

std::unexpected<wire_error> not_a_token() {
  return refuse("NotAuthorizedException", "Invalid Refresh Token");
}

std::unexpected<wire_error> revoked() {
  return refuse("NotAuthorizedException", "Refresh Token has been revoked");
}

struct live_session {
  refresh_token token;
  session held;
  account who;
};

// The session and account that a refresh token belongs to; whether the token is its current one is
// still to be seen.
task<wire_result<live_session>> find_session(service_ptr in, const call& from, std::string text) {
  if (auto error = limit_address(*in, attempt::refresh, from)) {
    co_return std::unexpected(std::move(*error));
  }
  auto token = read_refresh_token(in->keys, text);
  if (!token) co_return not_a_token();
  if (auto error = limit_account(*in, attempt::refresh, to_string(token->session_id), from.now)) {
    co_return std::unexpected(std::move(*error));
  }
  auto held = co_await in->in.sessions->find(token->session_id, from.now);
  if (!held) co_return std::unexpected(to_wire_error(held.error()));
  if (!*held) co_return revoked();
  auto who = co_await in->in.accounts->find((*held)->account_id, from.now);
  if (!who) co_return std::unexpected(to_wire_error(who.error()));
  if (!*who) co_return revoked();
  co_return live_session{std::move(*token), std::move(**held), std::move(**who)};
}

wire_result<std::string> read_token_call(const service& in, const call& from,
                                         std::string_view name) {
  field_reader fields{from.body};
  const auto client = fields.text("ClientId", 128);
  auto token = fields.text(name, max_token_bytes);
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(in, client)) return std::unexpected(std::move(*error));
  return token;
}

task<outcome> reused(service_ptr in) {
  co_await in->in.monitor->revoked();
  co_return refuse("RefreshTokenReuseException",
                   "Refresh token reuse detected; sign in again, please.");
}

}  // namespace

task<outcome> refresh_without_rotation(service_ptr in, call from, std::string text) {
  auto found = co_await find_session(in, from, std::move(text));
  if (!found) co_return std::unexpected(std::move(found.error()));
  const auto hash = hash_refresh_token(in->keys, found->token);
  const bool current = hash == found->held.refresh_hash;
  if (!current && hash != found->held.previous_hash) {
    const auto ended = co_await in->in.sessions->revoke(found->held.id, from.now);
    if (!ended) co_return std::unexpected(to_wire_error(ended.error()));
    co_return co_await reused(in);
  }
  if (current && !found->held.previous_hash.empty()) {
    const auto settled = co_await in->in.sessions->settle(found->held.id, hash);
    if (!settled) co_return std::unexpected(to_wire_error(settled.error()));
  }
  co_return co_await authentication_result(in, std::move(found->who), found->held.id,
                                           found->held.signed_in_at, from.now, {});
}

task<outcome> get_tokens_from_refresh_token(service_ptr in, call from) {
  auto text = read_token_call(*in, from, "RefreshToken");
  if (!text) co_return std::unexpected(std::move(text.error()));
  const heavy_call place{in};
  if (!place) co_return std::unexpected(too_busy());
  auto found = co_await find_session(in, from, std::move(*text));
  if (!found) co_return std::unexpected(std::move(found.error()));

  // Signed before the rotation: a pool that is full must not cost the client its token.
  const auto next = successor_of(in->keys, found->token);
  auto answer =
      co_await authentication_result(in, found->who, found->held.id, found->held.signed_in_at,
                                     from.now, write_refresh_token(in->keys, next));
  if (!answer) co_return answer;
  const auto rotated =
      co_await in->in.sessions->rotate(found->held.id, hash_refresh_token(in->keys, found->token),
                                       hash_refresh_token(in->keys, next), from.now);
  if (!rotated) co_return std::unexpected(to_wire_error(rotated.error()));
  switch (*rotated) {
    case rotation_outcome::rotated:
    case rotation_outcome::repeated:
      answer->erase("ChallengeParameters");
      co_return answer;
    case rotation_outcome::reused:
      co_return co_await reused(in);
    case rotation_outcome::gone:
      break;
  }
  co_return revoked();
}

task<outcome> revoke_token(service_ptr in, call from) {
  const auto text = read_token_call(*in, from, "Token");
  if (!text) co_return std::unexpected(text.error());
  if (auto error = limit_address(*in, attempt::refresh, from)) {
    co_return std::unexpected(std::move(*error));
  }
  if (std::ranges::count(*text, '.') == 2) {
    co_return refuse("UnsupportedTokenTypeException", "Only refresh tokens can be revoked.");
  }
  // As RFC 7009, section 2.2: a token that is none has nothing left to revoke.
  const auto token = read_refresh_token(in->keys, *text);
  if (!token) co_return boost::json::object{};
  const auto ended = co_await in->in.sessions->revoke(token->session_id, from.now);
  if (!ended) co_return std::unexpected(to_wire_error(ended.error()));
  co_await in->in.monitor->revoked();
  co_return boost::json::object{};
}

task<outcome> global_sign_out(service_ptr in, call from) {
  field_reader fields{from.body};
  auto token = fields.text("AccessToken", max_token_bytes);
  if (fields.error()) co_return std::unexpected(*fields.error());
  auto who = co_await authenticate(in, std::move(token), from.now);
  if (!who) co_return std::unexpected(std::move(who.error()));
  const auto ended = co_await in->in.sessions->revoke_all(who->who.id, from.now);
  if (!ended) co_return std::unexpected(to_wire_error(ended.error()));
  co_await in->in.monitor->revoked();
  co_return boost::json::object{};
}

}  // namespace cruddur::user_pool
