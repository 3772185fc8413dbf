// The newest live roots, read without passing over those that have expired and are not yet swept.
//
// The index holds roots by the class of their lifetime and then by id. An id is not older than its
// row's created_at, so of one lifetime those that can still live are the ids from a floor on: one
// range for each lifetime, merged. A row whose lifetime is none of the seven stands with the next
// longer one.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/sql/database.hpp"
#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "domain/time_to_live.hpp"

namespace cruddur::sql {

// A person's activities as their index gives them: posts, the newest of a class first, then
// replies.
inline constexpr char order_of_author[] = "lifetime_class DESC, uuid DESC";

// The class of a root: 0 for the shortest lifetime, the last for what lives longer than any.
std::int64_t lifetime_class(time_point created_at, time_point expires_at);

inline constexpr std::int64_t class_of_replies = -1;

// The following are text for a FROM clause.

// Gives the $4 newest roots `a` with an id below $3 that live at $2 and meet `condition`. $5 … $12
// are the floors.
dialects newest_live_roots(const std::string& condition);

// As above, on no condition, and of each only `a.uuid`.
dialects newest_live_root_ids();

// As newest_live_roots(), of one author: a parameter's name.
dialects newest_live_roots_of(const std::string& author);

// Appends the floors: for each lifetime the least id that may live at `now`, and never one below
// `oldest`.
void append_floors(parameters& values, time_point now, uuid oldest = {});

}  // namespace cruddur::sql
