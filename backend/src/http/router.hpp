// Finds the handler of a request: a table of method and pattern, matched segment by segment.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/message.hpp"

namespace cruddur::http {

// A pattern is a path whose segments may hold one parameter, with text before it at most:
// "/api/activities/@{handle}/status/{uuid}". A literal segment beats "@{…}", which beats "{…}",
// for every method. Segments are compared percent-decoded; an escaped '/' is part of its segment. A
// handler is called only when the whole path fits.
struct route {
  method verb;
  std::string pattern;
  handler handle;
  // Asked before the body of a request is read, so that who may not send one costs no more than a
  // head. A request without a body goes straight to the handler, which has to decide for itself.
  access_check access = {};
  // Bytes; the server's limit when absent.
  std::optional<std::size_t> body_limit = {};
  // Takes bodies as they come, where they are not to be held in memory. Their sender has
  // limits::body_timeout for each piece, and for the whole a second more for each so many bytes
  // (limits::least_upload_rate).
  sink_factory sink = {};
};

class router {
 public:
  // Throws std::logic_error when two routes have the same method and pattern.
  explicit router(std::vector<route> routes);
  ~router();

  struct match {
    const handler* handle = nullptr;  // null when no route fits
    const route* found = nullptr;     // the route of that handler
    std::string allow;  // the methods that the path has, when the path fits but the method doesn't
    std::string_view pattern;  // for metrics
  };
  // Fills request.path_values. HEAD is served by GET's handler.
  match find(request& request) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace cruddur::http
