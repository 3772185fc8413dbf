#include "api/endpoint.hpp"

#include "api/input.hpp"
#include "http/credentials.hpp"
#include "http/problem.hpp"

namespace cruddur::api {
namespace {

// Only the form that version 00 of W3C's Trace Context has: 00-TRACE-PARENT-FLAGS in lower-case
// hexadecimal digits, neither id all zeros.
std::string_view trace_of(const http::request& request) {
  const std::string_view text = request.header("traceparent");
  constexpr std::string_view shape = "00-tttttttttttttttttttttttttttttttt-pppppppppppppppp-ff";
  if (text.size() != shape.size()) return {};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool is_digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    const bool is_fixed = shape[i] == '0' || shape[i] == '-';
    if (is_fixed ? text[i] != shape[i] : !is_digit) return {};
  }
  const auto is_zero = [](std::string_view id) {
    return id.find_first_not_of('0') == std::string_view::npos;
  };
  return is_zero(text.substr(3, 32)) || is_zero(text.substr(36, 16)) ? std::string_view{} : text;
}

// Adds who calls to the context. `session` keeps the text that the context refers to.
task<result<>> identify(services& services, const http::request& request, access allowed,
                        request_context& context, std::string& session) {
  const std::string_view header = request.header("authorization");
  if (header.empty()) {
    if (allowed == access::anyone) co_return result<>{};
    co_return fail(fault_kind::unauthenticated, "unauthenticated", "Please sign in.");
  }
  const std::string_view token = http::bearer_token(header);
  if (token.empty()) {
    co_return fail(fault_kind::unauthenticated, "token_invalid", "The access token is not good.");
  }
  auto caller = co_await services.tokens.verify(token, context.now);
  if (!caller) co_return std::unexpected(std::move(caller.error()));
  const auto viewer = co_await services.viewers.find(caller->subject);
  if (!viewer) co_return std::unexpected(viewer.error());
  if (!*viewer && allowed == access::member) {
    co_return fail(fault_kind::forbidden, "profile_missing", "This account has no profile.");
  }
  session = std::move(caller->session);
  context.viewer = *viewer;
  context.session = session;
  co_return result<>{};
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
task<bool> is_repeat(services& services, uuid account, std::optional<uuid> key) {
  if (!key) co_return false;
  const auto known = co_await services.activities.knows_key(account, *key);
  co_return known.value_or(false);
}

task<result<http::response>> call_within_budget(services& services, http::request& request,
                                                request_context context, endpoint call,
                                                write_kind kind) {
  std::optional<uuid> key;
  if (creates(kind)) key = idempotency_key(request).value_or(std::nullopt);
  auto room = services.budgets.take(kind, *context.viewer, key, context.now);
  if (!room) {
    const bool repeat = co_await is_repeat(services, *context.viewer, key);
    if (!repeat) co_return std::unexpected(std::move(room.error()));
    co_return co_await call(services, request, context);
  }
  taken one{services.budgets, kind, *context.viewer, key, context.now};
  auto answer = co_await call(services, request, context);
  one.wrote = costs(kind, answer);
  co_return answer;
}

task<http::response> answer_with_budget(services& services, http::request& request,
                                        request_context context, endpoint call, write_kind kind) {
  auto answer = co_await call_within_budget(services, request, context, call, kind);
  http::response out =
      answer ? std::move(*answer) : http::to_problem(answer.error(), request.request_id);
  auto [policy, state] = services.budgets.describe(kind, *context.viewer, context.now);
  if (!policy.empty()) {
    out.headers.emplace_back("ratelimit-policy", std::move(policy));
    out.headers.emplace_back("ratelimit", std::move(state));
  }
  co_return out;
}

}  // namespace

http::handler make_handler(services& services, access allowed, endpoint call,
                           std::optional<write_kind> budget) {
  return [&services, allowed, call, budget](http::request& request) -> task<http::response> {
    std::string session;
    request_context context{
        .now = services.clock.now(), .request_id = request.request_id, .trace = trace_of(request)};
    const auto known = co_await identify(services, request, allowed, context, session);
    if (!known) co_return http::to_problem(known.error(), request.request_id);
    if (budget) {
      co_return co_await answer_with_budget(services, request, context, call, *budget);
    }
    auto answer = co_await call(services, request, context);
    if (!answer) co_return http::to_problem(answer.error(), request.request_id);
    co_return std::move(*answer);
  };
}

http::access_check make_access_check(services& services, access allowed) {
  return [&services, allowed](http::request& request) -> task<std::optional<http::response>> {
    std::string session;
    request_context context{.now = services.clock.now()};
    const auto known = co_await identify(services, request, allowed, context, session);
    if (!known) co_return http::to_problem(known.error(), request.request_id);
    co_return std::nullopt;
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
