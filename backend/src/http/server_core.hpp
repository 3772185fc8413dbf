// What all connections of one server share.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include <boost/asio/ip/address.hpp>

#include "http/address_counts.hpp"
#include "http/answer_writer.hpp"
#include "http/cors.hpp"
#include "http/head_parser.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "http/trusted_proxies.hpp"

namespace cruddur::http {

// Immutable once started, save the counters.
struct server_core {
  server_core(server_options settings, std::shared_ptr<const router> routes, const clock& time)
      : options{std::move(settings)},
        routes{std::move(routes)},
        time{time},
        proxies{options.trusted_proxies},
        cors{options.allowed_origins},
        fixed{options.strict_transport_security, options.content_security_policy},
        head_bounds{options.bounds.header_bytes, options.bounds.target_bytes,
                    options.bounds.header_lines},
        places{options.bounds.connections_per_address} {}

  // Tells the operator, whatever that costs: what is told of may be that memory is short.
  void report(std::string_view sentence) const noexcept;

  // Nothing when the peer has as many connections as it may.
  std::optional<address_counts::place> take_place(const boost::asio::ip::address& peer);

  void connection_began() { open.fetch_add(1, std::memory_order_relaxed); }
  void connection_ended();  // wakes the shutdown that waits for it

  server_options options;
  std::shared_ptr<const router> routes;
  const clock& time;
  trusted_proxies proxies;
  cors_policy cors;
  fixed_lines fixed;
  head_limits head_bounds;

  address_counts places;
  std::atomic<std::size_t> open = 0;  // taken-over sockets among them
  std::atomic<std::size_t> taken_over = 0;
  std::atomic<std::size_t> most_open = 0;      // since memory was last given back
  std::atomic<std::int64_t> trimmed_at = 0;    // on the coarse clock
  std::atomic<std::int64_t> starved_at = 0;    // when accepting last failed; 0 = it works
  std::atomic<std::uint64_t> turned_away = 0;  // connections beyond a limit
  std::atomic<bool> draining = false;
  std::mutex mutex;
  std::condition_variable closed;  // a connection has ended, while draining
};

}  // namespace cruddur::http
