#include "adapters/postgres/common_state.hpp"

#include "adapters/postgres/connection_group.hpp"

namespace cruddur::postgres {

common_state::common_state(std::string database_url,
                           std::function<void(const std::string&)> on_error,
                           sql::refusal_hook on_refusal)
    : url{std::move(database_url)},
      on_error_{std::move(on_error)},
      on_refusal_{std::move(on_refusal)} {}

void common_state::join(std::vector<std::weak_ptr<connection_group>> groups, int connections) {
  groups_ = std::move(groups);
  connections_ = connections;
  hopeful_ = connections;
}

std::shared_ptr<connection_group> common_state::host_for(const connection_group& other) {
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    auto each = groups_[turn_++ % groups_.size()].lock();
    if (each && each.get() != &other && each->has_connection()) return each;
  }
  return nullptr;
}

void common_state::opened(bool was_hopeful) {
  if (!was_hopeful) ++hopeful_;
  ++open_;
  tell_groups();
}

void common_state::restored() {
  if (down_.exchange(false)) failed("PostgreSQL is within reach again.");
  if (open_ == connections_ && scarce_.exchange(false)) {
    failed("PostgreSQL gives as many connections as are wanted again.");
  }
}

void common_state::closed() {
  --open_;
}

void common_state::gave_up(bool was_hopeful, const std::string& reason) {
  if (was_hopeful && --hopeful_ == 0) {
    tell_groups();
    lost(reason);
    return;
  }
  const int open = open_;
  if (open > 0) scarce(reason, open);
}

void common_state::lost(const std::string& reason) {
  if (!down_.exchange(true)) failed("PostgreSQL is out of reach (" + reason + "); trying again.");
}

void common_state::scarce(const std::string& reason, int open) {
  if (scarce_.exchange(true)) return;
  failed("PostgreSQL gives " + std::to_string(open) + " of " + std::to_string(connections_) +
         " connections (" + reason + "), which all requests share; trying again.");
}

void common_state::tell_groups() {
  for (const auto& each : groups_) {
    if (const auto group = each.lock()) group->look_again();
  }
}

void common_state::refused(sql::driver_fault kind, std::string_view detail) {
  if (on_refusal_) on_refusal_(kind, detail);
}

void common_state::failed(const std::string& sentence) {
  if (on_error_) on_error_(sentence);
}

void common_state::broke(std::string_view reason) {
  try {
    failed("A connection to PostgreSQL met an error (" + std::string{reason} +
           ") and is opened again.");
  } catch (...) {
    // The log itself fails: the connection matters more.
    return;
  }
}

}  // namespace cruddur::postgres
