// One client's connection: reads requests, has them answered, writes the answers in order.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/intrusive/list_hook.hpp>

#include "base/task.hpp"
#include "http/body_reader.hpp"
#include "http/client_stream.hpp"
#include "http/head_parser.hpp"
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
  task<> serve();
  // The length of the head that the input begins with, 0 until it is whole. Nothing when it can't
  // be one; then the refusal is queued.
  std::optional<std::size_t> find_head();
  void await_head();
  // False when no more comes; when it came too slowly, the refusal is queued.
  bool take_head_bytes(const boost::system::error_code& error, std::size_t count);
  // False when it queued a refusal.
  bool parse(head_parser& head, std::size_t head_bytes);
  // Reads the body, unless there is an answer already; gives an answer in the handler's place when
  // the body can't be had or the caller may not send it.
  task<std::optional<response>> receive_body(const router::match& match, const head_parser& head,
                                             std::optional<response> answer);
  task<std::optional<response>> check_access(const router::match& match);
  task<body_reader::outcome<void>> read_body(const route* route, const head_parser& head);
  // Writes an answer whose handler takes the socket over, and gives it away.
  task<> hand_over(response answer, std::string_view route);
  // The answer to a request whose handler is too slow; what the handler gives is dropped.
  void abandon_handler();

  bool skip_empty_lines();  // false when there are too many
  void begin_request();
  void choose_request_id();
  void choose_persistence(const head_parser& head);
  response answer_failure(std::string_view reason);
  response answer_refusal(const refusal& refusal);
  // `route` is the pattern, for the log; "" where none fits.
  void finish(response answer, std::string_view route);
  void queue(response answer);
  void refuse(const refusal& refusal);
  void consume_request();

  std::shared_ptr<server_core> core_;
  address_counts::place place_;
  std::shared_ptr<loop_listener> listener_;
  client_stream stream_;
  body_reader bodies_;
  boost::asio::ip::address peer_;
  std::string peer_text_;
  std::string client_text_;  // the forwarded address, when the peer is a trusted proxy

  std::size_t scanned_ = 0;              // bytes of the input, by find_head_end
  std::size_t empty_lines_ = 0;          // bytes of them, since the request before
  std::unique_ptr<body_source> source_;  // of the answer whose head is queued last

  request request_;
  std::array<char, 64> id_text_{};
  persistence persistence_ = persistence::keep_alive;
  std::chrono::steady_clock::time_point began_;

  bool abandoned_ = false;    // the answer was given in the handler's place
  bool is_counted_ = true;    // among the server's open ones; else its socket is, in its place
  bool left_unread_ = false;  // the client may still be sending a body that nobody wants
};

}  // namespace cruddur::http
