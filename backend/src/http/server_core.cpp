#include "http/server_core.hpp"

namespace cruddur::http {

void server_core::report(std::string_view sentence) const noexcept {
  try {
    if (options.on_trouble) options.on_trouble(sentence);
  } catch (...) {  // NOLINT(bugprone-empty-catch)
    // There is nobody left to tell.
  }
}

std::optional<address_counts::place> server_core::take_place(const boost::asio::ip::address& peer) {
  const bool is_exempt =
      proxies.trusts(peer) || (options.exempt_loopback && narrow(peer).is_loopback());
  if (is_exempt) return address_counts::place{};
  return places.take(peer);
}

void server_core::connection_ended() {
  open.fetch_sub(1, std::memory_order_relaxed);
  if (!draining) return;
  {
    const std::lock_guard lock{mutex};
  }
  closed.notify_all();
}

}  // namespace cruddur::http
