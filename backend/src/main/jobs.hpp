// What runs beside the requests, until the scheduler is stopped.
#pragma once

#include "main/identity.hpp"
#include "main/process.hpp"
#include "main/storage.hpp"
#include "main/use_cases.hpp"
#include "runtime/scheduler.hpp"

namespace cruddur {

// The sweep of expired posts, the end of keys, the home feed's loads, and the upkeep of the local
// user pool. All outlive the process's loops.
void add_jobs(runtime::scheduler& scheduler, process& process, storage& storage,
              use_cases& use_cases, identity& identity);

}  // namespace cruddur
