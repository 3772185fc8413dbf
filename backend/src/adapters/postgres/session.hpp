// One non-blocking libpq connection on one event loop.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <libpq-fe.h>

#include "base/task.hpp"

namespace cruddur::postgres {

struct finisher {
  void operator()(PGconn* handle) const { PQfinish(handle); }
  void operator()(PGresult* handle) const { PQclear(handle); }
};
using connection_handle = std::unique_ptr<PGconn, finisher>;
using result_handle = std::unique_ptr<PGresult, finisher>;

// One server among those that a URL names. What is empty is as the URL says.
struct server_name {
  // The name of a host, or the folder of a socket.
  std::string host;
  // An IP address.
  std::string address;
  std::string port;
};

// The parameters of PQconnectStartParams() with expand_dbname: our defaults, which the URL may
// override, then the URL, then the one server of it that is to be tried. It points into both
// arguments, which must outlive it.
class connection_keywords {
 public:
  connection_keywords(const std::string& url, const server_name& server);

  const char* const* keywords() const { return keywords_.data(); }
  const char* const* values() const { return values_.data(); }

 private:
  std::vector<const char*> keywords_;
  std::vector<const char*> values_;
};

// Keeps libpq from writing the server's notices to stderr.
void silence_notices(PGconn* handle);

// The reason in one line, as libpq gives it.
std::string last_error(const PGconn* handle);

class session {
 public:
  using deadline = std::chrono::steady_clock::time_point;
  // The error is the reason, in words for the log.
  template <class T = void>
  using attempt = std::expected<T, std::string>;

  // Connects on the loop of the calling coroutine, without blocking it, within `time`. All servers
  // of the URL and all their addresses are tried in order, each for its part of the time, so that
  // one that does not answer leaves time to the others.
  static task<attempt<std::unique_ptr<session>>> connect(std::string url,
                                                         std::chrono::milliseconds time);
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  PGconn* handle() const { return handle_.get(); }

  // Runs plain statements and drops their rows; not in pipeline mode.
  task<attempt<>> execute(std::string sql, deadline limit);

  // Resumes when the socket can be read or written. False when the time is over, and after
  // cancel().
  task<bool> wait(boost::asio::posix::stream_descriptor::wait_type event);
  task<bool> wait(boost::asio::posix::stream_descriptor::wait_type event, deadline limit);

  boost::asio::posix::stream_descriptor& stream() { return stream_; }

  // Ends all waits.
  void cancel();

 private:
  session(const boost::asio::any_io_executor& loop, connection_handle handle);

  static task<attempt<std::unique_ptr<session>>> connect_to(std::string url, server_name server,
                                                            deadline limit);
  task<attempt<>> negotiate(deadline limit);
  bool follow_socket();

  connection_handle handle_;
  // Owns a duplicate of handle_'s socket (follow_socket() in session.cpp says why).
  boost::asio::posix::stream_descriptor stream_;
};

}  // namespace cruddur::postgres
