#include "adapters/postgres/session.hpp"

#include <algorithm>
#include <vector>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "net/connect.hpp"

namespace cruddur::postgres {
namespace {

namespace asio = boost::asio;
using wait_type = asio::posix::stream_descriptor::wait_type;
using namespace asio::experimental::awaitable_operators;

struct option_list_deleter {
  void operator()(PQconninfoOption* list) const { PQconninfoFree(list); }
};

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t start = 0; !list.empty() && start <= list.size();) {
    const auto end = std::min(list.find(',', start), list.size());
    out.push_back(list.substr(start, end - start));
    start = end + 1;
  }
  return out;
}

// The servers that the URL names, one by one, their hosts not looked up yet. A single empty one
// where the URL names none, and where its lists don't fit together: libpq then tells what is wrong.
std::vector<server_name> servers_of(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, option_list_deleter> options{
      PQconninfoParse(url.c_str(), nullptr)};
  std::vector<std::string> hosts;
  std::vector<std::string> addresses;
  std::vector<std::string> ports;
  for (auto* each = options.get(); each && each->keyword; ++each) {
    const std::string_view keyword = each->keyword;
    if (!each->val) continue;
    if (keyword == "hostaddr") addresses = split(each->val);
    if (keyword == "host") hosts = split(each->val);
    if (keyword == "port") ports = split(each->val);
  }
  const std::size_t count = std::max(hosts.size(), addresses.size());
  const auto fits = [count](const auto& list) { return list.empty() || list.size() == count; };
  if (count == 0 || !fits(hosts) || !fits(addresses) || (ports.size() > 1 && !fits(ports))) {
    return {{}};
  }
  std::vector<server_name> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (!hosts.empty()) out[i].host = hosts[i];
    if (!addresses.empty()) out[i].address = addresses[i];
    if (!ports.empty()) out[i].port = ports.size() == 1 ? ports[0] : ports[i];
  }
  return out;
}

// Whether the host is a name to be looked up. libpq would do that too, but would block the loop.
bool needs_lookup(const server_name& server) {
  return server.address.empty() && !server.host.empty() && server.host.front() != '/' &&
         server.host.front() != '@';
}

struct found_servers {
  std::vector<server_name> servers;
  // Why the last name that has no address has none; empty when all were found.
  std::string failure;
};

task<found_servers> look_up_all(std::vector<server_name> servers, session::deadline limit) {
  found_servers out;
  for (const auto& each : servers) {
    if (!needs_lookup(each)) {
      out.servers.push_back(each);
      continue;
    }
    const auto found = co_await net::look_up(each.host, "", limit);
    if (!found) {
      out.failure = "can't find the address of " + each.host + ": " + found.error().message();
      continue;
    }
    for (const auto& endpoint : *found) {
      out.servers.push_back({each.host, endpoint.address().to_string(), each.port});
    }
  }
  co_return out;
}

}  // namespace

connection_keywords::connection_keywords(const std::string& url, const server_name& server)
    : keywords_{"fallback_application_name",
                "connect_timeout",
                "keepalives_idle",
                "keepalives_interval",
                "keepalives_count",
                "tcp_user_timeout",
                "dbname",
                "client_encoding"},
      values_{"cruddur", "5", "10", "5", "3", "15000", url.c_str(), "UTF8"} {
  const auto add = [this](const char* keyword, const std::string& value) {
    if (value.empty()) return;
    keywords_.push_back(keyword);
    values_.push_back(value.c_str());
  };
  add("host", server.host);
  add("hostaddr", server.address);
  add("port", server.port);
  keywords_.push_back(nullptr);
  values_.push_back(nullptr);
}

void silence_notices(PGconn* handle) {
  PQsetNoticeProcessor(handle, [](void*, const char*) {}, nullptr);
}

std::string last_error(const PGconn* handle) {
  std::string out = handle ? PQerrorMessage(handle) : "out of memory";
  while (!out.empty() && out.back() == '\n') out.pop_back();
  std::ranges::replace(out, '\n', ' ');
  return out.empty() ? "the connection ended" : out;
}

session::session(const asio::any_io_executor& loop, connection_handle handle)
    : handle_{std::move(handle)}, stream_{loop} {}

void session::cancel() {
  // After an error no wait is left either.
  boost::system::error_code ignored;
  if (stream_.is_open()) stream_.cancel(ignored);
}

task<session::attempt<std::unique_ptr<session>>> session::connect(std::string url,
                                                                  std::chrono::milliseconds time) {
  const auto limit = std::chrono::steady_clock::now() + time;
  auto found = co_await look_up_all(servers_of(url), limit);
  std::string reason = std::move(found.failure);
  for (std::size_t i = 0; i < found.servers.size(); ++i) {
    const auto part = net::part_of(limit, found.servers.size() - i);
    auto made = co_await connect_to(url, found.servers[i], part);
    if (made) co_return std::move(made);
    if (reason.find(made.error()) != std::string::npos) continue;
    if (!reason.empty()) reason += "; ";
    reason += made.error();
  }
  co_return std::unexpected(std::move(reason));
}

task<session::attempt<std::unique_ptr<session>>> session::connect_to(std::string url,
                                                                     server_name server,
                                                                     deadline limit) {
  const connection_keywords parameters{url, server};
  connection_handle handle{PQconnectStartParams(parameters.keywords(), parameters.values(), 1)};
  if (!handle || PQstatus(handle.get()) == CONNECTION_BAD) {
    co_return std::unexpected(last_error(handle.get()));
  }
  silence_notices(handle.get());
  std::unique_ptr<session> made{new session(co_await asio::this_coro::executor, std::move(handle))};
  const auto agreed = co_await made->negotiate(limit);
  if (agreed) co_return std::move(made);
  const std::string& place = server.address.empty() ? server.host : server.address;
  const bool is_named = place.empty() || agreed.error().find(place) != std::string::npos;
  co_return std::unexpected(is_named ? agreed.error() : place + ": " + agreed.error());
}

// Makes stream_ wait on libpq's present socket. libpq may try several ways to connect in turn, each
// with a socket of its own, and closes them when it likes; a descriptor's number can then belong to
// another file. So the stream gets a duplicate, which only it closes.
bool session::follow_socket() {
  boost::system::error_code error;
  // It is a duplicate: nothing is lost when closing fails.
  if (stream_.is_open()) stream_.close(error);
  const int duplicate = ::fcntl(PQsocket(handle()), F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0) return false;
  stream_.assign(duplicate, error);
  if (error) ::close(duplicate);
  return !error;
}

task<session::attempt<>> session::negotiate(deadline limit) {
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;
       next = PQconnectPoll(handle())) {
    if (next == PGRES_POLLING_FAILED) co_return std::unexpected(last_error(handle()));
    if (!follow_socket()) co_return std::unexpected("no file descriptor is left");
    const auto event = next == PGRES_POLLING_READING ? wait_type::wait_read : wait_type::wait_write;
    const bool ready = co_await wait(event, limit);
    if (!ready) co_return std::unexpected("no answer in time");
  }
  if (!follow_socket()) co_return std::unexpected("no file descriptor is left");
  if (PQsetnonblocking(handle(), 1) != 0) co_return std::unexpected(last_error(handle()));
  co_return attempt<>{};
}

task<session::attempt<>> session::execute(std::string sql, deadline limit) {
  if (!PQsendQuery(handle(), sql.c_str())) co_return std::unexpected(last_error(handle()));
  while (true) {
    const int unsent = PQflush(handle());
    if (unsent < 0 || !PQconsumeInput(handle())) co_return std::unexpected(last_error(handle()));
    while (!PQisBusy(handle())) {
      const result_handle result{PQgetResult(handle())};
      if (!result) co_return attempt<>{};
      const auto status = PQresultStatus(result.get());
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        co_return std::unexpected(last_error(handle()));
      }
    }
    const bool ready = co_await wait(unsent ? wait_type::wait_write : wait_type::wait_read, limit);
    if (!ready) co_return std::unexpected("no answer in time");
  }
}

task<bool> session::wait(wait_type event) {
  boost::system::error_code error;
  co_await stream_.async_wait(event, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

task<bool> session::wait(wait_type event, deadline limit) {
  asio::steady_timer timer{co_await asio::this_coro::executor, limit};
  boost::system::error_code error;
  boost::system::error_code timer_error;
  const auto first =
      co_await (stream_.async_wait(event, asio::redirect_error(asio::use_awaitable, error)) ||
                timer.async_wait(asio::redirect_error(asio::use_awaitable, timer_error)));
  co_return first.index() == 0 && !error;
}

}  // namespace cruddur::postgres
