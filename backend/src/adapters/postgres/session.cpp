#include "adapters/postgres/session.hpp"

#include <algorithm>
#include <vector>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace cruddur::postgres {
namespace {

namespace asio = boost::asio;
using wait_type = asio::posix::stream_descriptor::wait_type;
using namespace asio::experimental::awaitable_operators;

struct option_list_deleter {
  void operator()(PQconninfoOption* list) const { PQconninfoFree(list); }
};

// The host names of the URL that libpq would look up by itself, blocking; empty when there are
// none.
std::vector<std::string> names_to_look_up(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, option_list_deleter> options{
      PQconninfoParse(url.c_str(), nullptr)};
  std::string hosts;
  for (auto* each = options.get(); each && each->keyword; ++each) {
    const std::string_view keyword = each->keyword;
    if (!each->val) continue;
    if (keyword == "hostaddr") return {};
    if (keyword == "host") hosts = each->val;
  }
  std::vector<std::string> out;
  for (std::size_t start = 0; !hosts.empty() && start <= hosts.size();) {
    const auto end = std::min(hosts.find(',', start), hosts.size());
    out.push_back(hosts.substr(start, end - start));
    if (out.back().empty() || out.back().front() == '/') return {};
    start = end + 1;
  }
  return out;
}

// The hosts' addresses as libpq's hostaddr takes them.
task<session::attempt<std::string>> look_up(std::vector<std::string> names) {
  asio::ip::tcp::resolver resolver{co_await asio::this_coro::executor};
  std::string out;
  for (const auto& name : names) {
    boost::system::error_code error;
    const auto found =
        co_await resolver.async_resolve(name, "", asio::redirect_error(asio::use_awaitable, error));
    if (error || found.empty()) {
      co_return std::unexpected("can't find the address of " + name + ": " + error.message());
    }
    if (!out.empty()) out += ',';
    out += found.begin()->endpoint().address().to_string();
  }
  co_return out;
}

}  // namespace

connection_keywords::connection_keywords(const std::string& url, const std::string& addresses)
    : keywords_{"fallback_application_name",
                "connect_timeout",
                "keepalives_idle",
                "keepalives_interval",
                "keepalives_count",
                "tcp_user_timeout",
                "dbname",
                "client_encoding"},
      values_{"cruddur", "5", "10", "5", "3", "15000", url.c_str(), "UTF8"} {
  if (!addresses.empty()) {
    keywords_.push_back("hostaddr");
    values_.push_back(addresses.c_str());
  }
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
  std::string addresses;
  auto names = names_to_look_up(url);
  if (!names.empty()) {
    auto found = co_await look_up(std::move(names));
    if (!found) co_return std::unexpected(std::move(found.error()));
    addresses = std::move(*found);
  }
  const connection_keywords words{url, addresses};
  connection_handle handle{PQconnectStartParams(words.keywords(), words.values(), 1)};
  if (!handle || PQstatus(handle.get()) == CONNECTION_BAD) {
    co_return std::unexpected(last_error(handle.get()));
  }
  silence_notices(handle.get());
  std::unique_ptr<session> made{new session(co_await asio::this_coro::executor, std::move(handle))};
  auto agreed = co_await made->negotiate(until);
  if (!agreed) co_return std::unexpected(std::move(agreed.error()));
  co_return std::move(made);
}

// libpq may try several addresses in turn, each with a socket of its own, and closes them when it
// likes: waiting on a duplicate keeps that from touching a number that already means another file.
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
