#pragma once

#include <boost/asio/awaitable.hpp>

namespace cruddur {

// A coroutine that runs on the event loop of whoever awaits it.
template <class T = void>
using task = boost::asio::awaitable<T>;

}  // namespace cruddur
