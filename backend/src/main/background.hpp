// What runs beside the requests: the sweep of expired posts, and keeping the home feed in step with
// other processes.
#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>

#include "api/home_feed.hpp"
#include "app/expiry_sweeper.hpp"
#include "base/clock.hpp"
#include "base/logger.hpp"

namespace cruddur {

// Sweeps at each expiry until the loop stops. All must outlive the loop.
void run_sweeper(boost::asio::io_context& loop, expiry_sweeper& sweeper, logger& log);

// Loads the feed whenever it wants to be, and, where other processes share the database, at least
// every half minute. `may_answer`: whether the feed hears of all changes; empty for a database of
// our own.
void run_feed_loader(boost::asio::io_context& loop, api::home_feed& feed, const clock& time,
                     std::function<bool()> may_answer, logger& log);

}  // namespace cruddur
