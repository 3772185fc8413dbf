// A client's socket, with what has been read from it and not used yet, what is to be written to it,
// and the time that the step under way may take. All of it runs on the loop of its listener.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>

#include "base/task.hpp"
#include "http/input_buffer.hpp"
#include "http/loop_listener.hpp"
#include "http/message.hpp"
#include "http/output_queue.hpp"
#include "http/server.hpp"
#include "http/stream_socket.hpp"

namespace cruddur::http {

class client_stream {
 public:
  enum class phase { idle, head, body, handling, writing, lingering };

  // `listener` and `bounds` outlive it.
  client_stream(stream_socket socket, loop_listener& listener, const limits& bounds);

  input_buffer& input() { return input_; }
  output_queue& output() { return output_; }

  phase current_phase() const { return phase_; }
  void enter(phase next, std::chrono::milliseconds timeout);
  // `deadline` is on the listener's coarse clock.
  void enter_until(phase next, std::int64_t deadline);
  std::int64_t coarse_now() const { return listener_.coarse_now(); }

  // Awaited, it gives an error and a number of bytes. After an error, take_overdue() tells whether
  // the time for a head or a body is over; else the client is gone.
  auto async_read(std::span<char> room) {
    return socket_.async_read_some(boost::asio::buffer(room.data(), room.size()),
                                   boost::asio::as_tuple(boost::asio::deferred));
  }
  bool take_overdue();

  // Writes what the socket takes now; false when something is left or the stream is broken.
  bool flush_now();
  // Writes the rest, as fast as the client reads it; false when it is gone or too slow.
  task<bool> flush_rest();
  // Writes the output, then all that the source gives; false as flush_rest(). Throws
  // std::runtime_error when the source gives less than its size.
  task<bool> send(body_source& source);
  // Writes what there is and lets the others on the loop have their turn.
  task<bool> end_turn();
  // Ends what is sent, then reads on for a while: closing over unread bytes would reset the
  // connection, and the client might lose the last answer.
  task<> linger();

  bool is_broken() const { return broken_; }  // nothing more can be written
  void close();
  // The socket, for another protocol.
  stream_socket release() { return std::move(socket_); }

  bool is_due(std::int64_t now) const { return now >= deadline_; }
  // Ends the read or write under way. What a handler does can't be ended here.
  void expire();

 private:
  loop_listener& listener_;
  const limits& bounds_;
  stream_socket socket_;
  input_buffer input_;
  output_queue output_;
  phase phase_ = phase::idle;
  std::int64_t deadline_ = 0;
  bool overdue_ = false;
  bool broken_ = false;
};

}  // namespace cruddur::http
