// Finding other servers and connecting to them by TCP, on the loop of the calling coroutine.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "base/task.hpp"

namespace cruddur::net {

using endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
using deadline = std::chrono::steady_clock::time_point;
template <class T>
using attempt =
    std::expected<T, boost::system::error_code>;  // beast::error::timeout when it is late

// The addresses of a host's name, at least one, in the order in which the system wants them tried.
// `port`: a number, or empty for 0. A lookup that takes longer goes on by itself, and nobody waits
// for it.
task<attempt<endpoints>> look_up(std::string host, std::string port, deadline limit);

using lookup =
    std::function<task<attempt<endpoints>>(std::string host, std::string port, deadline)>;

// When the first of `left` attempts must end, so that one that gets no answer leaves as much time
// to each of the others.
deadline part_of(deadline limit, std::size_t left);

// Tries all addresses in their order, each for its part of the time. The error is the last one's.
task<attempt<boost::asio::ip::tcp::socket>> connect(endpoints addresses, deadline limit);

}  // namespace cruddur::net
