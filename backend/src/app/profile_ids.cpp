#include "app/profile_ids.hpp"

namespace cruddur {

task<result<std::optional<uuid>>> profile_ids::find(uuid identity) {
  if (const auto known = known_.find(identity)) co_return *known;
  const auto found = co_await store_.find_id(identity);
  if (found && *found) known_.put(identity, **found, [](const uuid&) { return false; });
  co_return found;
}

}  // namespace cruddur
