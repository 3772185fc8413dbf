// One client's connection: reads requests, has them answered, writes the answers in order.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/intrusive/list_hook.hpp>

#include "base/task.hpp"
#include "http/head_parser.hpp"
#include "http/input_buffer.hpp"
#include "http/output_queue.hpp"
#include "http/router.hpp"
#include "http/server_core.hpp"

namespace cruddur::http {

class connection : public boost::intrusive::list_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  connection(std::shared_ptr<server_core> core, std::shared_ptr<loop_listener> listener,
             stream_socket socket, const boost::asio::ip::address& peer,
             address_counts::place place);
  ~connection();

  // Serves until either side ends the connection. It owns itself: the coroutine destroys it.
  static task<> run(std::unique_ptr<connection> self);

  // The rest is called by the listener, on the same loop.
  void drain();  // ends it when it is idle; else the answer under way is the last one
  void close();
  void expire_if_due(std::int64_t now);

 private:
  enum class phase { idle, head, body, handling, writing, lingering };

  task<> serve();
  // Before the body: the answer of a request that may not send it; nothing when it may.
  task<std::optional<response>> check_access(const router::match& match);
  // Leaves the body unread. The connection ends after the answer, unless all of it has come
  // already.
  void skip_body(const head_parser& parser, std::size_t head_bytes);
  task<bool> read_body(const head_parser& parser, std::size_t head_bytes, std::size_t limit);
  task<bool> read_sized_body(std::size_t length, std::size_t head_bytes, bool expects_continue);
  task<bool> read_chunked_body(std::size_t head_bytes, std::size_t limit, bool expects_continue);
  // 0 at the end.
  task<std::size_t> read_into(char* output, std::size_t capacity);
  // Gives the body to a sink of the route; false when an answer has been queued in the handler's
  // place or the client is gone.
  task<bool> stream_body(const route& route, const head_parser& parser, std::size_t head_bytes,
                         std::size_t limit);
  task<bool> stream_sized_body(std::uint64_t length, std::size_t head_bytes);
  task<bool> stream_chunked_body(std::size_t head_bytes, std::size_t limit);
  // Awaits a step of the sink as a handler is awaited; false when it failed.
  task<bool> run_sink_step(task<result<>> step);
  task<bool> flush_rest();
  task<bool> end_turn();
  task<> linger();
  // Sends the body that comes from a source; false when that failed, and the connection has to end.
  task<bool> send_source();
  // Writes an answer whose handler takes the socket over, and gives it away.
  task<> hand_over(response answer, std::string_view route);

  bool flush_now();  // false when the socket takes no more for now, or has failed
  void enter(phase next, std::chrono::milliseconds timeout);
  bool skip_empty_lines();  // false when there are too many
  void begin_request();
  void choose_request_id();
  void choose_persistence(const head_parser& parser);
  std::optional<response> answer_without_handler(const router::match& match);
  response answer_options(const std::string& allow) const;
  response answer_failure(std::string_view what);
  void queue(response answer);
  void finish(response answer, std::string_view route);
  void refuse(const refusal& why);
  void refuse_overdue();
  void consume_request();

  std::shared_ptr<server_core> core_;
  address_counts::place place_;
  std::shared_ptr<loop_listener> listener_;
  stream_socket socket_;
  boost::asio::ip::address peer_;
  std::string peer_text_;
  std::string client_text_;  // the forwarded address, when a proxy is believed

  input_buffer input_;
  std::size_t scanned_ = 0;      // of input_, by find_head_end
  std::size_t consumed_ = 0;     // of input_, by the request under way
  std::size_t empty_lines_ = 0;  // bytes of them, since the request before
  std::string body_;             // when it isn't whole within input_
  std::string carry_;            // what came after a chunked body
  output_queue output_;
  std::unique_ptr<body_source> source_;  // of the answer whose head is queued last

  request request_;
  std::array<char, 64> id_text_{};
  persistence after_ = persistence::keep_alive;
  std::chrono::steady_clock::time_point began_;

  phase phase_ = phase::idle;
  std::int64_t deadline_ = 0;  // on the listener's coarse clock
  bool overdue_ = false;       // the deadline passed while reading
  bool failed_ = false;        // nothing more can be written
  bool abandoned_ = false;     // the answer was given in the handler's place
  bool is_counted_ = true;     // among the server's open ones; else its socket is, in its place
  bool left_unread_ = false;   // the client may still be sending a body that nobody wants
};

}  // namespace cruddur::http
