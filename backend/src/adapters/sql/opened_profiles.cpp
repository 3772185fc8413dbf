#include "adapters/sql/opened_profiles.hpp"

#include <utility>

namespace cruddur::sql {

std::optional<std::string> opened_profiles::find(key_slot slot, uuid id, std::string_view sealed,
                                                 time now) {
  const std::lock_guard lock{mutex_};
  const auto found = profiles_.find(slot);
  if (found == profiles_.end()) return std::nullopt;
  const opened& each = found->second;
  if (each.since + kept_for <= now || each.id != id || each.sealed != sealed) return std::nullopt;
  return each.text;
}

void opened_profiles::add(key_slot slot, uuid id, std::string_view sealed, std::string text,
                          time now) {
  const std::lock_guard lock{mutex_};
  if (profiles_.size() >= most && !profiles_.contains(slot)) return;
  profiles_.insert_or_assign(slot, opened{id, std::string{sealed}, std::move(text), now});
}

void opened_profiles::drop_old(time now) {
  const std::lock_guard lock{mutex_};
  std::erase_if(profiles_, [&](const auto& each) { return each.second.since + kept_for <= now; });
}

}  // namespace cruddur::sql
