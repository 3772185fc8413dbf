// Requests to other servers. Tests put a fake behind the interface.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fault.hpp"
#include "base/task.hpp"
#include "net/connect.hpp"

namespace cruddur::net {

struct client_request {
  std::string method = "GET";
  std::string url = {};  // absolute, http or https
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout{10'000};  // for all of it, name resolution included
  std::size_t max_body = 1024 * 1024;         // of the response
};

struct client_response {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body = {};

  // "" when absent; `name` in lower case.
  std::string_view header(std::string_view name) const;
};

class http_client {
 public:
  virtual ~http_client() = default;

  // Any answer is a success, whatever its status; redirects are not followed. Faults: invalid
  // (url_invalid, header_invalid) for a request that can't be sent, unavailable (fetch_timeout,
  // fetch_failed) when no whole answer came. A fault's detail names the host, never the query or
  // the headers.
  virtual task<result<client_response>> fetch(client_request request) = 0;
};

struct http_client_options {
  std::string user_agent = "cruddur";
  std::string extra_ca_pem = {};  // certificates trusted besides the system's, PEM
  lookup find = look_up;          // of the host's addresses, all of which are tried
};

// A connection per request; TLS 1.2 or newer, the certificate checked against the host's name.
// Usable from any loop. Throws std::runtime_error when extra_ca_pem can't be read.
std::unique_ptr<http_client> make_http_client(http_client_options options = {});

}  // namespace cruddur::net
