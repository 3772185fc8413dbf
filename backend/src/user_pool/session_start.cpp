#include "user_pool/session_start.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "base/json_writer.hpp"

namespace cruddur::user_pool {

namespace {

using namespace boost::asio::experimental::awaitable_operators;

wire_error too_many_tries() {
  return {"NotAuthorizedException", "Password attempts exceeded", 400, std::nullopt};
}

task<> abandon(service_ptr pool, password_try tried) {
  const auto done = co_await pool->tries->abandoned(tried.account_id, std::move(tried.origin.hash));
  if (!done) pool->log("could not take back a try at a password: " + done.error().detail);
}

}  // namespace

task<wire_result<password_try>> try_password(service_ptr pool, uuid account_id, std::string address,
                                             std::string cookies, time_point now,
                                             task<result<bool>> check) {
  password_try tried{account_id, place_of(pool->keys, account_id, address, cookies)};
  auto begin = [&] {
    return pool->tries->begin(account_id, tried.origin.hash, tried.origin.is_vouched, now);
  };
  result<bool> begun{false};
  result<bool> right{false};
  if (pool->heavy_work.waiting() == 0) {
    // Nobody waits for a hash, so one that may be of no use harms nobody: counting and checking go
    // side by side.
    std::tie(begun, right) = co_await (begin() && std::move(check));
    if (!begun) co_return std::unexpected(to_wire_error(begun.error()));
    if (!*begun) co_return std::unexpected(too_many_tries());
  } else {
    // Whoever would wait for a hash anyway waits before the try is written: in a rush tries become
    // durable together, and readers are not held up by an fsync for each.
    const auto backlog = static_cast<std::size_t>(pool->settings.max_heavy_calls / 4);
    co_await pool->heavy_work.until_backlog(backlog);
    begun = co_await begin();
    if (!begun) co_return std::unexpected(to_wire_error(begun.error()));
    if (!*begun) co_return std::unexpected(too_many_tries());
    right = co_await std::move(check);
  }
  if (!right) {
    co_await abandon(pool, std::move(tried));
    co_return std::unexpected(to_wire_error(right.error()));
  }
  tried.is_right = *right;
  co_return tried;
}

task<> remember_place(service_ptr pool, password_try tried, std::shared_ptr<std::string> device,
                      time_point now) {
  if (!tried.origin.is_vouched && device) *device = make_device(pool->keys, tried.account_id);
  const auto done =
      co_await pool->tries->succeeded(tried.account_id, std::move(tried.origin.hash), now);
  if (!done) pool->log("could not remember where an account signed in: " + done.error().detail);
}

task<outcome> start_session(service_ptr pool, account account, time_point now,
                            std::optional<challenge_use> challenge) {
  co_await ensure_profile(pool, account, now);
  const auto refresh = make_refresh_token(make_uuid_v7(now));
  const auto tokens = co_await authentication_result(pool, account, refresh.session_id, now, now,
                                                     write_refresh_token(pool->keys, refresh));
  if (!tokens) co_return std::unexpected(tokens.error());

  session opened{.id = refresh.session_id,
                 .account_id = account.id,
                 .refresh_hash = hash_refresh_token(pool->keys, refresh),
                 .previous_hash = {},
                 .signed_in_at = now,
                 .rotated_at = now,
                 .expires_at = now + pool->settings.session_lifetime};
  const auto kept = co_await pool->sessions->open(std::move(opened), std::move(challenge));
  if (kept) co_return sign_in_answer(*tokens);
  if (kept.error().kind == fault_kind::conflict) {
    co_return refuse("NotAuthorizedException", "Invalid session for the user.");
  }
  co_return std::unexpected(to_wire_error(kept.error()));
}

task<outcome> authentication_result(service_ptr pool, account account, uuid session_id,
                                    time_point signed_in_at, time_point now, std::string refresh) {
  auto work = [pool, account = std::move(account), session_id, signed_in_at, now] {
    return issue_tokens(*pool->signer, pool->rules(), {account, session_id, signed_in_at}, now);
  };
  const auto tokens = co_await run_heavy(pool, std::move(work));
  if (!tokens) co_return std::unexpected(to_wire_error(tokens.error()));

  json_object out;
  out.text("AccessToken", tokens->access)
      .text("IdToken", tokens->id)
      .number("ExpiresIn", pool->settings.token_lifetime.count())
      .text("TokenType", "Bearer");
  if (!refresh.empty()) out.text("RefreshToken", refresh);
  co_return out.finish();
}

std::string sign_in_answer(std::string_view authentication_result) {
  return json_object{}
      .json("ChallengeParameters", "{}")
      .json("AuthenticationResult", authentication_result)
      .finish();
}

}  // namespace cruddur::user_pool
