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
  viable_ = connections;
}

std::shared_ptr<connection_group> common_state::other_group(const connection_group& group) {
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    auto candidate = groups_[turn_++ % groups_.size()].lock();
    if (candidate && candidate.get() != &group && candidate->has_connection()) return candidate;
  }
  return nullptr;
}

void common_state::note_opened(bool was_viable) {
  if (!was_viable) ++viable_;
  ++open_;
  notify_groups();
}

void common_state::report_restored() {
  if (loss_is_reported_.exchange(false)) report("PostgreSQL is within reach again.");
  if (open_ == connections_ && shortage_is_reported_.exchange(false)) {
    report("PostgreSQL gives as many connections as are wanted again.");
  }
}

void common_state::note_closed() {
  --open_;
}

void common_state::note_failed_attempt(bool was_viable, const std::string& reason) {
  if (was_viable && --viable_ == 0) {
    notify_groups();
    report_lost(reason);
    return;
  }
  const int open = open_;
  if (open > 0) report_shortage(reason, open);
}

void common_state::report_lost(const std::string& reason) {
  if (!loss_is_reported_.exchange(true))
    report("PostgreSQL is out of reach (" + reason + "); trying again.");
}

void common_state::report_shortage(const std::string& reason, int open) {
  if (shortage_is_reported_.exchange(true)) return;
  report("PostgreSQL gives " + std::to_string(open) + " of " + std::to_string(connections_) +
         " connections (" + reason + "), which all requests share; trying again.");
}

void common_state::notify_groups() {
  for (const auto& each : groups_) {
    if (const auto group = each.lock()) group->handle_change();
  }
}

void common_state::report_refusal(sql::driver_fault kind, std::string_view detail) {
  if (on_refusal_) on_refusal_(kind, detail);
}

void common_state::report(const std::string& sentence) {
  if (on_error_) on_error_(sentence);
}

void common_state::report_exception(std::string_view reason) {
  try {
    report("A connection to PostgreSQL met an error (" + std::string{reason} +
           ") and is opened again.");
  } catch (...) {
    // The log itself failed. The connection must go on without it.
    return;
  }
}

}  // namespace cruddur::postgres
