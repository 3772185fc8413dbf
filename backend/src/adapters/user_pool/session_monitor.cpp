#include "adapters/user_pool/session_monitor.hpp"

namespace cruddur::user_pool {

session_monitor::session_monitor(std::shared_ptr<session_store> store,
                                 std::shared_ptr<const clock> time,
                                 std::function<void()> on_revoked)
    : store_{std::move(store)}, time_{std::move(time)}, on_revoked_{std::move(on_revoked)} {}

task<result<bool>> session_monitor::is_alive(uuid session) {
  const auto found = co_await store_->find(session, time_->now());
  if (!found) co_return std::unexpected(found.error());
  co_return found->has_value();
}

void session_monitor::revoked() {
  suspect();
  if (on_revoked_) on_revoked_();
}

task<> session_monitor::poll() {
  const auto found = co_await store_->revocation_epoch();
  if (!found) {
    suspect();
    co_return;
  }
  if (seen_.exchange(*found) != *found) suspect();
}

}  // namespace cruddur::user_pool
