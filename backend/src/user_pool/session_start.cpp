#include "user_pool/session_start.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace cruddur::user_pool {

namespace {

using namespace boost::asio::experimental::awaitable_operators;

wire_error too_many_tries() {
  return {"NotAuthorizedException", "Password attempts exceeded", 400, std::nullopt};
}

task<> abandon(service_ptr in, password_try tried) {
  const auto done = co_await in->in.tries->abandoned(tried.account, std::move(tried.origin.mark));
  if (!done) in->log("could not take back a try at a password: " + done.error().detail);
}

}  // namespace

task<wire_result<password_try>> try_password(service_ptr in, uuid account, std::string address,
                                             std::string cookies, time_point now,
                                             task<result<bool>> check) {
  password_try tried{account, place_of(in->keys, account, address, cookies)};
  auto begin = [&] {
    return in->in.tries->begin(account, tried.origin.mark, tried.origin.vouched, now);
  };
  result<bool> begun{false};
  result<bool> right{false};
  if (in->in.heavy_work.waiting() == 0) {
    // Nobody waits for a hash, so one that may be of no use harms nobody, and no time is lost.
    std::tie(begun, right) = co_await (begin() && std::move(check));
    if (!begun) co_return std::unexpected(to_wire_error(begun.error()));
    if (!*begun) co_return std::unexpected(too_many_tries());
  } else {
    // Who would wait for a hash anyway waits before the try is written: in a rush tries become
    // durable together, and readers are not held up by one fsync for each.
    const auto backlog = static_cast<std::size_t>(in->settings.max_heavy_calls / 4);
    co_await in->in.heavy_work.until_backlog(backlog);
    begun = co_await begin();
    if (!begun) co_return std::unexpected(to_wire_error(begun.error()));
    if (!*begun) co_return std::unexpected(too_many_tries());
    right = co_await std::move(check);
  }
  if (!right) {
    co_await abandon(in, std::move(tried));
    co_return std::unexpected(to_wire_error(right.error()));
  }
  tried.right = *right;
  co_return tried;
}

task<> remember_place(service_ptr in, password_try tried, std::shared_ptr<std::string> device,
                      time_point now) {
  if (!tried.origin.vouched && device) *device = make_device(in->keys, tried.account);
  const auto done =
      co_await in->in.tries->succeeded(tried.account, std::move(tried.origin.mark), now);
  if (!done) in->log("could not remember where an account signed in: " + done.error().detail);
}

task<outcome> start_session(service_ptr in, account who, time_point now,
                            std::optional<challenge_use> challenge) {
  co_await ensure_profile(in, who, now);
  const auto refresh = make_refresh_token(make_uuid_v7(now));
  auto answer = co_await authentication_result(in, who, refresh.session_id, now, now,
                                               write_refresh_token(in->keys, refresh));
  if (!answer) co_return answer;

  session opened{.id = refresh.session_id,
                 .account_id = who.id,
                 .refresh_hash = hash_refresh_token(in->keys, refresh),
                 .previous_hash = {},
                 .signed_in_at = now,
                 .rotated_at = now,
                 .expires_at = now + in->settings.session_lifetime};
  const auto kept = co_await in->in.sessions->open(std::move(opened), std::move(challenge));
  if (kept) co_return answer;
  if (kept.error().kind == fault_kind::conflict) {
    co_return refuse("NotAuthorizedException", "Invalid session for the user.");
  }
  co_return std::unexpected(to_wire_error(kept.error()));
}

task<outcome> authentication_result(service_ptr in, account who, uuid session_id,
                                    time_point signed_in_at, time_point now, std::string refresh) {
  auto work = [in, who = std::move(who), session_id, signed_in_at, now] {
    return issue_tokens(*in->in.key, in->rules(), {who, session_id, signed_in_at}, now);
  };
  auto tokens = co_await run_heavy(in, std::move(work));
  if (!tokens) co_return std::unexpected(to_wire_error(tokens.error()));

  boost::json::object given{{"AccessToken", tokens->access},
                            {"IdToken", tokens->id},
                            {"ExpiresIn", in->settings.token_lifetime.count()},
                            {"TokenType", "Bearer"}};
  if (!refresh.empty()) given["RefreshToken"] = refresh;
  boost::json::object answer{{"ChallengeParameters", boost::json::object{}}};
  answer["AuthenticationResult"] = std::move(given);
  co_return answer;
}

}  // namespace cruddur::user_pool
