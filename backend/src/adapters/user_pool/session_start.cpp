#include "adapters/user_pool/session_start.hpp"

namespace cruddur::user_pool {

task<wire_result<password_try>> begin_password_try(service_ptr in, uuid account,
                                                   std::string address, std::string cookies,
                                                   time_point now) {
  // Who would wait for a hash anyway waits before the try is written: in a rush tries become
  // durable together, and readers are not held up by one fsync for each.
  const auto backlog = static_cast<std::size_t>(in->settings.max_heavy_calls / 4);
  co_await in->in.heavy_work.until_backlog(backlog);
  password_try tried{account, place_of(in->keys, account, address, cookies)};
  const auto begun =
      co_await in->in.tries->begin(account, tried.origin.mark, tried.origin.vouched, now);
  if (!begun) co_return std::unexpected(to_wire_error(begun.error()));
  if (!*begun) co_return refuse("NotAuthorizedException", "Password attempts exceeded");
  co_return tried;
}

task<> abandon(service_ptr in, password_try tried) {
  const auto done = co_await in->in.tries->abandoned(tried.account, std::move(tried.origin.mark));
  if (!done) in->log("could not take back a try at a password: " + done.error().detail);
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
