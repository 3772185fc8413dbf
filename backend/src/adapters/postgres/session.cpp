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

// The servers that the URL names, each by itself, hosts not looked up yet. A single empty one where
// it names none, or not as libpq wants it, which then says so.
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

// libpq would look names up by itself, blocking.
bool needs_lookup(const server_name& server) {
  return server.address.empty() && !server.host.empty() && server.host.front() != '/' &&
         server.host.front() != '@';
}

struct found_servers {
  std::vector<server_name> all;
  std::string trouble;  // names that can't be found
};

task<found_servers> look_up_all(std::vector<server_name> servers, session::deadline until) {
  found_servers out;
  for (const auto& each : servers) {
    if (!needs_lookup(each)) {
      out.all.push_back(each);
      continue;
    }
    const auto found = co_await net::look_up(each.host, "", until);
    if (!found) {
      out.trouble = "can't find the address of " + each.host + ": " + found.error().message();
      continue;
    }
    for (const auto& at : *found) {
      out.all.push_back({each.host, at.address().to_string(), each.port});
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
  boost::system::error_code ignored;  // no wait is left then either
  if (stream_.is_open()) stream_.cancel(ignored);
}

task<session::attempt<std::unique_ptr<session>>> session::connect(std::string url,
                                                                  std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  auto servers = co_await look_up_all(servers_of(url), until);
  std::string reason = std::move(servers.trouble);
  for (std::size_t i = 0; i < servers.all.size(); ++i) {
    const auto part = net::part_of(until, servers.all.size() - i);
    auto made = co_await connect_to(url, servers.all[i], part);
    if (made) co_return std::move(made);
    if (reason.find(made.error()) != std::string::npos) continue;
    if (!reason.empty()) reason += "; ";
    reason += made.error();
  }
  co_return std::unexpected(std::move(reason));
}

task<session::attempt<std::unique_ptr<session>>> session::connect_to(std::string url,
                                                                     server_name server,
                                                                     deadline until) {
  const connection_keywords words{url, server};
  connection_handle handle{PQconnectStartParams(words.keywords(), words.values(), 1)};
  if (!handle || PQstatus(handle.get()) == CONNECTION_BAD) {
    co_return std::unexpected(last_error(handle.get()));
  }
  silence_notices(handle.get());
  std::unique_ptr<session> made{new session(co_await asio::this_coro::executor, std::move(handle))};
  const auto agreed = co_await made->negotiate(until);
  if (agreed) co_return std::move(made);
  const std::string& at = server.address.empty() ? server.host : server.address;
  const bool is_named = at.empty() || agreed.error().find(at) != std::string::npos;
  co_return std::unexpected(is_named ? agreed.error() : at + ": " + agreed.error());
}

// libpq may try several ways in turn, each with a socket of its own, and closes them when it likes:
// waiting on a duplicate keeps that from touching a number that already means another file.
bool session::follow_socket() {
  boost::system::error_code error;
  if (stream_.is_open()) stream_.close(error);  // a duplicate: nothing is lost by a failure
  const int own = ::fcntl(PQsocket(handle()), F_DUPFD_CLOEXEC, 0);
  if (own < 0) return false;
  stream_.assign(own, error);
  if (error) ::close(own);
  return !error;
}

task<session::attempt<>> session::negotiate(deadline until) {
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;
       next = PQconnectPoll(handle())) {
    if (next == PGRES_POLLING_FAILED) co_return std::unexpected(last_error(handle()));
    if (!follow_socket()) co_return std::unexpected("no file descriptor is left");
    const auto what = next == PGRES_POLLING_READING ? wait_type::wait_read : wait_type::wait_write;
    const bool ready = co_await wait(what, until);
    if (!ready) co_return std::unexpected("no answer in time");
  }
  if (!follow_socket()) co_return std::unexpected("no file descriptor is left");
  if (PQsetnonblocking(handle(), 1) != 0) co_return std::unexpected(last_error(handle()));
  co_return attempt<>{};
}

task<session::attempt<>> session::execute(std::string sql, deadline until) {
  if (!PQsendQuery(handle(), sql.c_str())) co_return std::unexpected(last_error(handle()));
  while (true) {
    const int unsent = PQflush(handle());
    if (unsent < 0 || !PQconsumeInput(handle())) co_return std::unexpected(last_error(handle()));
    while (!PQisBusy(handle())) {
      const result_handle got{PQgetResult(handle())};
      if (!got) co_return attempt<>{};
      const auto status = PQresultStatus(got.get());
      if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        co_return std::unexpected(last_error(handle()));
      }
    }
    const bool ready = co_await wait(unsent ? wait_type::wait_write : wait_type::wait_read, until);
    if (!ready) co_return std::unexpected("no answer in time");
  }
}

task<bool> session::wait(wait_type what) {
  boost::system::error_code error;
  co_await stream_.async_wait(what, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

task<bool> session::wait(wait_type what, deadline until) {
  asio::steady_timer timer{co_await asio::this_coro::executor, until};
  boost::system::error_code error;
  boost::system::error_code late;
  const auto first =
      co_await (stream_.async_wait(what, asio::redirect_error(asio::use_awaitable, error)) ||
                timer.async_wait(asio::redirect_error(asio::use_awaitable, late)));
  co_return first.index() == 0 && !error;
}

}  // namespace cruddur::postgres
