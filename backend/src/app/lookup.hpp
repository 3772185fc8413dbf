#pragma once

#include "domain/request_context.hpp"
#include "ports/activity_store.hpp"

namespace cruddur {

// The live activity, tombstones included. Faults: gone (activity_expired, activity_deleted),
// not_found (activity_not_found).
task<result<activity>> find_live(activity_store& store, request_context context, uuid id);

// The fault for an activity that a change did not find live: why it is not.
task<fault> why_not_live(activity_store& store, request_context context, uuid id);

}  // namespace cruddur
