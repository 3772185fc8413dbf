#include "api/endpoint.hpp"

#include "api/input.hpp"
#include "http/credentials.hpp"
#include "http/problem.hpp"

namespace cruddur::api {
namespace {

task<result<std::optional<uuid>>> find_viewer(services& with, const http::request& from, access who,
                                              time_point now) {
  const std::string_view header = from.header("authorization");
  if (header.empty()) {
    if (who == access::anyone) co_return std::nullopt;
    co_return fail(fault_kind::unauthenticated, "unauthenticated", "Please sign in.");
  }
  const std::string_view token = http::bearer_token(header);
  if (token.empty()) {
    co_return fail(fault_kind::unauthenticated, "token_invalid", "The access token is not good.");
  }
  const auto caller = co_await with.tokens.verify(token, now);
  if (!caller) co_return std::unexpected(caller.error());
  const auto viewer = co_await with.viewers.find(caller->subject);
  if (viewer && !*viewer && who == access::member) {
    co_return fail(fault_kind::forbidden, "profile_missing", "This account has no profile.");
  }
  co_return viewer;
}

bool creates(write_kind kind) {
  return kind == write_kind::posts || kind == write_kind::replies;
}

// What is refused before it is tried costs nothing; nor does a creation that created nothing new.
bool costs(write_kind kind, const result<http::response>& answer) {
  if (!answer) {
    return answer.error().kind != fault_kind::invalid &&
           answer.error().kind != fault_kind::malformed && answer.error().kind != fault_kind::gone;
  }
  return !creates(kind) || answer->status == 201;
}

// Gives back what was taken also when the handler throws.
class taken {
 public:
  taken(write_budgets& budgets, write_kind kind, uuid account, std::optional<uuid> key,
        time_point now)
      : budgets_{budgets}, kind_{kind}, account_{account}, key_{key}, now_{now} {}
  taken(const taken&) = delete;
  taken& operator=(const taken&) = delete;
  ~taken() { budgets_.settle(kind_, account_, key_, wrote, now_); }

  bool wrote = false;

 private:
  write_budgets& budgets_;
  write_kind kind_;
  uuid account_;
  std::optional<uuid> key_;
  time_point now_;
};

// A key that is known makes nothing more: it is answered however little is left.
task<bool> is_repeat(services& with, uuid account, std::optional<uuid> key) {
  if (!key) co_return false;
  const auto known = co_await with.activities.knows_key(account, *key);
  co_return known.value_or(false);
}

task<result<http::response>> call_within_budget(services& with, http::request& request,
                                                request_context context, endpoint call,
                                                write_kind kind) {
  std::optional<uuid> key;
  if (creates(kind)) key = idempotency_key(request).value_or(std::nullopt);
  auto room = with.budgets.take(kind, *context.viewer, key, context.now);
  if (!room) {
    const bool repeat = co_await is_repeat(with, *context.viewer, key);
    if (!repeat) co_return std::unexpected(std::move(room.error()));
    co_return co_await call(with, request, context);
  }
  taken one{with.budgets, kind, *context.viewer, key, context.now};
  auto answer = co_await call(with, request, context);
  one.wrote = costs(kind, answer);
  co_return answer;
}

task<http::response> answer_with_budget(services& with, http::request& request,
                                        request_context context, endpoint call, write_kind kind) {
  auto answer = co_await call_within_budget(with, request, context, call, kind);
  http::response out =
      answer ? std::move(*answer) : http::to_problem(answer.error(), request.request_id);
  auto [policy, state] = with.budgets.describe(kind, *context.viewer, context.now);
  if (!policy.empty()) {
    out.headers.emplace_back("ratelimit-policy", std::move(policy));
    out.headers.emplace_back("ratelimit", std::move(state));
  }
  co_return out;
}

}  // namespace

http::handler make_handler(services& with, access who, endpoint call,
                           std::optional<write_kind> budget) {
  return [&with, who, call, budget](http::request& from) -> task<http::response> {
    const time_point now = with.time.now();
    const auto viewer = co_await find_viewer(with, from, who, now);
    if (!viewer) co_return http::to_problem(viewer.error(), from.request_id);
    if (budget) co_return co_await answer_with_budget(with, from, {*viewer, now}, call, *budget);
    auto answer = co_await call(with, from, {*viewer, now});
    if (!answer) co_return http::to_problem(answer.error(), from.request_id);
    co_return std::move(*answer);
  };
}

http::response json_response(std::string body, unsigned status) {
  http::response out;
  out.status = status;
  out.content_type = http::json_type;
  out.body = std::move(body);
  out.headers.emplace_back("cache-control", "no-store");  // what it shows expires
  return out;
}

}  // namespace cruddur::api
