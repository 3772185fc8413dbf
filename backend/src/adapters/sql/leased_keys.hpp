// Keys in a file that are given out and destroyed only while the lease on it is good.
#pragma once

#include <memory>

#include "adapters/sql/key_lease.hpp"
#include "ports/content_keys.hpp"

namespace cruddur::sql {

// Loading goes on without the lease: it changes nothing. The lease outlives the keys.
std::unique_ptr<content_keys> lease_keys(std::unique_ptr<content_keys> keys,
                                         const key_lease& lease);

}  // namespace cruddur::sql
