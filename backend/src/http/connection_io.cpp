// How a connection reads bodies, writes, and meets its deadlines.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include "http/chunk_decoder.hpp"
#include "http/connection.hpp"
#include "http/problem.hpp"
#include "http/write_pace.hpp"

namespace cruddur::http {
namespace {

namespace asio = boost::asio;

constexpr auto await = asio::as_tuple(asio::deferred);
constexpr std::string_view continue_answer = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t chunk_read_bytes = 8 * 1024;
constexpr std::size_t source_piece_bytes = 64 * 1024;
constexpr std::chrono::milliseconds linger_time{2000};
constexpr std::size_t linger_bytes = 1024 * 1024;

constexpr refusal too_large{413, "body_too_large", "The request's body is too large."};
constexpr refusal late_body{408, "request_timeout", "The request took too long to arrive."};

}  // namespace

void connection::skip_body(const head_parser& parser, std::size_t head_bytes) {
  const std::size_t there = input_.size() - head_bytes;
  if (!parser.is_chunked() && parser.content_length() <= there) {
    consumed_ = head_bytes + parser.content_length();
    return;
  }
  consumed_ = input_.size();
  after_ = persistence::close;
  left_unread_ = true;
}

task<bool> connection::read_body(const head_parser& parser, std::size_t head_bytes,
                                 std::size_t limit) {
  if (!parser.is_chunked() && parser.content_length() > limit) {
    skip_body(parser, head_bytes);
    left_unread_ = true;
    refuse(too_large);
    co_return false;
  }
  enter(phase::body, core_->options.bounds.body_timeout);
  if (parser.is_chunked()) {
    co_return co_await read_chunked_body(head_bytes, limit, parser.expects_continue());
  }
  co_return co_await read_sized_body(parser.content_length(), head_bytes,
                                     parser.expects_continue());
}

// False when the request can't be had; a refusal is queued then, if there is anyone to tell.
task<bool> connection::read_sized_body(std::size_t length, std::size_t head_bytes,
                                       bool expects_continue) {
  const std::string_view there = input_.view().substr(head_bytes);
  if (there.size() >= length) {
    request_.body = there.substr(0, length);
    consumed_ = head_bytes + length;
    co_return true;
  }
  consumed_ = input_.size();
  if (expects_continue && there.empty()) output_.text() += continue_answer;
  body_.resize(length);
  std::memcpy(body_.data(), there.data(), there.size());
  for (std::size_t have = there.size(); have < length;) {
    const std::size_t count = co_await read_into(body_.data() + have, length - have);
    if (count == 0) co_return false;
    have += count;
  }
  request_.body = body_;
  co_return true;
}

task<bool> connection::read_chunked_body(std::size_t head_bytes, std::size_t limit,
                                         bool expects_continue) {
  std::string raw{input_.view().substr(head_bytes)};
  consumed_ = input_.size();
  if (expects_continue && raw.empty()) output_.text() += continue_answer;
  chunk_decoder decoder{limit, core_->head_bounds.header_bytes};
  for (;;) {
    std::string_view rest = raw;
    if (const auto refused = decoder.take(rest, body_)) {
      refuse(*refused);
      co_return false;
    }
    if (decoder.done()) {
      carry_ = rest;
      request_.body = body_;
      co_return true;
    }
    raw.resize(chunk_read_bytes);
    const std::size_t count = co_await read_into(raw.data(), chunk_read_bytes);
    if (count == 0) co_return false;
    raw.resize(count);
  }
}

task<std::size_t> connection::read_into(char* output, std::size_t capacity) {
  // Earlier answers must not wait for this body.
  if (!output_.empty()) {
    const std::int64_t deadline = deadline_;
    if (!flush_now() && !co_await flush_rest()) co_return 0;
    phase_ = phase::body;
    deadline_ = deadline;
  }
  const auto [error, count] =
      co_await socket_.async_read_some(asio::buffer(output, capacity), await);
  if (!error) co_return count;
  if (std::exchange(overdue_, false)) {
    refuse(late_body);
  } else {
    failed_ = true;
  }
  co_return 0;
}

bool connection::flush_now() {
  if (failed_) return false;
  if (output_.empty()) return true;
  const auto progress = output_.write_to(socket_.native_handle());
  failed_ = progress == output_queue::progress::failed;
  return progress == output_queue::progress::done;
}

task<bool> connection::flush_rest() {
  const limits& bounds = core_->options.bounds;
  const write_pace pace{bounds.write_timeout, bounds.least_write_rate, listener_->coarse_now(),
                        output_.bytes()};
  while (!failed_ && !output_.empty()) {
    phase_ = phase::writing;
    deadline_ = pace.deadline(listener_->coarse_now());
    const auto [error] = co_await socket_.async_wait(stream_socket::wait_write, await);
    if (error) co_return false;
    flush_now();
  }
  co_return !failed_;
}

task<bool> connection::send_source() {
  const auto source = std::move(source_);
  if (!flush_now() && !co_await flush_rest()) co_return false;
  const limits& bounds = core_->options.bounds;
  std::uint64_t left = source->size();
  const write_pace pace{bounds.write_timeout, bounds.least_write_rate, listener_->coarse_now(),
                        static_cast<std::size_t>(left)};
  const auto piece = std::make_unique_for_overwrite<char[]>(source_piece_bytes);
  while (left > 0) {
    // A source that is too slow ends the connection as a reader does that is too slow.
    enter(phase::writing, bounds.handler_timeout);
    const std::size_t room = std::min<std::uint64_t>(left, source_piece_bytes);
    const auto count = co_await source->read({piece.get(), room});
    if (failed_) co_return false;
    if (!count || *count == 0 || *count > room) {
      if (core_->options.on_exception) {
        core_->options.on_exception(count ? "a body is shorter than it was said to be"
                                          : std::string_view{count.error().detail},
                                    request_.request_id);
      }
      co_return false;
    }
    left -= *count;
    for (std::size_t sent = 0; sent < *count;) {
      phase_ = phase::writing;
      deadline_ = pace.deadline(listener_->coarse_now());
      const auto [error, taken] =
          co_await socket_.async_write_some(asio::buffer(piece.get() + sent, *count - sent), await);
      if (error) co_return false;
      sent += taken;
    }
  }
  co_return true;
}

// Writes what there is and lets the others on the loop have their turn.
task<bool> connection::end_turn() {
  if (!flush_now()) co_return co_await flush_rest();
  enter(phase::writing, core_->options.bounds.write_timeout);
  co_await listener_->async_turn(asio::deferred);
  co_return !failed_;
}

// Ends what is sent, then reads on for a while: closing over unread bytes would reset the
// connection, and the client might lose the answer.
task<> connection::linger() {
  boost::system::error_code error;
  socket_.shutdown(stream_socket::shutdown_send, error);
  if (error) co_return;
  enter(phase::lingering, linger_time);
  for (std::size_t total = 0; total < linger_bytes;) {
    input_.consume(input_.size());
    const auto room = input_.prepare();
    const auto [failure, count] =
        co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), await);
    if (failure) co_return;
    total += count;
  }
}

void connection::drain() {
  if (phase_ == phase::idle) close();
}

void connection::close() {
  failed_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void connection::expire_if_due(std::int64_t now) {
  if (now < deadline_) return;
  boost::system::error_code ignored;
  switch (phase_) {
    case phase::idle:
    case phase::writing:
    case phase::lingering:
      close();
      break;
    case phase::head:
    case phase::body:
      overdue_ = true;
      socket_.cancel(ignored);
      break;
    case phase::handling:
      if (abandoned_) return;
      abandoned_ = true;
      // The handler goes on, with everything it uses still in place; only its answer is lost.
      after_ = persistence::close;
      finish(to_problem({fault_kind::unavailable,
                         {"handler_timeout"},
                         "The server took too long; try again in a moment.",
                         {},
                         std::chrono::seconds{1}},
                        request_.request_id),
             {});
      flush_now();
      close();
      break;
  }
}

}  // namespace cruddur::http
