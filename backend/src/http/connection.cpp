#include "http/connection.hpp"

#include <cstring>
#include <exception>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/text.hpp"
#include "http/upgraded_connection.hpp"

namespace cruddur::http {
namespace {

namespace asio = boost::asio;

constexpr auto await = asio::as_tuple(asio::deferred);
constexpr std::size_t kept_body_bytes = 4 * 1024;
constexpr std::size_t most_empty_lines = 16;  // bytes

bool is_sane_id(std::string_view id) {
  return id.size() >= 8 && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
           return is_digit(c) || is_alpha(c) || c == '-' || c == '_' || c == '.';
         });
}

}  // namespace

connection::connection(std::shared_ptr<server_core> core, std::shared_ptr<loop_listener> listener,
                       stream_socket socket, const asio::ip::address& peer,
                       address_counts::place place)
    : core_{std::move(core)},
      place_{std::move(place)},
      listener_{std::move(listener)},
      socket_{std::move(socket)},
      peer_{peer},
      peer_text_{core_->proxies.client_address(peer, {})} {
  // Who connects has something to say: only after that the connection may be idle.
  enter(phase::idle, core_->options.bounds.header_timeout);
  core_->connection_began();
}

connection::~connection() {
  if (is_counted_) core_->connection_ended();
}

task<> connection::run(std::unique_ptr<connection> self) {
  try {
    co_await self->serve();
  } catch (const std::exception& error) {
    if (self->core_->options.on_exception) {
      self->core_->options.on_exception(error.what(), self->request_.request_id);
    }
  }
}

void connection::enter(phase next, std::chrono::milliseconds timeout) {
  phase_ = next;
  deadline_ = listener_->coarse_now() + timeout.count();
}

task<> connection::serve() {
  const limits& bounds = core_->options.bounds;
  for (;;) {
    if (!skip_empty_lines()) {
      begin_request();
      refuse({400, "request_malformed", "Too many empty lines came before a request."});
      break;
    }
    const auto head = find_head_end(input_.view(), scanned_, core_->head_bounds);
    if (head.length == 0 && !head.refused) {
      if (!flush_now() && !co_await flush_rest()) co_return;
      if (core_->draining && input_.empty()) co_return;
      input_.shrink_if_empty();
      if (input_.empty()) {
        // Empty lines buy no time.
        if (phase_ != phase::idle) enter(phase::idle, bounds.idle_timeout);
      } else if (phase_ != phase::head) {
        enter(phase::head, bounds.header_timeout);  // the first bytes came with the request before
      }
      const auto room = input_.prepare();
      const auto [error, count] =
          co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), await);
      if (error && !overdue_) co_return;
      if (std::exchange(overdue_, false) && error) {
        if (phase_ == phase::idle) co_return;
        refuse_overdue();
        break;
      }
      input_.commit(count);
      continue;
    }

    begin_request();
    if (head.refused) {
      refuse(*head.refused);
      break;
    }
    head_parser parser{request_, core_->head_bounds};
    const auto refused = parser.parse(input_.bytes().first(head.length));
    choose_request_id();
    if (refused) {
      refuse(*refused);
      break;
    }
    choose_persistence(parser);
    consumed_ = head.length;
    // Nothing of the body is read before it is known who wants it.
    const router::match match = core_->routes->find(request_);
    std::optional<response> answer = answer_without_handler(match);
    if (parser.has_body()) {
      if (!answer && match.found && match.found->access) answer = co_await check_access(match);
      if (abandoned_) co_return;
      if (answer) {
        skip_body(parser, head.length);
      } else {
        const auto limit = match.found ? match.found->body_limit : std::nullopt;
        const std::size_t bytes = limit.value_or(bounds.body_bytes);
        const bool has_sink = match.found && match.found->sink;
        const bool is_read = has_sink
                                 ? co_await stream_body(*match.found, parser, head.length, bytes)
                                 : co_await read_body(parser, head.length, bytes);
        if (abandoned_) co_return;
        if (!is_read) break;
      }
    }
    if (!answer) {
      const handler& handle = match.handle ? *match.handle : core_->options.fallback;
      enter(phase::handling, bounds.handler_timeout);
      std::string what;
      try {
        answer = co_await handle(request_);
      } catch (const std::exception& error) {
        what = error.what();
      } catch (...) {
        what = "an exception of an unknown kind";
      }
      if (abandoned_) co_return;
      if (!answer) answer = answer_failure(what);
    }
    if (answer->take_over) {
      co_await hand_over(std::move(*answer), match.pattern);
      co_return;
    }
    finish(std::move(*answer), match.pattern);
    if (source_ && !co_await send_source()) co_return;
    consume_request();
    if (after_ == persistence::close) break;
    if (output_.answers() >= bounds.turn_requests || output_.bytes() >= bounds.turn_bytes) {
      if (!co_await end_turn()) co_return;
    }
  }
  if (!flush_now() && !co_await flush_rest()) co_return;
  if (!input_.empty() || left_unread_) co_await linger();
}

task<std::optional<response>> connection::check_access(const router::match& match) {
  enter(phase::handling, core_->options.bounds.handler_timeout);
  std::string reason;
  try {
    co_return co_await match.found->access(request_);
  } catch (const std::exception& error) {
    reason = error.what();
  } catch (...) {
    reason = "an exception of an unknown kind";
  }
  co_return answer_failure(reason);
}

task<> connection::hand_over(response answer, std::string_view route) {
  after_ = persistence::taken_over;
  auto take_over = std::move(answer.take_over);
  finish(std::move(answer), route);
  consume_request();
  if (!flush_now() && !co_await flush_rest()) co_return;
  auto registration = std::make_unique<socket_registration>(core_, listener_, std::move(place_));
  is_counted_ = false;
  take_over({std::move(socket_), std::string{input_.view()}, std::move(registration)});
}

bool connection::skip_empty_lines() {
  if (scanned_ > 0) return true;
  const std::size_t count = empty_lines_before(input_.view());
  input_.consume(count);
  empty_lines_ += count;
  return empty_lines_ <= most_empty_lines;
}

void connection::begin_request() {
  empty_lines_ = 0;
  phase_ = phase::head;
  began_ = std::chrono::steady_clock::now();
  request_.verb = method::other;
  request_.path = request_.query = request_.body = request_.request_id = {};
  request_.headers.clear();
  request_.joined_values.clear();
  request_.path_values.clear();
  request_.received_at = core_->time.now();
  request_.remote_address = peer_text_;
  after_ = persistence::close;
}

void connection::choose_request_id() {
  const std::string_view given = request_.header("x-request-id");
  if (is_sane_id(given)) {
    std::memcpy(id_text_.data(), given.data(), given.size());
    request_.request_id = {id_text_.data(), given.size()};
    return;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::uint64_t number = listener_->next_request_number();
  for (std::size_t i = 0; i < 16; ++i, number >>= 4U) id_text_[i] = digits[number & 0xfU];
  request_.request_id = {id_text_.data(), 16};
}

void connection::choose_persistence(const head_parser& parser) {
  if (parser.keep_alive() && !core_->draining) {
    after_ = parser.is_http_1_0() ? persistence::keep_alive_1_0 : persistence::keep_alive;
  }
  if (core_->proxies.trusts(peer_)) {
    client_text_ = core_->proxies.client_address(peer_, request_.header("x-forwarded-for"));
    request_.remote_address = client_text_;
  }
}

response connection::answer_options(const std::string& allow) const {
  const std::string_view origin = request_.header("origin");
  response out{204, {}, std::string{}, {}};
  out.headers.emplace_back("allow", allow);
  if (request_.header("access-control-request-method").empty()) return out;
  if (!core_->cors.allows(origin)) {
    return to_problem({fault_kind::forbidden,
                       {"origin_forbidden"},
                       "Pages of this origin may not call this server.",
                       {},
                       std::nullopt},
                      request_.request_id);
  }
  out.headers.emplace_back("access-control-allow-methods", allow);
  out.headers.emplace_back("access-control-allow-headers", cors_policy::allow_headers);
  out.headers.emplace_back("access-control-max-age", cors_policy::max_age_seconds);
  return out;
}

// What needs no handler: OPTIONS, and paths or methods that nothing serves.
std::optional<response> connection::answer_without_handler(const router::match& match) {
  if (match.handle) return std::nullopt;
  const bool reads = request_.verb == method::get || request_.verb == method::head;
  if (request_.verb == method::options) {
    if (!match.allow.empty()) return answer_options(match.allow);
    if (request_.path == "*" || core_->options.fallback)
      return answer_options("GET, HEAD, OPTIONS");
  }
  if (!match.allow.empty()) {
    constexpr std::string_view codes[] = {"method_not_allowed"};
    response out =
        make_problem({405, "Method Not Allowed", codes, "This path does not have that method.", {}},
                     request_.request_id);
    out.headers.emplace_back("allow", match.allow);
    return out;
  }
  if (reads && core_->options.fallback) return std::nullopt;
  return to_problem(
      {fault_kind::not_found, {"path_not_found"}, "Nothing is at this path.", {}, std::nullopt},
      request_.request_id);
}

response connection::answer_failure(std::string_view what) {
  if (core_->options.on_exception) core_->options.on_exception(what, request_.request_id);
  constexpr std::string_view codes[] = {"internal_error"};
  return make_problem({500,
                       "Internal Server Error",
                       codes,
                       "Something went wrong on the server. It has been noted.",
                       {}},
                      request_.request_id);
}

void connection::queue(response answer) {
  const std::int64_t now_ms = to_unix_ms(core_->time.now());
  append_answer_head(output_.text(), answer,
                     {core_->fixed, core_->cors.answer_lines(request_.header("origin")),
                      listener_->http_date(now_ms / 1000), request_.request_id, now_ms, after_});
  output_.count_answer();
  if (request_.verb != method::head && answer.status != 204 && answer.status != 304) {
    if (auto* source = std::get_if<std::unique_ptr<body_source>>(&answer.body)) {
      source_ = std::move(*source);
    } else {
      output_.add_body(std::move(answer));
    }
  }
}

void connection::finish(response answer, std::string_view route) {
  const bool reads = request_.verb == method::get || request_.verb == method::head;
  if (reads && answer.status == 200) {
    const std::string_view if_none_match = request_.header("if-none-match");
    if (!if_none_match.empty()) {
      for (const auto& [name, value] : answer.headers) {
        if (name == "etag" && none_match_names(if_none_match, value)) {
          answer.status = 304;
          break;
        }
      }
    }
  }
  if (core_->draining && after_ != persistence::taken_over) after_ = persistence::close;
  if (core_->options.on_request) {
    core_->options.on_request({request_, answer, route,
                               std::chrono::duration_cast<std::chrono::microseconds>(
                                   std::chrono::steady_clock::now() - began_)});
  }
  queue(std::move(answer));
}

void connection::refuse(const refusal& why) {
  if (request_.request_id.empty()) choose_request_id();
  after_ = persistence::close;
  const std::string_view codes[] = {why.code};
  finish(make_problem({why.status, reason_phrase(why.status), codes, why.detail, {}},
                      request_.request_id),
         {});
}

void connection::refuse_overdue() {
  if (phase_ == phase::head) begin_request();
  refuse({408, "request_timeout", "The request took too long to arrive."});
}

void connection::consume_request() {
  input_.consume(consumed_);
  consumed_ = scanned_ = 0;
  if (!carry_.empty()) {
    input_.append(carry_);
    carry_.clear();
  }
  body_.clear();
  if (body_.capacity() > kept_body_bytes) body_.shrink_to_fit();
  request_.path = request_.query = request_.body = {};
  request_.headers.clear();
  request_.joined_values.clear();
  request_.sink.reset();
}

}  // namespace cruddur::http
