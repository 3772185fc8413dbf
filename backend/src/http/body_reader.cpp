#include "http/body_reader.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "http/write_pace.hpp"

namespace cruddur::http {
namespace {

using phase = client_stream::phase;

constexpr std::string_view continue_answer = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t kept_body_bytes = 4 * 1024;
constexpr std::size_t chunk_read_bytes = 8 * 1024;
constexpr std::size_t piece_bytes = 64 * 1024;

}  // namespace

void body_reader::begin(std::size_t head_bytes) {
  head_bytes_ = used_ = head_bytes;
}

void body_reader::finish() {
  stream_.input().consume(std::exchange(used_, 0));
  stream_.input().append(surplus_);
  surplus_.clear();
  body_.clear();
  if (body_.capacity() > kept_body_bytes) body_.shrink_to_fit();
}

bool body_reader::skip(const head_parser& head) {
  if (!head.is_chunked() && head.content_length() <= input_behind_head().size()) {
    used_ = head_bytes_ + head.content_length();
    return true;
  }
  used_ = stream_.input().size();
  return false;
}

std::optional<refusal> body_reader::check_length(const head_parser& head, std::size_t limit) {
  if (head.is_chunked() || head.content_length() <= limit) return std::nullopt;
  return body_too_large;
}

task<body_reader::outcome<std::string_view>> body_reader::read(const head_parser& head,
                                                               std::size_t limit) {
  stream_.enter(phase::body, bounds_.body_timeout);
  allow_continue(head);
  if (head.is_chunked()) co_return co_await read_chunked(limit);
  co_return co_await read_sized(head.content_length());
}

task<body_reader::outcome<std::string_view>> body_reader::read_sized(std::size_t length) {
  const std::string_view present = input_behind_head();
  if (present.size() >= length) {
    used_ = head_bytes_ + length;
    co_return present.substr(0, length);
  }
  const std::int64_t deadline = stream_.coarse_now() + bounds_.body_timeout.count();
  used_ = stream_.input().size();
  body_.resize(length);
  std::memcpy(body_.data(), present.data(), present.size());
  for (std::size_t filled = present.size(); filled < length;) {
    const auto count = co_await read_piece({body_.data() + filled, length - filled}, deadline);
    if (!count) co_return std::unexpected(count.error());
    filled += *count;
  }
  co_return body_;
}

task<body_reader::outcome<std::string_view>> body_reader::read_chunked(std::size_t limit) {
  const std::int64_t deadline = stream_.coarse_now() + bounds_.body_timeout.count();
  chunk_decoder decoder{limit, bounds_.header_bytes};
  std::string raw = take_input();
  for (;;) {
    std::string_view rest = raw;
    if (const auto refused = decoder.take(rest, body_)) co_return std::unexpected(*refused);
    if (decoder.done()) {
      surplus_ = rest;
      co_return body_;
    }
    raw.resize(chunk_read_bytes);
    const auto count = co_await read_piece(raw, deadline);
    if (!count) co_return std::unexpected(count.error());
    raw.resize(*count);
  }
}

task<body_reader::outcome<void>> body_reader::stream(const head_parser& head, std::size_t limit,
                                                     body_sink& sink) {
  allow_continue(head);
  auto streamed = head.is_chunked() ? co_await stream_chunked(limit, sink)
                                    : co_await stream_sized(head.content_length(), sink);
  if (!streamed) co_return streamed;
  co_return co_await await_sink(sink.end());
}

task<body_reader::outcome<void>> body_reader::stream_sized(std::uint64_t length, body_sink& sink) {
  std::uint64_t left = length;
  const write_pace pace{bounds_.body_timeout, bounds_.least_upload_rate, stream_.coarse_now(),
                        static_cast<std::size_t>(left)};
  const std::string_view present = input_behind_head();
  const auto first = static_cast<std::size_t>(std::min<std::uint64_t>(left, present.size()));
  used_ = head_bytes_ + first;
  left -= first;
  if (first > 0) {
    auto written = co_await await_sink(sink.write(present.substr(0, first)));
    if (!written) co_return written;
  }
  while (left > 0) {
    body_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, piece_bytes)));
    const auto count = co_await read_piece(body_, pace.deadline(stream_.coarse_now()));
    if (!count) co_return std::unexpected(count.error());
    left -= *count;
    auto written = co_await await_sink(sink.write({body_.data(), *count}));
    if (!written) co_return written;
  }
  co_return outcome<void>{};
}

task<body_reader::outcome<void>> body_reader::stream_chunked(std::size_t limit, body_sink& sink) {
  const write_pace pace{bounds_.body_timeout, bounds_.least_upload_rate, stream_.coarse_now(),
                        limit};
  chunk_decoder decoder{limit, bounds_.header_bytes};
  std::string raw = take_input();
  for (;;) {
    std::string_view rest = raw;
    body_.clear();
    if (const auto refused = decoder.take(rest, body_)) co_return std::unexpected(*refused);
    if (!body_.empty()) {
      auto written = co_await await_sink(sink.write(body_));
      if (!written) co_return written;
    }
    if (decoder.done()) {
      surplus_ = rest;
      co_return outcome<void>{};
    }
    raw.resize(piece_bytes);
    const auto count = co_await read_piece(raw, pace.deadline(stream_.coarse_now()));
    if (!count) co_return std::unexpected(count.error());
    raw.resize(*count);
  }
}

task<body_reader::outcome<std::size_t>> body_reader::read_piece(std::span<char> room,
                                                                std::int64_t deadline) {
  // Earlier answers must not wait for this body.
  if (!stream_.output().empty() && !stream_.flush_now() && !co_await stream_.flush_rest()) {
    co_return std::unexpected(client_gone{});
  }
  stream_.enter_until(phase::body, deadline);
  const auto [error, count] = co_await stream_.async_read(room);
  if (!error) co_return count;
  if (stream_.take_overdue()) co_return std::unexpected(request_overdue);
  co_return std::unexpected(client_gone{});
}

task<body_reader::outcome<void>> body_reader::await_sink(task<result<>> step) {
  stream_.enter(phase::handling, bounds_.handler_timeout);
  auto done = co_await std::move(step);
  if (!done) co_return std::unexpected(std::move(done.error()));
  co_return outcome<void>{};
}

std::string_view body_reader::input_behind_head() {
  return stream_.input().view().substr(head_bytes_);
}

std::string body_reader::take_input() {
  used_ = stream_.input().size();
  return std::string{input_behind_head()};
}

void body_reader::allow_continue(const head_parser& head) {
  if (head.expects_continue() && input_behind_head().empty()) {
    stream_.output().text() += continue_answer;
  }
}

}  // namespace cruddur::http
