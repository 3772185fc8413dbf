// The listener: accepts on every loop, reads requests within bounds, calls the handler, writes
// answers in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/address_block.hpp"
#include "base/clock.hpp"
#include "base/fault.hpp"
#include "http/answer_writer.hpp"
#include "http/message.hpp"
#include "runtime/event_loops.hpp"

namespace cruddur::http {

struct limits {
  std::size_t header_bytes = 16 * 1024;  // request line and headers
  std::size_t target_bytes = 4 * 1024;
  std::size_t body_bytes = 64 * 1024;  // of a route that has no limit of its own
  std::size_t header_lines = 128;
  std::size_t connections = 10'000;  // over all loops; one more is answered 503 and closed
  // The same for one client: an IPv4 address, or the /64 that an IPv6 address is in. Peers that are
  // trusted proxies are not counted.
  std::size_t connections_per_address = 10'000;
  // A connection gives way to the others on its loop when it has been answered so many requests or
  // has so many bytes to send; no more than that and one answer is queued for a client.
  std::size_t turn_requests = 16;
  std::size_t turn_bytes = 64 * 1024;
  // What the kernel holds for a client that does not read: unsent bytes, and all that is not
  // acknowledged.
  int unsent_bytes = 32 * 1024;
  int send_buffer_bytes = 256 * 1024;
  // Timeouts are kept to within half a second.
  std::chrono::milliseconds header_timeout{
      10'000};  // first byte of a request to end of headers; and a new connection to its first byte
  std::chrono::milliseconds body_timeout{20'000};     // from there to the end of the body
  std::chrono::milliseconds idle_timeout{75'000};     // between requests
  std::chrono::milliseconds write_timeout{20'000};    // for the peer to take some of what is sent
  std::chrono::milliseconds handler_timeout{30'000};  // a handler slower than this is answered 503
  // Who reads on without end is bounded too: what is sent at once must be taken within
  // write_timeout and a second for each so many bytes.
  std::size_t least_write_rate = 1024;
  // The same for a body that goes to a sink.
  std::size_t least_upload_rate = 8 * 1024;
};

// What a finished request looked like, for logs and metrics. Views are good during the call only.
struct access_record {
  const request& request;
  const response& answer;
  std::string_view route;  // the pattern, "" when none fitted
  std::chrono::microseconds duration;
};

struct server_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 4567;  // 0 = any free one; see server::port()
  limits bounds = {};
  std::vector<std::string> allowed_origins = {};    // exact, as a browser sends them; for CORS
  std::vector<address_block> trusted_proxies = {};  // peers whose X-Forwarded-For counts
  bool exempt_loopback = false;                     // from connections_per_address
  transport_security strict_transport_security = transport_security::none;
  std::string content_security_policy = {};  // for HTML answers
  handler fallback = {};  // for GET and HEAD of a path that no route has; without it, a 404 problem
  std::function<void(const access_record&)> on_request = {};
  std::function<void(std::string_view reason, std::string_view request_id)> on_exception = {};
  // What keeps the server from accepting or from keeping deadlines, and that it is over. One
  // sentence; called on any loop.
  std::function<void(std::string_view sentence)> on_trouble = {};
};

class router;

class server {
 public:
  // Binds and listens; the fault (unavailable) says in words why it can't (port in use, no
  // permission). `time` and `loops` must outlive the server.
  static result<std::unique_ptr<server>> start(server_options options,
                                               std::shared_ptr<const router> routes,
                                               const clock& time, runtime::event_loops& loops);
  ~server();

  std::uint16_t port() const;
  std::size_t open_connections() const;
  std::uint64_t turned_away() const;  // connections beyond a limit

  // Stops accepting, lets requests under way finish (their answers say Connection: close) and
  // closes idle connections; sockets that handlers took over are told. After `deadline` closes the
  // rest, but for those sockets, which their owners or the end of the loops close. Blocks; call it
  // from outside the loops. A handler that still waits for something keeps what it uses in use:
  // stop the loops before destroying that.
  void shutdown(std::chrono::milliseconds deadline);

 private:
  struct state;
  explicit server(std::unique_ptr<state> state);
  std::unique_ptr<state> state_;
};

}  // namespace cruddur::http
