// What should have ended while no server ran.
#pragma once

#include "main/identity.hpp"
#include "main/process.hpp"
#include "main/use_cases.hpp"

namespace cruddur {

// Deletes what has expired or was removed, destroys the keys of all that has ended, and forgets
// what is over in the local user pool. Blocks until that is done, however much there is; tells the
// log of its progress every two seconds. Where another server goes on sweeping, it is left to that
// one after five seconds; where a store fails, to the jobs, after a line in the log.
//
// May be cut short at any point: the next start goes on with the rest.
void carry_out_overdue_ends(process& process, use_cases& use_cases, identity& identity);

}  // namespace cruddur
