#include "http/upgraded_connection.hpp"

#include <utility>

#include "http/loop_listener.hpp"
#include "http/server_core.hpp"

namespace cruddur::http {

socket_registration::socket_registration(std::shared_ptr<server_core> core,
                                         std::shared_ptr<loop_listener> listener,
                                         address_counts::place place)
    : core_{std::move(core)}, listener_{std::move(listener)}, place_{std::move(place)} {
  core_->taken_over.fetch_add(1, std::memory_order_relaxed);
  listener_->add(*this);
}

socket_registration::~socket_registration() {
  // While the listener, whose list it is, is sure to be there.
  unlink();
  // Whoever sees the count go down may connect again at once.
  {
    const address_counts::place left = std::move(place_);
  }
  core_->taken_over.fetch_sub(1, std::memory_order_relaxed);
  core_->connection_ended();
}

void socket_registration::on_drain(std::move_only_function<void()> action) {
  on_drain_ = std::move(action);
  if (core_->draining) drain();
}

void socket_registration::drain() {
  // On the stack, as the action may destroy this.
  if (auto action = std::exchange(on_drain_, nullptr)) action();
}

}  // namespace cruddur::http
