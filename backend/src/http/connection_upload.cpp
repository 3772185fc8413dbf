// How a connection gives a body to a sink: a piece is read, then awaited until the sink has taken
// it, so that a slow sink slows its sender and nobody else. No more than one piece is in memory.
#include "http/chunk_decoder.hpp"
#include "http/connection.hpp"
#include "http/problem.hpp"
#include "http/write_pace.hpp"

namespace cruddur::http {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::string_view continue_answer = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr refusal too_large{413, "body_too_large", "The request's body is too large."};

}  // namespace

task<bool> connection::stream_body(const route& route, const head_parser& parser,
                                   std::size_t head_bytes, std::size_t limit) {
  if (!parser.is_chunked() && parser.content_length() > limit) {
    skip_body(parser, head_bytes);
    left_unread_ = true;
    refuse(too_large);
    co_return false;
  }
  const auto open = [](connection& self, const sink_factory& make) -> task<result<>> {
    auto made = co_await make(self.request_);
    if (!made) co_return std::unexpected(std::move(made.error()));
    self.request_.sink = std::move(*made);
    co_return result<>{};
  };
  // What is in the buffer behind the head may be a part of the body, all of it, or more.
  consumed_ = input_.size();
  if (!co_await run_sink_step(open(*this, route.sink))) co_return false;
  if (parser.expects_continue() && input_.size() == head_bytes) output_.text() += continue_answer;
  const bool is_whole = parser.is_chunked()
                            ? co_await stream_chunked_body(head_bytes, limit)
                            : co_await stream_sized_body(parser.content_length(), head_bytes);
  co_return is_whole&& co_await run_sink_step(request_.sink->end());
}

task<bool> connection::stream_sized_body(std::uint64_t length, std::size_t head_bytes) {
  const limits& bounds = core_->options.bounds;
  std::uint64_t left = length;
  const write_pace pace{bounds.body_timeout, bounds.least_upload_rate, listener_->coarse_now(),
                        static_cast<std::size_t>(left)};
  const std::string_view there = input_.view().substr(head_bytes);
  const auto first = static_cast<std::size_t>(std::min<std::uint64_t>(left, there.size()));
  consumed_ = head_bytes + first;
  left -= first;
  if (first > 0 && !co_await run_sink_step(request_.sink->write(there.substr(0, first)))) {
    co_return false;
  }
  while (left > 0) {
    body_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, piece_bytes)));
    phase_ = phase::body;
    deadline_ = pace.deadline(listener_->coarse_now());
    const std::size_t count = co_await read_into(body_.data(), body_.size());
    if (count == 0) co_return false;
    left -= count;
    if (!co_await run_sink_step(request_.sink->write({body_.data(), count}))) co_return false;
  }
  co_return true;
}

task<bool> connection::stream_chunked_body(std::size_t head_bytes, std::size_t limit) {
  const limits& bounds = core_->options.bounds;
  const write_pace pace{bounds.body_timeout, bounds.least_upload_rate, listener_->coarse_now(),
                        limit};
  chunk_decoder decoder{limit, core_->head_bounds.header_bytes};
  std::string raw{input_.view().substr(head_bytes)};
  for (;;) {
    std::string_view rest = raw;
    body_.clear();
    if (const auto refused = decoder.take(rest, body_)) {
      refuse(*refused);
      co_return false;
    }
    if (!body_.empty() && !co_await run_sink_step(request_.sink->write(body_))) co_return false;
    if (decoder.done()) {
      carry_ = rest;
      co_return true;
    }
    raw.resize(piece_bytes);
    phase_ = phase::body;
    deadline_ = pace.deadline(listener_->coarse_now());
    const std::size_t count = co_await read_into(raw.data(), raw.size());
    if (count == 0) co_return false;
    raw.resize(count);
  }
}

task<bool> connection::run_sink_step(task<result<>> step) {
  enter(phase::handling, core_->options.bounds.handler_timeout);
  std::optional<response> answer;
  std::string reason;
  try {
    const auto done = co_await std::move(step);
    if (!done) answer = to_problem(done.error(), request_.request_id);
  } catch (const std::exception& error) {
    reason = error.what();
  } catch (...) {
    reason = "an exception of an unknown kind";
  }
  if (abandoned_) co_return false;
  if (!reason.empty()) answer = answer_failure(reason);
  if (!answer) co_return true;
  after_ = persistence::close;
  left_unread_ = true;
  finish(std::move(*answer), {});
  co_return false;
}

}  // namespace cruddur::http
