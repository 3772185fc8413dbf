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

// One server, in libpq's words: its host's name or socket's folder, its address, its port. What is
// empty is the URL's.
struct server_name {
  std::string host;
  std::string address;
  std::string port;
};

// Keywords that hold unless the URL says otherwise, then the URL, of which `server` is to be taken;
// for PQconnect…Params with expand_dbname. Pointers into both.
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
  template <class T = void>
  using attempt = std::expected<T, std::string>;  // or a reason in words

  // Connects from the loop of the calling coroutine within `limit`; names are looked up without
  // blocking it. All servers of the URL and all their addresses are tried in order, each for its
  // part of the time, so that one which answers nothing leaves time to the others.
  static task<attempt<std::unique_ptr<session>>> connect(std::string url,
                                                         std::chrono::milliseconds limit);
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  PGconn* handle() const { return handle_.get(); }

  // Runs plain statements and drops their rows; not in pipeline mode.
  task<attempt<>> execute(std::string sql, deadline until);

  // Resumes when the socket can be read or written; false when the time is over, or after cancel().
  task<bool> wait(boost::asio::posix::stream_descriptor::wait_type what);
  task<bool> wait(boost::asio::posix::stream_descriptor::wait_type what, deadline until);

  boost::asio::posix::stream_descriptor& stream() { return stream_; }

  // Ends all waits.
  void cancel();

 private:
  session(const boost::asio::any_io_executor& loop, connection_handle handle);

  static task<attempt<std::unique_ptr<session>>> connect_to(std::string url, server_name server,
                                                            deadline until);
  task<attempt<>> negotiate(deadline until);
  bool follow_socket();

  connection_handle handle_;
  boost::asio::posix::stream_descriptor stream_;  // a duplicate of handle_'s socket
};

}  // namespace cruddur::postgres
