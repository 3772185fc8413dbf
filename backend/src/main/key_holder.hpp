// Holding a key file against other machines (adapters/sql/key_lease.hpp).
#pragma once

#include <functional>
#include <memory>

#include "adapters/sql/key_lease.hpp"
#include "base/fault.hpp"
#include "main/keys.hpp"
#include "main/process.hpp"
#include "runtime/scheduler.hpp"

namespace cruddur {

// Null where no other server can have the database: with SQLite, or keys that several may use. The
// key file must be open, so that nobody else on this machine has it: a lease that an earlier
// process left for the same file is taken over at once. That of another machine is waited for until
// it lapses, 30 seconds at most, and not at all without patience. Fault, in words for the operator:
// another server lives.
result<std::unique_ptr<sql::key_lease>> hold_keys(process& process, sql::database& database,
                                                  patience patience);

// The same for a command, without patience: renewed while it works, and given up at its end.
class key_holding {
 public:
  static result<std::unique_ptr<key_holding>> begin(process& process, sql::database& database);
  ~key_holding();

 private:
  explicit key_holding(process& process) : process_{process} {}

  process& process_;
  std::unique_ptr<sql::key_lease> lease_;
  std::unique_ptr<runtime::scheduler> renewals_;
};

// So that a server elsewhere need not wait. Waits for the database for a moment only.
void release_lease(process& process, sql::key_lease& lease);

// For the scheduler of whoever holds the lease. `on_lost` is called once, when another has it.
runtime::scheduler::job renewal_job(sql::key_lease& lease, std::function<void()> on_lost);

}  // namespace cruddur
