#include "http/client_stream.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "http/write_pace.hpp"

namespace cruddur::http {
namespace {

namespace asio = boost::asio;

constexpr auto await = asio::as_tuple(asio::deferred);
constexpr std::size_t source_piece_bytes = 64 * 1024;
constexpr std::chrono::milliseconds linger_time{2000};
constexpr std::size_t linger_bytes = 1024 * 1024;

}  // namespace

client_stream::client_stream(stream_socket socket, loop_listener& listener, const limits& bounds)
    : listener_{listener}, bounds_{bounds}, socket_{std::move(socket)} {}

void client_stream::enter(phase next, std::chrono::milliseconds timeout) {
  enter_until(next, coarse_now() + timeout.count());
}

void client_stream::enter_until(phase next, std::int64_t deadline) {
  phase_ = next;
  deadline_ = deadline;
}

bool client_stream::take_overdue() {
  return std::exchange(overdue_, false);
}

bool client_stream::flush_now() {
  if (broken_) return false;
  if (output_.empty()) return true;
  const auto progress = output_.write_to(socket_.native_handle());
  broken_ = progress == output_queue::progress::failed;
  return progress == output_queue::progress::done;
}

task<bool> client_stream::flush_rest() {
  const write_pace pace{bounds_.write_timeout, bounds_.least_write_rate, coarse_now(),
                        output_.bytes()};
  while (!broken_ && !output_.empty()) {
    enter_until(phase::writing, pace.deadline(coarse_now()));
    const auto [error] = co_await socket_.async_wait(stream_socket::wait_write, await);
    broken_ = broken_ || error;
    flush_now();
  }
  co_return !broken_;
}

task<bool> client_stream::send(body_source& source) {
  if (!flush_now() && !co_await flush_rest()) co_return false;
  std::uint64_t left = source.size();
  const write_pace pace{bounds_.write_timeout, bounds_.least_write_rate, coarse_now(),
                        static_cast<std::size_t>(left)};
  const auto piece = std::make_unique_for_overwrite<char[]>(source_piece_bytes);
  while (left > 0) {
    // A source that is too slow ends the connection as a reader does that is too slow.
    enter(phase::writing, bounds_.handler_timeout);
    const std::size_t room = std::min<std::uint64_t>(left, source_piece_bytes);
    const auto count = co_await source.read({piece.get(), room});
    if (broken_) co_return false;
    if (!count) throw std::runtime_error{count.error().detail};
    if (*count == 0 || *count > room) {
      throw std::runtime_error{"A body is shorter than it was said to be."};
    }
    left -= *count;
    for (std::size_t sent = 0; sent < *count;) {
      enter_until(phase::writing, pace.deadline(coarse_now()));
      const auto [error, taken] =
          co_await socket_.async_write_some(asio::buffer(piece.get() + sent, *count - sent), await);
      if (error) co_return false;
      sent += taken;
    }
  }
  co_return true;
}

task<bool> client_stream::end_turn() {
  if (!flush_now()) co_return co_await flush_rest();
  enter(phase::writing, bounds_.write_timeout);
  co_await listener_.async_turn(asio::deferred);
  co_return !broken_;
}

task<> client_stream::linger() {
  boost::system::error_code error;
  socket_.shutdown(stream_socket::shutdown_send, error);
  if (error) co_return;
  enter(phase::lingering, linger_time);
  for (std::size_t total = 0; total < linger_bytes;) {
    input_.consume(input_.size());
    const auto [failure, count] = co_await async_read(input_.prepare());
    if (failure) co_return;
    total += count;
  }
}

void client_stream::close() {
  broken_ = true;
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void client_stream::expire() {
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
      break;
  }
}

}  // namespace cruddur::http
