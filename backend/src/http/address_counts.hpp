// How many connections each client address has, so that none takes the place of all. Thread-safe;
// asked once for a connection, not for a request.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/ip/address.hpp>

namespace cruddur::http {

class address_counts {
 public:
  // An IPv4 address (as IPv6 writes it), or the first 64 bits of an IPv6 address.
  using key = std::array<unsigned char, 16>;

  explicit address_counts(std::size_t most) : most_{most} {}
  address_counts(const address_counts&) = delete;
  address_counts& operator=(const address_counts&) = delete;

  // Counts as one connection until it is destroyed, which must be before the counts are. An empty
  // one counts nothing.
  class place {
   public:
    place() = default;
    place(address_counts& counts, const key& address) : counts_{&counts}, address_{address} {}
    place(place&& other) noexcept
        : counts_{std::exchange(other.counts_, nullptr)}, address_{other.address_} {}
    place& operator=(place&&) = delete;
    ~place() {
      if (counts_ != nullptr) counts_->leave(address_);
    }

   private:
    address_counts* counts_ = nullptr;
    key address_{};
  };

  // Nothing when the address has as many as it may.
  std::optional<place> take(const boost::asio::ip::address& peer);

 private:
  void leave(const key& address);

  std::size_t most_;
  std::mutex mutex_;
  std::map<key, std::size_t> counts_;
};

}  // namespace cruddur::http
