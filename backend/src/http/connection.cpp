#include "http/connection.hpp"

#include <cstring>
#include <exception>

#include "http/built_in_answers.hpp"
#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/text.hpp"
#include "http/upgraded_connection.hpp"

namespace cruddur::http {
namespace {

using phase = client_stream::phase;

constexpr std::size_t most_empty_lines = 16;  // bytes

constexpr refusal too_many_empty_lines{400, "request_malformed",
                                       "Too many empty lines came before a request."};

bool is_sane_id(std::string_view id) {
  return id.size() >= 8 && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
           return is_digit(c) || is_alpha(c) || c == '-' || c == '_' || c == '.';
         });
}

// The words of the exception that is being handled.
std::string reason_of_exception() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of an unknown kind";
  }
}

// Whether the client has the answer already that this one would be (RFC 9110, section 13.1.2).
bool is_unmodified(const request& request, const response& answer) {
  const bool is_read = request.verb == method::get || request.verb == method::head;
  if (!is_read || answer.status != 200) return false;
  const std::string_view if_none_match = request.header("if-none-match");
  if (if_none_match.empty()) return false;
  return std::ranges::any_of(answer.headers, [&](const auto& header) {
    return header.first == "etag" && none_match_names(if_none_match, header.second);
  });
}

}  // namespace

connection::connection(std::shared_ptr<server_core> core, std::shared_ptr<loop_listener> listener,
                       stream_socket socket, const boost::asio::ip::address& peer,
                       address_counts::place place)
    : core_{std::move(core)},
      place_{std::move(place)},
      listener_{std::move(listener)},
      stream_{std::move(socket), *listener_, core_->options.bounds},
      bodies_{stream_, core_->options.bounds},
      peer_{peer},
      peer_text_{core_->proxies.client_address(peer, {})} {
  // Who connects has something to say: only after that the connection may be idle.
  stream_.enter(phase::idle, core_->options.bounds.header_timeout);
  core_->connection_began();
}

connection::~connection() {
  // While the listener, whose list it is, is sure to be there.
  if (is_linked()) unlink();
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

// One coroutine for all that every request needs: a further one for each would cost as much as the
// look-up of its path.
task<> connection::serve() {
  const limits& bounds = core_->options.bounds;
  input_buffer& input = stream_.input();
  do {
    const auto head_bytes = find_head();
    if (!head_bytes) break;
    if (*head_bytes == 0) {
      if (!stream_.flush_now() && !co_await stream_.flush_rest()) co_return;
      if (core_->draining && input.empty()) break;
      await_head();
      const auto [error, count] = co_await stream_.async_read(input.prepare());
      if (!take_head_bytes(error, count)) break;
      continue;
    }
    begin_request();
    bodies_.begin(*head_bytes);
    head_parser head{request_, core_->head_bounds};
    if (!parse(head, *head_bytes)) break;
    const router::match match = core_->routes->find(request_);
    std::optional<response> answer = built_in_answer(*core_, request_, match);
    if (head.has_body()) {
      answer = co_await receive_body(match, head, std::move(answer));
      if (abandoned_ || stream_.is_broken()) co_return;
    }
    if (!answer) {
      const handler& handle = match.handle ? *match.handle : core_->options.fallback;
      stream_.enter(phase::handling, bounds.handler_timeout);
      std::string reason;
      try {
        answer = co_await handle(request_);
      } catch (...) {
        reason = reason_of_exception();
      }
      if (abandoned_) co_return;
      if (!answer) answer = answer_failure(reason);
    }
    if (answer->take_over && std::holds_alternative<std::unique_ptr<body_source>>(answer->body)) {
      answer = answer_failure("An answer with a body from a source can't give its socket away.");
    }
    if (answer->take_over) co_return co_await hand_over(std::move(*answer), match.pattern);
    finish(std::move(*answer), match.pattern);
    if (const auto source = std::move(source_)) {
      if (!co_await stream_.send(*source)) co_return;
    }
    consume_request();
    const output_queue& output = stream_.output();
    const bool is_turn_over =
        output.answers() >= bounds.turn_requests || output.bytes() >= bounds.turn_bytes;
    const bool goes_on = persistence_ != persistence::close;
    if (goes_on && is_turn_over && !co_await stream_.end_turn()) co_return;
  } while (persistence_ != persistence::close);
  if (!stream_.flush_now() && !co_await stream_.flush_rest()) co_return;
  if (!input.empty() || left_unread_) co_await stream_.linger();
}

std::optional<std::size_t> connection::find_head() {
  const input_buffer& input = stream_.input();
  std::optional<refusal> refused;
  if (!skip_empty_lines()) {
    refused = too_many_empty_lines;
  } else {
    const auto head = find_head_end(input.view(), scanned_, core_->head_bounds);
    if (!head.refused) return head.length;
    refused = head.refused;
  }
  begin_request();
  refuse(*refused);
  return std::nullopt;
}

void connection::await_head() {
  const limits& bounds = core_->options.bounds;
  input_buffer& input = stream_.input();
  input.shrink_if_empty();
  if (input.empty()) {
    // Empty lines buy no time.
    if (stream_.current_phase() != phase::idle) stream_.enter(phase::idle, bounds.idle_timeout);
  } else if (stream_.current_phase() != phase::head) {
    // The first bytes came with the request before.
    stream_.enter(phase::head, bounds.header_timeout);
  }
}

bool connection::take_head_bytes(const boost::system::error_code& error, std::size_t count) {
  const bool is_overdue = stream_.take_overdue();
  if (!error) {
    stream_.input().commit(count);
    return true;
  }
  if (is_overdue) {
    begin_request();
    refuse(request_overdue);
  } else {
    stream_.close();
  }
  return false;
}

bool connection::parse(head_parser& head, std::size_t head_bytes) {
  const auto refused = head.parse(stream_.input().bytes().first(head_bytes));
  choose_request_id();
  if (refused) {
    refuse(*refused);
    return false;
  }
  choose_persistence(head);
  return true;
}

task<std::optional<response>> connection::check_access(const router::match& match) {
  stream_.enter(phase::handling, core_->options.bounds.handler_timeout);
  std::string reason;
  try {
    co_return co_await match.found->access(request_);
  } catch (...) {
    reason = reason_of_exception();
  }
  co_return answer_failure(reason);
}

// Nothing of the body is read before it is known who wants it.
task<std::optional<response>> connection::receive_body(const router::match& match,
                                                       const head_parser& head,
                                                       std::optional<response> answer) {
  if (!answer && match.found && match.found->access) answer = co_await check_access(match);
  if (abandoned_) co_return std::nullopt;
  if (answer) {
    const bool is_whole = bodies_.skip(head);
    if (!is_whole) persistence_ = persistence::close;
    left_unread_ = !is_whole;
    co_return answer;
  }
  std::string reason;
  try {
    const auto received = co_await read_body(match.found, head);
    if (received) co_return std::nullopt;
    if (std::holds_alternative<body_reader::client_gone>(received.error())) {
      stream_.close();
      co_return std::nullopt;
    }
    const auto* refusal = std::get_if<http::refusal>(&received.error());
    answer = refusal ? answer_refusal(*refusal)
                     : to_problem(std::get<fault>(received.error()), request_.request_id);
  } catch (...) {
    reason = reason_of_exception();
  }
  if (!answer) answer = answer_failure(reason);
  persistence_ = persistence::close;
  left_unread_ = true;
  co_return answer;
}

// Into the request, or into the sink that the route makes.
task<body_reader::outcome<void>> connection::read_body(const route* route,
                                                       const head_parser& head) {
  const limits& bounds = core_->options.bounds;
  const std::size_t limit = route && route->body_limit ? *route->body_limit : bounds.body_bytes;
  if (const auto refused = body_reader::check_length(head, limit)) {
    co_return std::unexpected(*refused);
  }
  if (route && route->sink) {
    stream_.enter(phase::handling, bounds.handler_timeout);
    auto sink = co_await route->sink(request_);
    if (!sink) co_return std::unexpected(std::move(sink.error()));
    request_.sink = std::move(*sink);
    co_return co_await bodies_.stream(head, limit, *request_.sink);
  }
  const auto body = co_await bodies_.read(head, limit);
  if (!body) co_return std::unexpected(body.error());
  request_.body = *body;
  co_return body_reader::outcome<void>{};
}

task<> connection::hand_over(response answer, std::string_view route) {
  persistence_ = persistence::taken_over;
  auto take_over = std::move(answer.take_over);
  finish(std::move(answer), route);
  consume_request();
  if (!stream_.flush_now() && !co_await stream_.flush_rest()) co_return;
  auto registration = std::make_unique<socket_registration>(core_, listener_, std::move(place_));
  is_counted_ = false;
  take_over({stream_.release(), std::string{stream_.input().view()}, std::move(registration)});
}

bool connection::skip_empty_lines() {
  if (scanned_ > 0) return true;
  const std::size_t count = empty_lines_before(stream_.input().view());
  stream_.input().consume(count);
  empty_lines_ += count;
  return empty_lines_ <= most_empty_lines;
}

void connection::begin_request() {
  empty_lines_ = 0;
  stream_.enter(phase::head, core_->options.bounds.header_timeout);
  began_ = std::chrono::steady_clock::now();
  request_.verb = method::other;
  request_.path = request_.query = request_.body = request_.request_id = {};
  request_.headers.clear();
  request_.joined_values.clear();
  request_.path_values.clear();
  request_.received_at = core_->time.now();
  request_.remote_address = peer_text_;
  persistence_ = persistence::close;
}

void connection::choose_request_id() {
  const std::string_view proposed = request_.header("x-request-id");
  if (is_sane_id(proposed)) {
    std::memcpy(id_text_.data(), proposed.data(), proposed.size());
    request_.request_id = {id_text_.data(), proposed.size()};
    return;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::uint64_t number = listener_->next_request_number();
  for (std::size_t i = 0; i < 16; ++i, number >>= 4U) id_text_[i] = digits[number & 0xfU];
  request_.request_id = {id_text_.data(), 16};
}

void connection::choose_persistence(const head_parser& head) {
  if (head.keep_alive() && !core_->draining) {
    persistence_ = head.is_http_1_0() ? persistence::keep_alive_1_0 : persistence::keep_alive;
  }
  if (core_->proxies.trusts(peer_)) {
    client_text_ = core_->proxies.client_address(peer_, request_.header("x-forwarded-for"));
    request_.remote_address = client_text_;
  }
}

response connection::answer_failure(std::string_view reason) {
  if (core_->options.on_exception) core_->options.on_exception(reason, request_.request_id);
  return internal_error(request_.request_id);
}

response connection::answer_refusal(const refusal& refusal) {
  const std::string_view codes[] = {refusal.code};
  return make_problem({refusal.status, reason_phrase(refusal.status), codes, refusal.detail, {}},
                      request_.request_id);
}

void connection::refuse(const refusal& refusal) {
  if (request_.request_id.empty()) choose_request_id();
  persistence_ = persistence::close;
  finish(answer_refusal(refusal), {});
}

void connection::finish(response answer, std::string_view route) {
  if (is_unmodified(request_, answer)) answer.status = 304;
  if (core_->draining && persistence_ != persistence::taken_over) persistence_ = persistence::close;
  if (core_->options.on_request) {
    core_->options.on_request({request_, answer, route,
                               std::chrono::duration_cast<std::chrono::microseconds>(
                                   std::chrono::steady_clock::now() - began_)});
  }
  queue(std::move(answer));
}

void connection::queue(response answer) {
  output_queue& output = stream_.output();
  const std::int64_t now_ms = to_unix_ms(core_->time.now());
  append_answer_head(
      output.text(), answer,
      {core_->fixed, core_->cors.answer_lines(request_.header("origin")),
       listener_->http_date(now_ms / 1000), request_.request_id, now_ms, persistence_});
  output.count_answer();
  if (request_.verb == method::head || answer.status == 204 || answer.status == 304) return;
  if (auto* source = std::get_if<std::unique_ptr<body_source>>(&answer.body)) {
    source_ = std::move(*source);
  } else {
    output.add_body(std::move(answer));
  }
}

void connection::consume_request() {
  bodies_.finish();
  scanned_ = 0;
  request_.path = request_.query = request_.body = {};
  request_.headers.clear();
  request_.joined_values.clear();
  request_.sink.reset();
}

void connection::drain() {
  if (stream_.current_phase() == phase::idle) close();
}

void connection::close() {
  stream_.close();
}

void connection::expire_if_due(std::int64_t now) {
  if (!stream_.is_due(now)) return;
  if (stream_.current_phase() == phase::handling) {
    abandon_handler();
  } else {
    stream_.expire();
  }
}

void connection::abandon_handler() {
  if (abandoned_) return;
  abandoned_ = true;
  // The handler goes on, with everything that it uses still in place; only its answer is lost.
  persistence_ = persistence::close;
  finish(to_problem(make_fault(fault_kind::unavailable, "handler_timeout",
                               "The server took too long; try again in a moment.",
                               std::chrono::seconds{1}),
                    request_.request_id),
         {});
  stream_.flush_now();
  stream_.close();
}

}  // namespace cruddur::http
