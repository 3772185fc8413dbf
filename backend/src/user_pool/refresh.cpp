#include "user_pool/refresh.hpp"

#include <algorithm>

#include "base/json_writer.hpp"
#include "user_pool/input.hpp"
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
  cruddur::session session;
  cruddur::account account;
};

// The session and account that a refresh token belongs to; whether the token is its current one is
// still to be seen.
task<wire_result<live_session>> find_session(service_ptr pool, const wire_request& request,
                                             std::string text) {
  if (auto error = limit_address(*pool, attempt::refresh, request)) {
    co_return std::unexpected(std::move(*error));
  }
  auto token = read_refresh_token(pool->keys, text);
  if (!token) co_return not_a_token();
  const std::string session_name = to_string(token->session_id);
  if (auto error = limit_account(*pool, attempt::refresh, session_name, request.now)) {
    co_return std::unexpected(std::move(*error));
  }
  auto session = co_await pool->sessions->find(token->session_id, request.now);
  if (!session) co_return std::unexpected(to_wire_error(session.error()));
  if (!*session) co_return revoked();
  auto account = co_await pool->accounts->find((*session)->account_id, request.now);
  if (!account) co_return std::unexpected(to_wire_error(account.error()));
  if (!*account) co_return revoked();
  co_return live_session{std::move(*token), std::move(**session), std::move(**account)};
}

wire_result<std::string> read_token(const service& pool, const wire_request& request,
                                    std::string_view name) {
  field_reader fields{request.body};
  const auto client = fields.text("ClientId", max_client_id_bytes);
  auto token = fields.text(name, max_token_bytes);
  if (fields.error()) return std::unexpected(*fields.error());
  if (auto error = check_client(pool, client)) return std::unexpected(std::move(*error));
  return token;
}

task<outcome> reused(service_ptr pool) {
  co_await pool->monitor->revoked();
  co_return refuse("RefreshTokenReuseException",
                   "Refresh token reuse detected; sign in again, please.");
}

}  // namespace

task<outcome> refresh_without_rotation(service_ptr pool, wire_request request, std::string token) {
  auto found = co_await find_session(pool, request, std::move(token));
  if (!found) co_return std::unexpected(std::move(found.error()));
  const session& session = found->session;
  const auto hash = hash_refresh_token(pool->keys, found->token);
  const bool is_current = hash == session.refresh_hash;
  if (!is_current && hash != session.previous_hash) {
    const auto ended = co_await pool->sessions->revoke(session.id, request.now);
    if (!ended) co_return std::unexpected(to_wire_error(ended.error()));
    co_return co_await reused(pool);
  }
  if (is_current && !session.previous_hash.empty()) {
    const auto settled = co_await pool->sessions->settle(session.id, hash);
    if (!settled) co_return std::unexpected(to_wire_error(settled.error()));
  }
  const auto tokens = co_await authentication_result(pool, std::move(found->account), session.id,
                                                     session.signed_in_at, request.now, {});
  if (!tokens) co_return std::unexpected(tokens.error());
  co_return sign_in_answer(*tokens);
}

task<outcome> get_tokens_from_refresh_token(service_ptr pool, wire_request request) {
  auto text = read_token(*pool, request, "RefreshToken");
  if (!text) co_return std::unexpected(std::move(text.error()));
  const admission admitted{pool};
  if (!admitted) co_return std::unexpected(too_busy());
  auto found = co_await find_session(pool, request, std::move(*text));
  if (!found) co_return std::unexpected(std::move(found.error()));

  // Signed before the rotation: a pool that is full must not cost the client its token.
  const session& session = found->session;
  const auto successor = successor_of(pool->keys, found->token);
  const auto tokens = co_await authentication_result(pool, std::move(found->account), session.id,
                                                     session.signed_in_at, request.now,
                                                     write_refresh_token(pool->keys, successor));
  if (!tokens) co_return std::unexpected(tokens.error());
  const auto rotated =
      co_await pool->sessions->rotate(session.id, hash_refresh_token(pool->keys, found->token),
                                      hash_refresh_token(pool->keys, successor), request.now);
  if (!rotated) co_return std::unexpected(to_wire_error(rotated.error()));
  switch (*rotated) {
    case rotation_outcome::rotated:
    case rotation_outcome::repeated:
      co_return json_object{}.json("AuthenticationResult", *tokens).finish();
    case rotation_outcome::reused:
      co_return co_await reused(pool);
    case rotation_outcome::gone:
      break;
  }
  co_return revoked();
}

task<outcome> revoke_token(service_ptr pool, wire_request request) {
  const auto text = read_token(*pool, request, "Token");
  if (!text) co_return std::unexpected(text.error());
  if (auto error = limit_address(*pool, attempt::refresh, request)) {
    co_return std::unexpected(std::move(*error));
  }
  if (std::ranges::count(*text, '.') == 2) {
    co_return refuse("UnsupportedTokenTypeException", "Only refresh tokens can be revoked.");
  }
  // RFC 7009, section 2.2: where the text is no token, there is nothing left to revoke.
  const auto token = read_refresh_token(pool->keys, *text);
  if (!token) co_return "{}";
  const auto ended = co_await pool->sessions->revoke(token->session_id, request.now);
  if (!ended) co_return std::unexpected(to_wire_error(ended.error()));
  co_await pool->monitor->revoked();
  co_return "{}";
}

task<outcome> global_sign_out(service_ptr pool, wire_request request) {
  auto token = read_access_token(request);
  if (!token) co_return std::unexpected(std::move(token.error()));
  const auto caller = co_await authenticate(pool, std::move(*token), request.now);
  if (!caller) co_return std::unexpected(caller.error());
  const auto ended = co_await pool->sessions->revoke_all(caller->account.id, request.now);
  if (!ended) co_return std::unexpected(to_wire_error(ended.error()));
  co_await pool->monitor->revoked();
  co_return "{}";
}

}  // namespace cruddur::user_pool
