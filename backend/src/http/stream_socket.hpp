// Sockets bound to a loop's own executor type, which is cheaper than the type-erased one.
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace cruddur::http {

using loop_executor = boost::asio::io_context::executor_type;
using stream_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, loop_executor>;

}  // namespace cruddur::http
